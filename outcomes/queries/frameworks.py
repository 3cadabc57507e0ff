"""Which framework asks the questions of a month."""

from dataclasses import dataclass

from django.db.models import F

from commissioning.accounts.models import Partnership
from commissioning.core.periods import Month
from outcomes import framework as shipped
from outcomes.models import Framework, Measure


def framework_in_force(partnership: Partnership, month: Month) -> Framework | None:
    """The framework that a partnership's checklists of a month are answered with; None before it has any.

    Of those in force by the month's first day the latest; one without a date is in force always, and the partners' own
    comes before the one that ships. A partnership's only framework serves every month.
    """
    frameworks = list(Framework.objects.filter(partnership=partnership).order_by(F("in_force_from").asc(), "pk"))
    if len(frameworks) == 1:
        return frameworks[0]
    in_force = [each for each in frameworks if each.in_force_from is None or each.in_force_from <= month.first]
    return max(in_force, key=_precedence, default=None)


def _precedence(framework: Framework) -> tuple[bool, str, bool, int]:
    dated = framework.in_force_from
    return (dated is not None, str(dated or ""), framework.code != shipped.CODE, framework.pk)


def measures_of(framework: Framework) -> list[Measure]:
    """A framework's measures in the order they are asked: life first, then process, each as the partners set them."""
    measures = list(framework.measures.order_by("position", "pk"))
    return sorted(measures, key=lambda measure: not measure.is_life)


@dataclass(frozen=True)
class DomainSheet:
    """One part of life, or of support, with its measures; three aspects of one outcome stand together (S3)."""

    domain: str
    is_life: bool
    research_domain: str
    measures: tuple[Measure, ...]


def framework_sheet(framework: Framework) -> tuple[DomainSheet, ...]:
    """A framework by part of life, in the order it is asked. One query."""
    by_domain: dict[str, list[Measure]] = {}
    for measure in measures_of(framework):
        by_domain.setdefault(measure.domain, []).append(measure)
    return tuple(
        DomainSheet(domain, domain != Measure.PROCESS, shipped.DOMAINS.get(domain, ""), tuple(found))
        for domain, found in by_domain.items()
    )
