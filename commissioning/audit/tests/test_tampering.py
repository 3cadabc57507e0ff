"""Whatever is done to sealed rows and seals, by whomever, is found."""

import pytest

from commissioning.audit.sealing.chain import Head
from commissioning.audit.tests.conftest import Chain
from commissioning.audit.tests.tampering import KINDS, Tried, tamper
from commissioning.tests.figures import Say

pytestmark = pytest.mark.django_db


def missed(tried: list[Tried]) -> list[str]:
    return [each.what for each in tried if not each.found]


def test_it_finds_tamperings_of_every_kind(chain: Chain, figure: Say) -> None:
    head = Head(chain[-1].number, chain[-1].hash)
    tried = [tamper(number, head) for number in range(3 * len(KINDS))]
    assert missed(tried) == []
    figure("tamperings found / made (a small run)", f"{len(tried) - len(missed(tried))} / {len(tried)}")


@pytest.mark.drill
def test_it_finds_a_thousand_tamperings(chain: Chain, figure: Say) -> None:
    head = Head(chain[-1].number, chain[-1].hash)
    tried = [tamper(number, head) for number in range(1_000)]
    assert missed(tried) == []
    figure("tamperings found / made", f"{len(tried) - len(missed(tried)):,} / {len(tried):,}")
