from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "commissioning.overview"
    label = "overview"

    def ready(self) -> None:
        """The list of people asks for money and life beside each name; the answers are here, above both."""
        from commissioning.overview.beside_people import life_beside, life_heading, money_beside
        from people.figures import answer_life, answer_money

        answer_money(money_beside)
        answer_life(life_beside, life_heading)
