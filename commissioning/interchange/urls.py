"""Addresses of data in and out."""

from django.conf import settings
from django.urls import URLPattern

from commissioning.accounts.downloads import few_an_hour
from commissioning.accounts.routes import COMMISSIONING, Reads, route
from commissioning.interchange import views

urlpatterns: list[URLPattern] = [
    route("", views.data, name="data", roles=COMMISSIONING, methods=("GET", "POST"), takes=settings.UPLOAD_LIMIT_BYTES),
    route("files/", views.data_files, name="data_files", roles=COMMISSIONING),
    route("everything.zip", few_an_hour(views.data_zip), name="data_zip", roles=COMMISSIONING, reads=Reads.PEOPLE),
    route(
        "everything.xlsx",
        few_an_hour(views.data_spreadsheet),
        name="data_xlsx",
        roles=COMMISSIONING,
        reads=Reads.PEOPLE,
    ),
    route("uploads/<int:number>/", views.upload, name="upload", roles=COMMISSIONING, reads=Reads.PEOPLE),
    route(
        "uploads/<int:number>/confirm/",
        views.upload_confirm,
        name="upload_confirm",
        roles=COMMISSIONING,
        methods=("POST",),
    ),
    route("uploads/<int:number>/faults.csv", views.upload_faults, name="upload_faults", roles=COMMISSIONING),
]
