"""`manage.py example_sign_ins`: who can sign in to the example."""

from typing import Any

from django.core.management.base import BaseCommand

from commissioning.accounts.models import Role, User
from commissioning.demo.sign_ins import PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Print the example's sign-ins, a line for each role."

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(User.objects.filter(email__in=[each.email for each in SIGN_INS]).values_list("email", flat=True))
        shown = [each for each in SIGN_INS if each.email in known]
        if not shown:
            self.stdout.write("The example partnership is not loaded.")
            return
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for each in shown:
            self.stdout.write(f"  {each.email:<30} {Role(each.role).label}, {each.name}")
