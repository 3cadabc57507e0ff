"""Choosing which of one's roles to work in."""

from collections.abc import Sequence
from typing import Any

from commissioning.accounts.models import Membership
from commissioning.core.forms import ChoicesField, Form


class RoleChoiceForm(Form):
    submit_text = "Continue"

    membership = ChoicesField(label="Work as", missing="Choose the role to work in")

    def __init__(self, *args: Any, memberships: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), each.get_role_display()) for each in memberships]
        self.offer("membership", choices, hints={str(each.pk): _where(each) for each in memberships})


def _where(membership: Membership) -> str:
    if membership.organisation:
        return f"{membership.organisation}, {membership.partnership}"
    return str(membership.partnership)
