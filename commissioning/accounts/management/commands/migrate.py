"""`manage.py migrate`: as the owner of the tables, then the walls and the rights of the application's role."""

from typing import Any

from django.core.management.commands import migrate

from commissioning.accounts import walls
from commissioning.core import database


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with database.owner():
            database.make_application_role()
            super().handle(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                walls.sync()
