"""Ending sessions: every one at once, in the transaction of whatever is the reason."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from commissioning.accounts.models import User


def end_all(user: User) -> None:
    """Every session of the user ends as this transaction commits, wherever its cookie is kept."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    UserSession.objects.filter(user=user).delete()


def end_others(request: HttpRequest, user: User) -> None:
    """All but the session of this request, which gets a new key."""
    end_all(user)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def renew_key(request: HttpRequest) -> None:
    """A new key for this session, as what it may do changes: one that leaked before is worth nothing."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
