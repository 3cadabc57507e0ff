"""`manage.py flush`: emptying tables is the owner's; the application's role may not."""

from typing import Any

from django.core.management.commands import flush

from commissioning.core import database


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with database.owner():
            super().handle(**options)
