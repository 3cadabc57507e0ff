from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "commissioning.accounts"
    label = "accounts"

    def ready(self) -> None:
        from commissioning.accounts import checks, signals  # noqa: F401  registers system checks and receivers
