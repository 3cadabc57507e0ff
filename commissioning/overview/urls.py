"""Addresses of pages that bring several apps together."""

from commissioning.accounts.routes import Access, route
from commissioning.overview import views

urlpatterns = [
    route("", views.home, name="home", roles=Access.SIGNED_IN),
    route("components/", views.components, name="components", roles=Access.SIGNED_IN),
]
