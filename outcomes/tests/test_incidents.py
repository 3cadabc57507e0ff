"""Incidents: recorded by those who were there, found in the right placement, changed without overwriting."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation
from commissioning.core.periods import Month
from commissioning.tests.fixtures import make_placement, signed_in
from commissioning.tests.forms import opened, version_in
from outcomes.actions.incidents import IncidentFacts, record_incident
from outcomes.models import Incident
from outcomes.queries import incident_counts, incidents_by_month
from people.models import ClinicalInvolvement, Person, Placement

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


def post_of(day: dt.date = YESTERDAY, **changed: str) -> dict[str, str]:
    return {
        "occurred_on_day": str(day.day),
        "occurred_on_month": str(day.month),
        "occurred_on_year": str(day.year),
        "kind": "property",
        "severity": "2",
        "restrictive_practice": "no",
        "note": "A chair was broken. A walk helped.",
        **changed,
    }


def record(client: Client, **changed: str) -> str:
    return client.post(reverse("incident_record", args=["JO"]), post_of() | changed, follow=True).content.decode()


def test_it_records_an_incident_with_a_reference_and_its_placement(as_sam: Client, jos_home: Placement) -> None:
    assert "The incident is recorded" in record(as_sam)
    record(as_sam, kind="police", severity="3")
    first, second = Incident.objects.order_by("pk")
    assert first.reference != second.reference
    assert first.placement == jos_home
    assert first.restrictive_practice is False


def test_its_reference_tells_nobody_how_many_there_are(as_sam: Client, jos_home: Placement) -> None:
    for _ in range(2):
        record(as_sam)
    first, second = Incident.objects.values_list("reference", flat=True)
    assert re.fullmatch(r"INC-[2-9B-Y]{6}", first) and first[4:] != second[4:]


def test_it_finds_the_home_of_the_day(
    as_alice: Client, jo: Person, meadow: Organisation, larkrise: Organisation
) -> None:
    day = dt.date(2026, 3, 10)
    make_placement(jo, larkrise, "PL-DAY", start=dt.date(2025, 1, 1), setting="day_support")
    before = make_placement(jo, larkrise, "PL-OLD", start=dt.date(2025, 1, 1), end=dt.date(2026, 3, 31))
    make_placement(jo, meadow, "PL-NEW", start=dt.date(2026, 4, 1))
    as_alice.post(reverse("incident_record", args=["JO"]), post_of(day))
    assert Incident.objects.get().placement == before


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"occurred_on_year": "0206"}, "0206 is not between 1900 and 2100"),
        ({"kind": ""}, "Choose what it was"),
        ({"severity": "5"}, "serious"),
        ({"restrictive_practice": ""}, "Say whether a restrictive practice was used"),
    ],
)
def test_it_says_what_is_wrong_and_saves_nothing(
    as_sam: Client, jos_home: Placement, changed: dict[str, str], message: str
) -> None:
    assert message in record(as_sam, **changed)
    assert not Incident.objects.exists()


def test_it_refuses_days_that_cannot_be(as_sam: Client, jos_home: Placement) -> None:
    address = reverse("incident_record", args=["JO"])
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "not in the future" in as_sam.post(address, post_of(tomorrow)).content.decode()
    long_ago = jos_home.start - dt.timedelta(days=30)
    assert "did not support Jo on this day" in as_sam.post(address, post_of(long_ago)).content.decode()
    assert not Incident.objects.exists()


def test_it_shows_both_values_when_two_change_one(as_sam: Client, as_alice: Client, jos_home: Placement) -> None:
    record(as_sam)
    address = reverse("incident_change", args=[Incident.objects.earliest("pk").reference])
    both = {"version": opened(as_alice, address)}
    as_alice.post(address, post_of(severity="3") | both)
    shown = as_sam.post(address, post_of(severity="4") | both)
    assert shown.status_code == 409
    assert "Saved by Alice Commissioner today at" in shown.content.decode()
    assert "3 Harm that needed treatment" in shown.content.decode()
    assert Incident.objects.get().severity == 3
    as_sam.post(address, post_of(severity="4") | {"version": version_in(shown), "keep-severity": "yours"})
    assert Incident.objects.get().severity == 4


def test_it_keeps_providers_apart(
    as_mabel: Client, as_alice: Client, jo: Person, meadow: Organisation, larkrise: Organisation
) -> None:
    make_placement(jo, larkrise, "PL-OLD", start=dt.date(2024, 1, 1), end=dt.date(2025, 12, 31))
    make_placement(jo, meadow, "PL-NEW", start=dt.date(2026, 1, 1))
    as_alice.post(reverse("incident_record", args=["JO"]), post_of(dt.date(2025, 6, 1)))
    assert as_mabel.get(reverse("incident", args=[Incident.objects.earliest("pk").reference])).status_code == 404
    assert as_mabel.get(reverse("incident_change", args=[Incident.objects.earliest("pk").reference])).status_code == 404
    assert Incident.objects.get().reference not in as_mabel.get(reverse("incidents")).content.decode()
    assert "Larkrise" not in as_mabel.get(reverse("incidents")).content.decode()


def test_a_provider_only_reads_what_it_wrote_before_the_person_moved_on(
    as_sam: Client, jo: Person, jos_home: Placement
) -> None:
    record(as_sam)
    Person.objects.filter(pk=jo.pk).update(communication="Speak of the sea.")
    address = reverse("incident", args=[Incident.objects.get().reference])
    assert "Speak of the sea" in as_sam.get(address).content.decode()
    Placement.objects.filter(pk=jos_home.pk).update(end=YESTERDAY)
    page = as_sam.get(address).content.decode()
    assert "A chair was broken" in page
    assert "Speak of the sea" not in page and "Change" not in page
    assert as_sam.get(f"{address}change/").status_code == 403
    assert as_sam.post(f"{address}change/", post_of(severity="4")).status_code == 403
    assert Incident.objects.get().severity == 2


def test_it_is_scoped_to_those_who_may(
    jo: Person, jos_home: Placement, charlie: Membership, clara: Membership, audrey: Membership, as_sam: Client
) -> None:
    record(as_sam)
    outsider, clinician, auditor = signed_in(charlie), signed_in(clara), signed_in(audrey)
    assert outsider.get(reverse("incident", args=[Incident.objects.earliest("pk").reference])).status_code == 404
    assert outsider.get(reverse("incident_record", args=["JO"])).status_code == 404
    assert clinician.get(reverse("incident_record", args=["JO"])).status_code == 404
    ClinicalInvolvement.objects.create(person=jo, user=clara.user, start=dt.date(2024, 1, 1))
    assert clinician.get(reverse("incident", args=[Incident.objects.earliest("pk").reference])).status_code == 200
    assert "The incident is recorded" in record(clinician)
    assert auditor.get(reverse("incident", args=[Incident.objects.earliest("pk").reference])).status_code == 200
    assert auditor.get(reverse("incident_create")).status_code == 403


def test_it_records_nothing_of_somebody_out_of_reach(
    jo: Person, jos_home: Placement, alice: Membership, charlie: Membership, clara: Membership, sam: Membership
) -> None:
    """The action refuses by itself, whatever address it was called from."""
    facts = IncidentFacts(YESTERDAY, kind="police", severity=3, restrictive_practice=None)
    Placement.objects.filter(pk=jos_home.pk).update(end=YESTERDAY)
    for member in (charlie, clara, sam):
        with pytest.raises(PermissionDenied):
            record_incident(person=jo, facts=facts, by=Actor.of(member))
    assert not Incident.objects.exists()
    assert record_incident(person=jo, facts=facts, by=Actor.of(alice)).placement == jos_home


def test_it_lists_filters_and_finds_people(as_alice: Client, as_sam: Client, jos_home: Placement) -> None:
    record(as_sam)
    record(as_sam, severity="4")
    page = as_alice.get(reverse("person_incidents", args=["JO"]), {"serious": "1"}).content.decode()
    assert "4 Severe harm" in page
    assert "2 Minor harm" not in page
    assert as_alice.get(reverse("person_incidents", args=["NOBODY"])).status_code == 404
    assert (
        reverse("incident_record", args=["JO"])
        in as_alice.post(reverse("incident_create"), {"q": "Exa"}).content.decode()
    )
    assert "Nobody by that name" in as_alice.post(reverse("incident_create"), {"q": "Zoe"}).content.decode()
    assert as_alice.get(reverse("incident_create"), {"person": "JO"}).status_code == 302


def test_it_counts_by_month(jo: Person) -> None:
    days = [(dt.date(2026, 3, 1), 4, True), (dt.date(2026, 3, 31), 1, None), (dt.date(2026, 5, 2), 3, False)]
    for number, (day, severity, restrictive) in enumerate(days):
        Incident.objects.create(
            partnership=jo.partnership,
            reference=f"I-{number}",
            person=jo,
            occurred_on=day,
            kind="other",
            severity=severity,
            restrictive_practice=restrictive,
        )
    counted = [
        (str(each.month), each.incidents_count, each.serious_count, each.restrictive_count)
        for each in incidents_by_month(jo)
    ]
    assert counted == [("2026-03", 2, 1, 1), ("2026-05", 1, 1, 0)]
    assert len(incident_counts([jo.pk], Month(2026, 4), Month(2026, 6))) == 1


def test_it_shows_no_incident_of_another_placement_to_a_provider(
    by_mabel: Actor, jo: Person, jos_home: Placement
) -> None:
    Incident.objects.create(
        partnership=jo.partnership, reference="I-1", person=jo, occurred_on=YESTERDAY, kind="other", severity=1
    )
    assert incidents_by_month(jo, actor=by_mabel) == ()
    assert len(incidents_by_month(jo)) == 1
