"""Addresses of pages that bring several apps together."""

from commissioning.accounts.downloads import few_an_hour
from commissioning.accounts.models import Role
from commissioning.accounts.routes import (
    COMMISSIONING,
    COMMISSIONING_READERS,
    EVERY_ROLE,
    MONEY_READERS,
    PERSON_READERS,
    Access,
    Reads,
    Sees,
    route,
)
from commissioning.overview.views import cases, costs, home, person, placement_log, placements, reads

BOTH = ("GET", "POST")
# Board members read reports and auditors read everything: nothing waits for them.
WITH_NEEDS = EVERY_ROLE - {Role.BOARD_MEMBER, Role.AUDITOR}
LOG = "people/<ref:reference>/placements/log/"

urlpatterns = [
    route("", home.home, name="home", roles=Access.SIGNED_IN, reads=Reads.PEOPLE, sees=Sees.ROLE),
    route("today/<slug:key>/", home.need, name="need", roles=WITH_NEEDS, reads=Reads.PEOPLE),
    route("components/", home.components, name="components", roles=Access.SIGNED_IN),
    route("costs/", costs.cost_explorer, name="cost_explorer", roles=MONEY_READERS, reads=Reads.PEOPLE),
    route(
        "costs/costs.csv",
        few_an_hour(costs.cost_explorer_csv),
        name="cost_explorer_csv",
        roles=MONEY_READERS,
        reads=Reads.PEOPLE,
    ),
    route(
        "costs/costs.xlsx",
        few_an_hour(costs.cost_explorer_xlsx),
        name="cost_explorer_xlsx",
        roles=MONEY_READERS,
        reads=Reads.PEOPLE,
    ),
    route("costs/lines/", costs.cost_lines, name="cost_lines", roles=MONEY_READERS, reads=Reads.PEOPLE),
    route("costs/changed/", costs.cost_changes, name="cost_changes", roles=MONEY_READERS, reads=Reads.PEOPLE),
    route(
        "costs/changed/changed.csv",
        few_an_hour(costs.cost_changes_csv),
        name="cost_changes_csv",
        roles=MONEY_READERS,
        reads=Reads.PEOPLE,
    ),
    route("costs/cases/", cases.cases, name="cases", roles=MONEY_READERS),
    route("costs/cases/<ref:reference>/", cases.case, name="case", roles=MONEY_READERS, reads=Reads.PEOPLE),
    route(
        "costs/cases/<ref:reference>/months.csv",
        few_an_hour(cases.case_csv),
        name="case_csv",
        roles=MONEY_READERS,
        reads=Reads.PEOPLE,
    ),
    route("people/<ref:reference>/", person.person, name="person", roles=PERSON_READERS, reads=Reads.PEOPLE),
    route(
        "people/<ref:reference>/money-and-life.csv",
        person.person_costs_csv,
        name="person_costs_csv",
        roles=PERSON_READERS,
        reads=Reads.PEOPLE,
    ),
    *(
        route(
            f"people/<ref:reference>/who-looked/{page}",
            view,
            name=name,
            roles=COMMISSIONING_READERS,
            reads=Reads.PEOPLE,
        )
        for page, name, view in (
            ("", "who_looked", reads.who_looked),
            ("who-looked.csv", "who_looked_csv", reads.who_looked_csv),
            ("for-the-person/", "who_looked_letter", reads.who_looked_letter),
        )
    ),
    route(
        "people/<ref:reference>/placements/",
        placements.placements,
        name="placements",
        roles=PERSON_READERS,
        reads=Reads.PEOPLE,
    ),
    route(LOG, placement_log.start, name="placement_log", roles=COMMISSIONING, reads=Reads.PEOPLE),
    *(
        route(
            f"{LOG}{page}/", view, name=f"placement_log_{page}", roles=COMMISSIONING, methods=BOTH, reads=Reads.PEOPLE
        )
        for page, view in (
            ("support", placement_log.support),
            ("home", placement_log.home),
            ("costs", placement_log.costs),
            ("check", placement_log.check),
        )
    ),
    route(
        f"{LOG}totals/",
        placement_log.totals,
        name="placement_log_totals",
        roles=COMMISSIONING,
        methods=("POST",),
        reads=Reads.PEOPLE,
    ),
]
