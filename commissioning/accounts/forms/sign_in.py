"""django-allauth's forms in plain words. Each is named in settings (ACCOUNT_FORMS, MFA_FORMS)."""

from dataclasses import dataclass
from typing import ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter as get_second_step_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.http import HttpRequest

from commissioning.accounts import second_step
from commissioning.accounts.models import User
from commissioning.core import jobs
from commissioning.core.forms import PlainWords

# A code is right for half a minute (MFA_TOTP_TOLERANCE); one that was used is remembered for longer.
USED_CODES_KEPT_SECONDS = 150


@dataclass(frozen=True)
class Words:
    """What a field is called, the hint under it, and what is said when it is empty."""

    label: str
    empty: str
    hint: str = ""


EMAIL = Words("Email address", "Enter your email address")
PASSWORD = Words("Password", "Enter your password")
NEW_PASSWORD = Words(
    "New password",
    "Enter a new password",
    "12 characters or more; spaces and pasting are fine. Three words that do not belong together work well.",
)
OWN_NAME = Words("Your name", "Enter your name", "As colleagues and the people you support know you")
AGAIN = Words("New password again", "Enter the new password again")
CODE = Words("Code", "Enter the code", "6 digits from your authenticator app, or one of your recovery codes")
KEY_NAME = Words("Name", "Enter a name for this passkey", "Something you will know it by, like “Work laptop”")


class Worded(PlainWords):
    """Gives a form's fields our words, and takes away the words inside the boxes."""

    words: ClassVar[dict[str, Words]] = {}
    use_required_attribute = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever the form below takes
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                words = self.words[name]
                field.label, field.help_text = words.label, words.hint
                field.error_messages["required"] = words.empty


class SignInForm(Worded, account.LoginForm):  # type: ignore[misc]  # allauth ships no types, here and below
    words = {"login": EMAIL, "password": PASSWORD}


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": EMAIL}

    def save(self, request: HttpRequest, **_kwargs: object) -> str:
        """Leave the letter to the worker. The same is written for an address that has no account, so that the answer
        takes as long.
        """
        user_id = self.users[0].pk if self.users else None
        jobs.enqueue("accounts.send_password_link", user_id=user_id)
        return str(self.cleaned_data["email"])


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    words = {
        "oldpassword": Words("Password now", "Enter the password you have now"),
        "password1": NEW_PASSWORD,
        "password2": AGAIN,
    }


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": PASSWORD}


class InvitationForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The invited person's own name, and a first password."""

    words = {
        "name": OWN_NAME,
        "password1": Words("Password", "Enter a password", NEW_PASSWORD.hint),
        "password2": Words("Password again", "Enter the password again"),
    }
    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "password1", "password2")


class CodeOnce(Worded):
    """A code counts as a try before it is looked at, and one that was right is right once."""

    words = {"code": CODE}
    user: User

    def clean_code(self) -> str:
        limit = {"app": "allauth.account", "action": "second_step", "key": f"second-step:{self.user.pk}"}
        if not ratelimit.consume(context.request, **limit):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        plain = "".join(code.split())
        if not cache.add(f"second-step-used:{self.user.pk}:{plain}", True, timeout=USED_CODES_KEPT_SECONDS):
            raise get_second_step_adapter().validation_error("incorrect_code")
        ratelimit.clear(context.request, **limit)
        return code


class SecondFactorForm(CodeOnce, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorAgainForm(CodeOnce, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateAppForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    words = {
        "code": Words("Code from the app", "Enter the code that the app shows", "6 digits; it changes every 30 seconds")
    }

    def clean_code(self) -> str:
        code: str = super().clean_code()
        second_step.note_set_up(context.request)
        return code


class AddPasskeyForm(Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    words = {
        "name": KEY_NAME,
        "passwordless": Words("Let me sign in with this passkey alone, without my password", ""),
    }

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("credential"):
            second_step.note_set_up(context.request)
        return cleaned


class NamePasskeyForm(Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": KEY_NAME}
