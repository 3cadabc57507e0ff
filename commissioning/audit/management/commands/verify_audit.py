"""`manage.py verify_audit [--head NUMBER:HASH …]`."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commissioning.audit import sealing
from commissioning.audit.sealing import Head, Verification
from commissioning.audit.sealing.checking import SHORTEST_HASH


def head(text: str) -> Head:
    """`12:9f86d081…`, as a working pack prints it; spaces do not matter."""
    number, _, digest = text.partition(":")
    digest = "".join(digest.split()).lower()
    if not number.strip().isdigit() or len(digest) < SHORTEST_HASH or set(digest) - set("0123456789abcdef"):
        raise ArgumentTypeError(
            f"“{text}” is not a seal. Give its number, a colon and its hash, as the working pack prints them "
            f"({SHORTEST_HASH} characters of the hash will do)."
        )
    return Head(int(number), digest)


class Command(BaseCommand):
    help = "Check every sealed row and every seal. Says what was changed, put in, removed or cut off; then ends with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head", type=head, action="append", default=[], metavar="NUMBER:HASH",
            help="a seal as a working pack prints it; may be given several times",
        )  # fmt: skip

    def handle(self, *_args: Any, head: list[Head], **_options: Any) -> None:
        found = sealing.verify(head)
        for line in _said(found, len(head)):
            self.stdout.write(line)
        if not found.is_intact:
            count = len(found.faults)
            faults = "\n".join(str(fault) for fault in found.faults)
            raise CommandError(f"{faults}\n{count:,} {'fault' if count == 1 else 'faults'}. The audit is not intact.")
        self.stdout.write("The audit is intact.")


def _said(found: Verification, heads: int) -> list[str]:
    lines = [f"{found.rows_sealed:,} rows under {found.seals:,} seals were checked."]
    if found.rows_erased:
        lines.append(f"{found.rows_erased:,} of them were lawfully erased:")
    for each in found.erasures:
        at = timezone.localtime(each.at)
        lines.append(f"  {at:%Y-%m-%d %H:%M}, asked by {each.by}, approved by {each.approved_by}: {each.reason}")
    if found.rows_waiting and found.waiting_since:
        since = f", the oldest from {timezone.localtime(found.waiting_since):%Y-%m-%d %H:%M}"
        lines.append(f"{found.rows_waiting:,} rows are not sealed yet{since}.")
    if found.head:
        lines.append(f"The last seal is {found.head}")
    if not heads:
        lines.append("No printed seal was given, so an end that was cut off cannot be seen. Give one with --head.")
    return lines
