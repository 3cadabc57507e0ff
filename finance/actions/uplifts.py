"""An annual uplift: many prices change from one day, all or none, and go back as they were in one act."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import serializers
from django.db import transaction
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.accounts.permissions import require_commissioner
from commissioning.audit import history
from commissioning.core.editing import lock as lock_record
from commissioning.core.errors import Refused
from commissioning.core.money import LARGEST, round_half_away
from commissioning.core.periods import words
from finance.actions.lines import change_price
from finance.models import CostLine, FundingShare, Uplift
from finance.queries.book import open_book
from finance.queries.uplifts import Preview, Proposed, preview_of, proposed_lines
from providers.models import Contract

PERCENT = Decimal(100)


@dataclass(frozen=True)
class NewUplift:
    """An uplift as somebody enters it: from a day, of a contract's or a provider's prices or of all; percentages.

    `left_out` are the numbers of lines that stay as they are, with the reason in words.
    """

    start: dt.date
    pay_share: Decimal
    pay_uplift: Decimal
    other_uplift: Decimal
    contract: Contract | None = None
    provider: Organisation | None = None
    left_out: tuple[tuple[int, str], ...] = ()


def uplifted(amount: Decimal, new: NewUplift) -> Decimal:
    """The price after the uplift, to the penny, halves away from zero: pay and the rest each by their percentage."""
    rise = new.pay_share * new.pay_uplift + (PERCENT - new.pay_share) * new.other_uplift
    scaled = int((amount * PERCENT * (PERCENT * PERCENT + rise) * 10**8).to_integral_exact())
    return Decimal(round_half_away(scaled, 10**12)).scaleb(-2)


@transaction.atomic
def apply_uplift(*, new: NewUplift, shown: str, by: Actor) -> Uplift | Preview:
    """Change every price of the scope from the day, if that is just what was shown.

    Returns the preview instead, with nothing saved, where `shown` is not its fingerprint. The prices are really changed
    and, where they must be shown first, put back: what is shown is what would be saved. Raises Refused for an uplift
    that changes nothing, or makes a price too large.
    """
    require_commissioner(by)
    Partnership.objects.select_for_update(no_key=True).get(pk=by.partnership.pk)
    _check(new)
    before = open_book(by)
    proposed = proposed_lines(by, new.start, new.contract, new.provider, dict(new.left_out))
    changing = [each for each in proposed if not each.why]
    if not changing:
        raise Refused("No price in this choice can be uplifted from this day. Choose another day or another scope")
    with history.said(by=by.name, reason=f"Uplift from {words(new.start)}"):
        kept = [_change(each, new, by) for each in changing]
        uplift = Uplift.objects.create(
            partnership=by.partnership, start=new.start, contract=new.contract, provider=new.provider,
            pay_share=new.pay_share, pay_uplift=new.pay_uplift, other_uplift=new.other_uplift, lines=kept,
            left_out=[{"line": each.line.pk, "reference": each.line.reference, "why": each.why}
                      for each in proposed if each.why],
            made_by_name=by.name,
        )  # fmt: skip
    amounts = {row["line"]: row["amount"] for row in kept}
    preview = preview_of(by, before, open_book(by), proposed, amounts, new.start, timezone.localdate())
    if shown == preview.fingerprint:
        return uplift
    transaction.set_rollback(True)
    return preview


@transaction.atomic
def undo_uplift(*, uplift: Uplift, version: str | None = None, by: Actor) -> Uplift:
    """Put every price back exactly as it was. Raises Refused, naming them, where one was changed since."""
    require_commissioner(by)
    uplift = lock_record(uplift, version)
    if uplift.undone_at is not None:
        raise Refused("This uplift was undone already")
    moved = [row["reference"] for row in uplift.lines if not _stands(row)]
    if moved:
        raise Refused(f"Changed since the uplift: {', '.join(moved)}. Put that back first, then undo the uplift")
    with history.said(by=by.name, reason=f"Uplift from {words(uplift.start)} undone"):
        for row in uplift.lines:
            _put_back(row)
        uplift.undone_at, uplift.undone_by_name = timezone.now(), by.name
        uplift.save()
    return uplift


def _check(new: NewUplift) -> None:
    if new.contract is not None and new.provider is not None:
        raise Refused("Choose a contract or a provider, not both", field="provider")
    if not 0 <= new.pay_share <= PERCENT:
        raise Refused("Enter a percentage from 0 to 100", field="pay_share")
    if not new.pay_share * new.pay_uplift + (PERCENT - new.pay_share) * new.other_uplift:
        raise Refused("With these percentages no price changes", field="pay_uplift")


def _change(each: Proposed, new: NewUplift, by: Actor) -> dict[str, Any]:
    """Change one price, and say all that putting it back needs."""
    line, was, amount = each.line, each.line.amount, uplifted(each.line.amount, new)
    if abs(amount) > LARGEST:
        raise Refused(f"{line.reference} would cost more than £{LARGEST:,}", field="pay_uplift")
    before = _rows([line, *line.shares.order_by("pk")])
    following = change_price(
        line=line, amount=amount, units_per_week=line.units_per_week, start=new.start,
        reason=CostLine.Reason.UPLIFT, by=by,
    )  # fmt: skip
    after = _rows([line, *line.shares.order_by("pk"), following, *following.shares.order_by("pk")])
    return {
        "line": line.pk, "reference": line.reference, "following": following.pk, "was": str(was),
        "amount": str(amount),
        "before": before, "after": after,
    }  # fmt: skip


def _rows(records: Iterable[CostLine | FundingShare]) -> str:
    """Records with every column, as they are in the database."""
    fresh = [type(each)._default_manager.get(pk=each.pk) for each in records]
    return str(serializers.serialize("json", fresh))


def _stands(row: dict[str, Any]) -> bool:
    """Whether both prices and their shares are just as the uplift left them."""
    lines = list(CostLine.objects.select_for_update(of=("self",)).filter(pk__in=[row["line"], row["following"]]))
    if len(lines) != 2:
        return False
    old, following = sorted(lines, key=lambda each: each.pk != row["line"])
    later = CostLine.objects.filter(instead_of__in=lines).exists()
    now = _rows([old, *old.shares.order_by("pk"), following, *following.shares.order_by("pk")])
    return now == row["after"] and not later


def _put_back(row: dict[str, Any]) -> None:
    CostLine.objects.get(pk=row["following"]).delete()
    FundingShare.objects.filter(line=row["line"]).delete()
    for each in serializers.deserialize("json", row["before"]):
        each.save()
