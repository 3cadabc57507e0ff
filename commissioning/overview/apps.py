from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "commissioning.overview"
    label = "overview"
