"""What somebody does to their own account."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from commissioning.accounts import sessions
from commissioning.accounts.models import User
from commissioning.accounts.second_step import KEPT, RECOVERY_CODES
from commissioning.core.errors import Refused


@transaction.atomic
def keep_recovery_codes(*, user: User) -> None:
    """The user says that the codes are kept. Raises Refused while there are none."""
    codes = Authenticator.objects.select_for_update().filter(user=user, type=RECOVERY_CODES).first()
    if codes is None:
        raise Refused("You have no recovery codes yet. Make some first")
    codes.data[KEPT] = True
    codes.save(update_fields=["data"])


@transaction.atomic
def sign_out_everywhere(*, user: User) -> None:
    """End every session of the user, this one too."""
    sessions.end_all(user)
