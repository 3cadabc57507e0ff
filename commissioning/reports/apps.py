from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "commissioning.reports"
    label = "reports"

    def ready(self) -> None:
        """From the first request on, core.pdf knows when one is answered; and pages below learn of reports."""
        import commissioning.core.pdf  # noqa: F401
        from commissioning.overview.board import answer_reports
        from commissioning.reports.queries import issued_of_months, latest_lines
        from finance.queries.issued import answer_issued

        answer_reports(latest_lines)
        answer_issued(issued_of_months)
