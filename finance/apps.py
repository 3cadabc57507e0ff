from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"

    def ready(self) -> None:
        """Apps below ask: how many places a contract buys, and what a death ends."""
        from finance.actions.endings import end_for_death
        from finance.queries.places import places_bought
        from people.deaths import after_a_death
        from providers.supported import places_counted_by

        places_counted_by(places_bought)
        after_a_death(end_for_death)
