"""django-allauth's forms in plain words. Each is named in settings (ACCOUNT_FORMS, MFA_FORMS)."""

from dataclasses import dataclass
from typing import ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

from commissioning.core.forms import PlainWords


@dataclass(frozen=True)
class Words:
    """What a field is called, the hint under it, and what is said when it is empty."""

    label: str
    empty: str
    hint: str = ""


EMAIL = Words("Email address", "Enter your email address")
PASSWORD = Words("Password", "Enter your password")
NEW_PASSWORD = Words(
    "New password", "Enter a new password", "12 characters or more. Three words that do not belong together work well."
)
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


class SecondFactorForm(Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    words = {"code": CODE}


class SecondFactorAgainForm(Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    words = {"code": CODE}


class ActivateAppForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    words = {
        "code": Words("Code from the app", "Enter the code that the app shows", "6 digits; it changes every 30 seconds")
    }


class AddPasskeyForm(Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    words = {
        "name": KEY_NAME,
        "passwordless": Words("Let me sign in with this passkey alone, without my password", ""),
    }


class NamePasskeyForm(Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": KEY_NAME}
