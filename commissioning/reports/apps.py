from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "commissioning.reports"
    label = "reports"

    def ready(self) -> None:
        """From the first request on, core.pdf knows when one is answered; and the first page learns of reports."""
        import commissioning.core.pdf  # noqa: F401
        from commissioning.overview.board import answer_reports
        from commissioning.reports.queries import latest_lines

        answer_reports(latest_lines)
