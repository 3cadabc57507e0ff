from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "commissioning.reports"
    label = "reports"

    def ready(self) -> None:
        """From the first request on, core.pdf knows when one is being answered, and refuses to work then."""
        import commissioning.core.pdf  # noqa: F401
