"""Signing in: in plain words, by invitation only, locked after wrong attempts, with a second step."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from commissioning.accounts.models import Membership, Role, User
from commissioning.core.models import Job
from commissioning.tests.fixtures import make_member, signed_in

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    cache.clear()


def sign_in(browser: Client, email: str, password: str = PASSWORD) -> str:
    response = browser.post(reverse("account_login"), {"login": email, "password": password}, follow=True)
    return response.content.decode()


def test_it_signs_in_and_out(client: Client, alice: Membership) -> None:
    sign_in(client, alice.user.email)
    assert client.get(reverse("account")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("account")).status_code == 302


def test_it_does_not_sign_out_by_a_mere_link(client: Client, alice: Membership) -> None:
    sign_in(client, alice.user.email)
    assert "Stay signed in" in client.get(reverse("account_logout")).content.decode()
    assert client.get(reverse("account")).status_code == 200


def test_it_does_not_say_whether_the_address_or_the_password_is_wrong(client: Client, alice: Membership) -> None:
    said = "The email address or the password is not right"
    assert said in sign_in(client, alice.user.email, "something else")
    assert said in sign_in(client, "nobody@example.org")


def test_it_names_the_fields_that_were_left_empty(client: Client, db: None) -> None:
    html = client.post(reverse("account_login"), {}).content.decode()
    assert '<a href="#id_login">Enter your email address</a>' in html
    assert '<a href="#id_password">Enter your password</a>' in html


def test_it_locks_after_five_wrong_passwords_even_for_the_right_one(client: Client, alice: Membership) -> None:
    for _ in range(5):
        sign_in(client, alice.user.email, "something else")
    assert "Too many wrong attempts. Wait five minutes" in sign_in(client, alice.user.email)
    assert client.get(reverse("account")).status_code == 302


def test_it_lets_nobody_sign_up(client: Client, db: None) -> None:
    page = client.get(reverse("account_signup"))
    assert "Accounts are made by your partnership" in page.content.decode()
    client.post(reverse("account_signup"), {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["account_email", "account_set_password", "account_request_login_code"])
def test_it_has_no_page_for_what_an_administrator_does(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_it_refuses_a_closed_account(client: Client, alice: Membership) -> None:
    alice.user.is_active = False
    alice.user.save()
    assert "This account is closed" in sign_in(client, alice.user.email)


def test_it_sends_a_link_by_the_worker_and_says_the_same_to_a_stranger(client: Client, alice: Membership) -> None:
    known = client.post(reverse("account_reset_password"), {"email": alice.user.email}, follow=True).content
    assert Job.objects.get().arguments == {"user_id": alice.user.pk}
    stranger = Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True).content
    assert b"Look in your email" in known
    assert b"Look in your email" in stranger
    assert Job.objects.latest("pk").arguments == {"user_id": None}


def test_it_changes_a_password_and_says_what_is_wrong_with_a_weak_one(alice: Membership) -> None:
    browser = signed_in(alice)
    address = reverse("account_change_password")
    weak = browser.post(address, {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert "at least 12 characters" in weak.content.decode()
    new = "goat kettle tuesday"
    browser.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    alice.user.refresh_from_db()
    assert alice.user.check_password("goat kettle tuesday")


def test_it_asks_for_the_second_step(client: Client, alice: Membership) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice.user, secret)
    assert "Enter your code" in sign_in(client, alice.user.email)
    assert client.get(reverse("account")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "That code is not right" in wrong
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post(reverse("mfa_authenticate"), {"code": format_hotp_value(hotp_value(secret, counter))})
    assert client.get(reverse("account")).status_code == 200


def test_it_asks_for_the_password_again_before_pages_of_the_second_step(client: Client, alice: Membership) -> None:
    sign_in(client, alice.user.email)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()
    assert "Confirm that it is you" in client.get(reverse("mfa_add_webauthn"), follow=True).content.decode()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "usersessions_list"):
        assert client.get(reverse(name)).status_code == 200, name
    TOTP.activate(alice.user, generate_totp_secret())
    assert Authenticator.objects.filter(user=alice.user).exists()
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name)).status_code == 200, name


def test_it_runs_no_script_inside_a_page(client: Client, alice: Membership) -> None:
    for html in (client.get(reverse("account_login")).content.decode(), sign_in(client, alice.user.email)):
        for tag in html.split("<script")[1:]:
            assert "src=" in tag.split(">")[0] or 'type="application/json"' in tag.split(">")[0]
        assert " style=" not in html


class TestRole:
    def test_it_changes_role_for_this_session(self, client: Client, alice: Membership) -> None:
        second = Membership.objects.create(
            user=alice.user, partnership=alice.partnership, role=Role.ADMINISTRATOR, starts_on=alice.starts_on
        )
        sign_in(client, alice.user.email)
        client.post(reverse("choose_role"), {"membership": str(alice.pk)})
        assert client.get(reverse("users")).status_code == 403
        client.post(reverse("choose_role"), {"membership": str(second.pk)})
        assert client.get(reverse("users")).status_code == 200

    def test_it_takes_only_ones_own_roles(self, client: Client, alice: Membership, adam: Membership) -> None:
        sign_in(client, alice.user.email)
        response = client.post(reverse("choose_role"), {"membership": str(adam.pk)})
        assert "Choose work as from the list" not in response.content.decode()
        assert "govuk-error-summary" in response.content.decode()
        assert client.get(reverse("users")).status_code == 403

    def test_it_tells_somebody_without_a_role_what_to_do(self, client: Client, db: None) -> None:
        User.objects.create_user("new@example.org", PASSWORD, name="New Person")
        sign_in(client, "new@example.org")
        assert "You have no role today" in client.get(reverse("account")).content.decode()
        assert "You have no role today" in client.get(reverse("choose_role")).content.decode()


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy", "whats_new"])
def test_it_lets_anybody_read_about_as_one(client: Client, db: None, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


def test_it_finds_what_is_new_in_the_change_log() -> None:
    from commissioning.accounts.news import read_news

    text = "# Log\n\n## 1.1, 2 December 2026\n\n- **Faster** pages, see [the guide](x.md)\n  and more\n\n## Empty\n"
    (release,) = read_news(text)
    assert release.heading == "1.1, 2 December 2026"
    assert release.changes == ("Faster pages, see the guide and more",)


def test_it_keeps_other_partnerships_out_of_the_menu(alice: Membership, elsewhere: object) -> None:
    make_member(alice.partnership, Role.BOARD_MEMBER, "Another Member")
    html = signed_in(alice).get(reverse("account")).content.decode()
    assert "Elsewhere" not in html
