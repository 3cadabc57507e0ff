"""E-mail: sent by a worker, and where the mail server does not take it, why, in words a person can act on."""

import smtplib
from typing import ClassVar

from django.core.mail import send_mail

from commissioning.core.errors import TryLater

LONGEST_ANSWER = 200


class NotSent(TryLater):
    """The mail server did not take a letter. It is tried a minute later, then after a quarter of an hour: time for a
    server to start again, and for one that turns away whom it does not know at first.
    """

    minutes: ClassVar[tuple[int, ...]] = (1, 15)


def send(subject: str, body: str, to: str) -> None:
    """Hand one letter to the mail server. Raises NotSent, saying why, when it is not taken."""
    try:
        send_mail(subject, body, None, [to])
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(reason(error)) from error


def reason(error: Exception) -> str:
    """What a mail server, or the way to it, said; never the letter."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server did not accept the name and password that As One has for it"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()), (550, b""))
        return f"The mail server refused the address: {_answer(code, answer)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server refused it: {_answer(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPException):
        return "The mail server broke off"
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time"
    return "The mail server could not be reached"


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:LONGEST_ANSWER].strip()
