#!/usr/bin/env python
"""Django's command line for this project. `./run manage …` also sets up the database."""

import getpass
import os
import sys

# What changes no record, or (migrations) runs statements that must reach the database as they are written. What a
# migration changes is kept with the database role that ran it.
NEEDS_NO_NAME = {"", "check", "collectstatic", "compilemessages", "help", "makemigrations", "migrate", "runserver"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commissioning.settings")
    from django.core.management import execute_from_command_line

    command = next(iter(sys.argv[1:]), "")
    if command in NEEDS_NO_NAME:
        execute_from_command_line(sys.argv)
        return
    from commissioning.audit import history

    with history.said(by=f"manage.py {command}, run by {_person()}", reason="From the command line"):
        execute_from_command_line(sys.argv)


def _person() -> str:
    """The account of the machine; in a container it may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


if __name__ == "__main__":
    main()
