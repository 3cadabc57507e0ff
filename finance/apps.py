from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"

    def ready(self) -> None:
        """Contracts' pages ask how many places each buys; the answer is here, above them."""
        from finance.queries.places import places_bought
        from providers.supported import places_counted_by

        places_counted_by(places_bought)
