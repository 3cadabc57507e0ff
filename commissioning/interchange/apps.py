from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    name = "commissioning.interchange"
    label = "interchange"
