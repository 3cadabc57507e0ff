"""The navigation shows a role what its routes let it open, and nothing that is not there."""

from django.urls import reverse

from commissioning.accounts import navigation
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.accounts.navigation import Entry


def texts(membership: Membership, path: str = "/") -> list[str]:
    return [link.text for link in navigation.links(Actor.of(membership), path)]


def test_it_shows_an_administrator_accounts_and_settings(adam: Membership) -> None:
    shown = texts(adam)
    assert {"Home", "Users", "Settings"} <= set(shown)
    assert not {"People", "Money", "Incidents"} & set(shown)


def test_it_shows_others_no_accounts(alice: Membership, mabel: Membership) -> None:
    assert not {"Users", "Settings"} & set(texts(alice))
    assert not {"Users", "Settings", "Money", "Providers"} & set(texts(mabel))


def test_it_marks_the_entry_that_one_is_in(adam: Membership) -> None:
    current = [link.text for link in navigation.links(Actor.of(adam), "/users/invite/") if link.is_current]
    assert current == ["Users"]
    assert [link.text for link in navigation.links(Actor.of(adam), "/") if link.is_current] == ["Home"]


def test_it_leaves_out_pages_that_do_not_exist(alice: Membership) -> None:
    entry = Entry("no_such_page", "Nowhere")
    assert not navigation.may_open(Actor.of(alice), entry.url_name)
    assert navigation.address_of(entry.url_name) == ""


def test_it_shows_nothing_to_somebody_without_a_role() -> None:
    assert navigation.links(None, "/") == []
    assert navigation.may_open(None, "help")
    assert not navigation.may_open(None, "users")


def test_it_names_a_persons_pages_without_money_for_those_who_see_no_prices(
    alice: Membership, mabel: Membership
) -> None:
    money = [link.text for link in navigation.person_links(Actor.of(alice), "JO", "/people/JO/plan/")]
    life = [link.text for link in navigation.person_links(Actor.of(mabel), "JO", "/people/JO/plan/")]
    assert "Placements and costs" in money
    assert "Placements" in life
    assert not any("cost" in text.lower() or "money" in text.lower() for text in life)


def test_it_gathers_the_pages_about_money_behind_one_entry(
    finn: Membership, adam: Membership, mabel: Membership
) -> None:
    payments = reverse("payments_suppliers")
    assert [link.text for link in navigation.links(Actor.of(finn), payments) if link.is_current] == ["Money"]
    tabs = navigation.money_links(Actor.of(finn), payments)
    assert {"Costs", "Payments"} <= {link.text for link in tabs}
    assert [link.text for link in tabs if link.is_current] == ["Payments"]
    for nobody in (Actor.of(adam), Actor.of(mabel), None):
        assert navigation.money_links(nobody, payments) == []


def test_it_offers_a_search_to_those_who_see_records(alice: Membership, adam: Membership, bea: Membership) -> None:
    assert navigation.search_address(Actor.of(alice))
    assert not navigation.search_address(Actor.of(adam))
    assert not navigation.search_address(Actor.of(bea))
    assert not navigation.search_address(None)
