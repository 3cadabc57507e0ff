"""The only writers of accounts, roles and a partnership's settings. Those of others need the administrator's role."""

from commissioning.accounts.actions.closing import close_account, open_account, reset_second_step
from commissioning.accounts.actions.inviting import (
    accept_invitation,
    accept_waiting,
    found_partnership,
    invite,
    send_letters_again,
    send_link_again,
)
from commissioning.accounts.actions.own import keep_recovery_codes, sign_out_everywhere
from commissioning.accounts.actions.partnership import add_organisation, change_code, change_partnership
from commissioning.accounts.actions.roles import change_dates, end_membership, give_role

__all__ = [
    "accept_invitation",
    "accept_waiting",
    "add_organisation",
    "change_code",
    "change_dates",
    "change_partnership",
    "close_account",
    "end_membership",
    "found_partnership",
    "give_role",
    "invite",
    "keep_recovery_codes",
    "open_account",
    "reset_second_step",
    "send_letters_again",
    "send_link_again",
    "sign_out_everywhere",
]
