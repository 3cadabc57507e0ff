from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        """Providers' pages ask how many people each supports; the answer is here, above them."""
        from people.queries import supported_by, under_contract
        from providers.supported import counted_by

        counted_by(by_provider=supported_by, by_contract=under_contract)
