"""What changes people's rights: requests, holds, how long records are kept, copies, erasures."""

from commissioning.rights.actions.erasures import (
    approve_erasure,
    ask_for_erasure,
    erase,
    erase_again,
    withdraw_erasure,
)
from commissioning.rights.actions.exports import (
    TextChoice,
    approve_export,
    ask_for_approval,
    begin_export,
    decide_columns,
    decide_texts,
    expire_exports,
    make_export,
    send_back,
    take_copy,
)
from commissioning.rights.actions.holds import lift_hold, place_hold
from commissioning.rights.actions.requests import extend_request, finish_request, log_request, record_identity
from commissioning.rights.actions.retention import keep_longer, set_years

__all__ = [
    "TextChoice",
    "approve_erasure",
    "approve_export",
    "ask_for_approval",
    "ask_for_erasure",
    "begin_export",
    "decide_columns",
    "decide_texts",
    "erase",
    "erase_again",
    "expire_exports",
    "extend_request",
    "finish_request",
    "keep_longer",
    "lift_hold",
    "log_request",
    "make_export",
    "place_hold",
    "record_identity",
    "send_back",
    "set_years",
    "take_copy",
    "withdraw_erasure",
]
