"""People's rights: the app, and what it adds to the first page."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "commissioning.rights"
    label = "rights"

    def ready(self) -> None:
        from commissioning.overview.queries.home.further import also_ask
        from commissioning.rights.queries import needs_of

        also_ask(needs_of)
