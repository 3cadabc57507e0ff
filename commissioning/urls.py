"""Every address of the application. Each app declares its own through `accounts.routes.route`."""

from django.urls import include, path, register_converter

from commissioning.core.references import ReferenceConverter

register_converter(ReferenceConverter, "ref")

urlpatterns = [
    path("", include("commissioning.rights.urls")),
    path("", include("commissioning.overview.urls")),
    path("people/", include("people.urls")),
    path("providers/contracts/on/", include("finance.contract_urls")),
    path("providers/", include("providers.urls")),
    path("outcomes/", include("outcomes.urls")),
    path("money/", include("finance.urls")),
    path("data/", include("commissioning.interchange.urls")),
    path("reports/", include("commissioning.reports.urls")),
    path("", include("commissioning.accounts.urls")),
    path("account/", include("commissioning.accounts.sign_in_urls")),
]

handler403 = "commissioning.overview.errors.forbidden"
handler404 = "commissioning.overview.errors.not_found"
handler500 = "commissioning.overview.errors.server_error"
handler400 = "commissioning.overview.errors.bad_request"
