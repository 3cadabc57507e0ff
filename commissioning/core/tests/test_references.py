"""Any reference that a file may bring has an address of its own."""

from urllib.parse import unquote

import pytest
from django.urls import reverse

from commissioning.core.references import ReferenceConverter


@pytest.mark.parametrize("reference", ["EP-0126", "A/B", "~2f", "a~b", ".", "..", "50% ?#&", "Ünïcode", "x" * 40])
def test_it_finds_its_way_back(reference: str) -> None:
    assert unquote(reverse("placements", args=[reference])).count("/") == 4
    converter = ReferenceConverter()
    assert converter.to_python(converter.to_url(reference)) == reference
    assert "/" not in converter.to_url(reference)
