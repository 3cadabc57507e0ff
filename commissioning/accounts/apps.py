from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AccountsConfig(AppConfig):
    name = "commissioning.accounts"
    label = "accounts"

    def ready(self) -> None:
        from commissioning.accounts import checks, signals, walls  # noqa: F401  registers system checks and receivers
        from commissioning.core import database, scope

        scope.carry_to(walls.walled_tables)
        connection_created.connect(database.on_connection, dispatch_uid="database role")
        connection_created.connect(scope.on_connection, dispatch_uid="scope")
