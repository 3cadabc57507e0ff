"""Addresses of pages that bring several apps together."""

from commissioning.accounts.routes import COMMISSIONING, PERSON_READERS, Access, Reads, route
from commissioning.overview.views import home, placement_log, placements

BOTH = ("GET", "POST")
LOG = "people/<str:reference>/placements/log/"

urlpatterns = [
    route("", home.home, name="home", roles=Access.SIGNED_IN),
    route("components/", home.components, name="components", roles=Access.SIGNED_IN),
    route(
        "people/<str:reference>/placements/",
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
