"""Which passwords are taken, and how they are kept."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse

from commissioning.accounts import breached, passwords
from commissioning.accounts.models import Membership, User
from commissioning.core.deployment import TAG
from commissioning.tests.fixtures import signed_in

REAL = override_settings(PASSWORD_HASHERS=["commissioning.accounts.passwords.PasswordHasher"])

TAKEN = [
    "goat kettle tuesday",
    "correct horse battery",
    "twelve chars",
    "ünïcödé is fine as well",
    "1846 2953 0718 62",
    "x" * 64 + secrets.token_hex(32),
]
REFUSED = {
    "short": "shortest11!",
    "common": "international",
    "numbered": "password1234",
    "repeated": "passwordpassword",
    "with signs for letters": "P@ssw0rd2026!!",
    "our own name": "together-as-one",
    "our own name, numbered": "AsOne2026AsOne2026",
    "one letter": "aaaaaaaaaaaaaaaa",
    "a run of numbers": "123456789012",
    "a run of letters": "abcdefghijklm",
    "a run of keys": "qwertyuiop12",
    "backwards": "poiuytrewq987",
    "the address": "alice.commissioner",
}


@pytest.mark.parametrize("password", TAKEN)
def test_it_takes_long_passwords_of_any_kind(password: str) -> None:
    validate_password(password, User(email="alice.commissioner@example.org", name="Alice Commissioner"))


@pytest.mark.parametrize("kind", REFUSED)
def test_it_refuses_what_a_guesser_tries_first(kind: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(REFUSED[kind], User(email="alice.commissioner@example.org", name="Alice Commissioner"))


def test_a_long_password_works_in_full(alice: Membership) -> None:
    """128 characters and more, spaces at the ends included, pasted whole."""
    long = " " + secrets.token_hex(80) + " "
    sent = {"oldpassword": "correct horse battery", "password1": long, "password2": long}
    signed_in(alice).post(reverse("account_change_password"), sent)
    alice.user.refresh_from_db()
    assert alice.user.check_password(long) and not alice.user.check_password(long[:-2])


def test_the_fields_allow_pasting_and_password_managers_and_can_be_shown(client: Client, db: None) -> None:
    html = client.get(reverse("account_login")).content.decode()
    assert 'autocomplete="current-password"' in html and 'data-module="govuk-password-input"' in html
    assert "onpaste" not in html and "maxlength" not in html.split('id="id_password"')[1].split(">")[0]


@REAL
def test_it_keeps_them_by_argon2_above_what_owasp_asks() -> None:
    kept = make_password("goat kettle tuesday")
    hasher = passwords.PasswordHasher()
    figures = hasher.decode(kept)
    assert kept.startswith("argon2$argon2id$")
    assert figures["memory_cost"] >= 19 * 1024 and figures["time_cost"] >= 2 and figures["parallelism"] >= 1
    assert check_password("goat kettle tuesday", kept) and not check_password("goat kettle", kept)


@REAL
def test_it_keeps_a_password_anew_when_more_is_asked(alice: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.user.set_password("goat kettle tuesday")
    alice.user.save()
    before = alice.user.password
    monkeypatch.setattr(passwords.PasswordHasher, "time_cost", 4)
    typed = {"login": alice.user.email, "password": "goat kettle tuesday"}
    browser = Client()
    browser.post(reverse("account_login"), typed)
    alice.user.refresh_from_db()
    assert alice.user.password != before and "t=4" in alice.user.password
    assert browser.get(reverse("account")).status_code == 200, "the session goes on"


class TestStolen:
    """A list of SHA-1s, in order, as those who collect stolen passwords give it out."""

    KEPT = ("goat kettle tuesday", "window pepper seventeen", "correct horse battery", "ünïcödé is fine as well")

    @pytest.fixture
    def listed(self, tmp_path: Path, settings: Any) -> Path:
        noise = [f"made up {number} for this test" for number in range(3000)]
        hashes = sorted(
            hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest().upper() for each in [*noise, *self.KEPT]
        )
        path = tmp_path / "stolen.txt"
        path.write_text("".join(f"{each}:{len(each) % 7 + place}\r\n" for place, each in enumerate(hashes)))
        settings.BREACHED_PASSWORDS = path
        return path

    def test_it_refuses_each_one_on_the_list_and_no_other(self, listed: Path) -> None:
        for password in (*self.KEPT, *(f"made up {number} for this test" for number in range(3000))):
            assert breached.is_listed(password, listed), password
        for number in range(3000, 6000):
            assert not breached.is_listed(f"made up {number} for this test", listed)

    @pytest.mark.parametrize("lines", [0, 1, 2])
    def test_it_reads_a_list_of_any_length_with_or_without_counts(self, tmp_path: Path, lines: int) -> None:
        words = ["one made up", "two made up"]
        hashes = sorted(hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest() for each in words[:lines])
        path = tmp_path / "short.txt"
        path.write_text("\n".join(hashes))
        assert [breached.is_listed(each, path) for each in words] == [place < lines for place in range(2)]

    @pytest.mark.usefixtures("listed")
    def test_somebody_is_told_and_keeps_the_password_they_have(self, alice: Membership) -> None:
        sent = {"oldpassword": "correct horse battery", "password1": self.KEPT[1], "password2": self.KEPT[1]}
        html = signed_in(alice).post(reverse("account_change_password"), sent).content.decode()
        assert "stolen from another site" in html
        alice.user.refresh_from_db()
        assert alice.user.check_password("correct horse battery")

    def test_without_a_list_nothing_is_asked(self) -> None:
        validate_password(self.KEPT[0])

    def test_it_does_not_start_without_the_list_it_was_told_of(self, tmp_path: Path, settings: Any) -> None:
        settings.BREACHED_PASSWORDS = tmp_path / "none.txt"
        assert [each.id for each in run_checks(tags=[TAG])] == ["accounts.E002"]
        settings.BREACHED_PASSWORDS.write_text("password\n")
        assert "40 hexadecimal digits" in str(run_checks(tags=[TAG])[0].msg)
        settings.BREACHED_PASSWORDS.write_text(f"{'0' * 40}:12\r\n")
        assert run_checks(tags=[TAG]) == []
