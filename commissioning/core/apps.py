from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "commissioning.core"
    label = "core"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from commissioning.core import deployment, limits  # noqa: F401  registers the system check

        connection_created.connect(limits.on_connection, dispatch_uid="core.limits")
