from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "commissioning.core"
    label = "core"

    def ready(self) -> None:
        from commissioning.core import deployment  # noqa: F401  registers the system check
