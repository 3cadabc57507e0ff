"""Begin: a partnership and the administrator who invites everybody else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commissioning.accounts.actions import found_partnership
from commissioning.accounts.letters import invitation_link
from commissioning.core.errors import Refused


class Command(BaseCommand):
    help = "Add a partnership and its first administrator, and print the link that sets the administrator's password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="a short code for files and addresses, such as NEL")
        parser.add_argument("name", help="the partnership's name")
        parser.add_argument("--administrator", required=True, help="the administrator's email address")
        parser.add_argument("--administrator-name", required=True, help="the administrator's name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            membership = found_partnership(
                code=options["code"],
                name=options["name"],
                administrator_name=options["administrator_name"],
                administrator_email=options["administrator"],
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{membership.partnership} is ready.")
        if membership.user.has_usable_password():
            self.stdout.write(f"{membership.user} signs in as before, and changes role in the menu under their name.")
        else:
            link = invitation_link(membership.invitation)
            self.stdout.write(f"{membership.user} comes in here, once, within 7 days: {link}")
