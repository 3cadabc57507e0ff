from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "commissioning.backup"
    label = "backup"
