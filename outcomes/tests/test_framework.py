"""The framework that ships: few questions, plain, ours."""

from django.test import Client
from django.urls import reverse

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.tests.fixtures import signed_in
from outcomes import framework as shipped
from outcomes.actions import ensure_default_framework
from outcomes.models import Framework, Measure


def test_it_is_made_once(by_alice: Actor) -> None:
    first = ensure_default_framework(partnership=by_alice.partnership, by=by_alice)
    assert ensure_default_framework(partnership=by_alice.partnership, by=by_alice) == first
    assert first.measures.count() == len(shipped.MEASURES)


def test_it_is_few_and_covers_every_part_of_life(by_alice: Actor) -> None:
    framework = ensure_default_framework(partnership=by_alice.partnership, by=by_alice)
    life = [each for each in framework.measures.all() if each.is_life]
    assert len(life) <= 10
    assert {each.domain for each in life} == set(shipped.DOMAINS)
    assert framework.measures.filter(domain=Measure.PROCESS).count() == 5
    community = {each.aspect for each in life if each.domain == "Community"}
    assert community == {"activity", "quantity", "quality"}


def test_it_says_which_way_every_number_is_better() -> None:
    assert all(each.better for each in shipped.MEASURES if each.kind != Measure.Kind.WORDS)
    assert all(each.low_words and each.high_words for each in shipped.MEASURES if each.kind == Measure.Kind.SCALE)


def test_it_asks_by_name() -> None:
    assert all("{name}" in each.question for each in shipped.LIFE)
    measure = Measure(title="Home feels like their own", question="{name}’s home feels like {name}’s own")
    assert measure.asked_about("Jo") == "Jo’s home feels like Jo’s own"
    assert Measure(title="I live in a home that feels like mine").asked_about("Jo").startswith("I live")


def test_it_is_shown_to_everybody_with_a_role(bea: Membership, adam: Membership) -> None:
    for member in (bea, adam):
        page = signed_in(member).get(reverse("framework"))
        assert page.status_code == 200
        assert "material well-being" in page.content.decode()
    assert Framework.objects.count() == 1
    assert Client().get(reverse("framework")).status_code == 302
