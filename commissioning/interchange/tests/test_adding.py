"""Records added by COPY: what was given comes back, whatever signs are in it; policies and history hold."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership
from commissioning.interchange.adding import add
from finance.models import Supplier
from people.models import Person

pytestmark = pytest.mark.django_db

AWKWARD = ["", "\\N", "\\", "a\\tb", "two\nlines\r\nand a tab\t", "{1,2}", "'=1+1", '"quoted"', "ünïcödé 🙂", " "]


@pytest.fixture
def partnership() -> Partnership:
    return Partnership.objects.create(code="ADD", name="Adding")


def test_awkward_text_comes_back_as_it_was(partnership: Partnership) -> None:
    keys = add(Organisation, ("name",), ([text] for text in AWKWARD), kind="council")
    names = dict(Organisation.objects.in_bulk(keys))
    assert [names[key].name for key in keys] == AWKWARD


def test_lists_of_awkward_text_come_back_as_they_were(partnership: Partnership) -> None:
    [key] = add(Supplier, ("supplier_id", "names"), [("1", AWKWARD)], partnership=partnership)
    assert Supplier.objects.get(pk=key).names == AWKWARD


def test_empty_numbers_and_days_stay_empty_and_the_rest_is_as_for_a_new_record(partnership: Partnership) -> None:
    kept = Organisation.objects.create(name="Council", kind="council")
    names = ("reference", "given_name", "family_name", "date_of_birth", "programme_start", "council_id", "icb_id")
    rows = [("A", "Ann", "Other", dt.date(1990, 2, 28), None, kept.pk, kept.pk)]
    [key] = add(Person, names, rows, partnership=partnership, diagnosis="autism")
    person = Person.objects.get(pk=key)
    assert (person.date_of_birth, person.programme_start, person.cohorts) == (dt.date(1990, 2, 28), None, [])
    assert person.version == Person(partnership=partnership).version
    assert apps.get_model("people", "PersonEvent").objects.get(pgh_obj_id=key).given_name == "Ann"


def test_a_row_that_the_database_refuses_leaves_nothing_behind(partnership: Partnership) -> None:
    rows = [("1", ["One"]), ("1", ["The same again"])]
    with pytest.raises(IntegrityError), transaction.atomic():
        add(Supplier, ("supplier_id", "names"), rows, partnership=partnership)
    assert not Supplier.objects.exists()
    add(Supplier, ("supplier_id", "names"), rows[:1], partnership=partnership)


def test_the_wall_stands_before_what_is_added_too(partnership: Partnership) -> None:
    other = Partnership.objects.create(code="OTHER", name="Other")
    with scope.acting(Actor.system(partnership)), pytest.raises(Exception, match="row-level security"):
        add(Supplier, ("supplier_id", "names"), [("1", ["One"])], partnership=other)


def test_a_value_that_has_no_text_is_said(partnership: Partnership) -> None:
    with pytest.raises(TypeError, match="complex"):
        add(Organisation, ("name",), [[complex(1)]], kind="council")
    with pytest.raises(ValueError, match="zip"):
        add(Organisation, ("name",), [["One", Decimal(1)]], kind="council")
