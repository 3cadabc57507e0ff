from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "commissioning.accounts"
    label = "accounts"

    def ready(self) -> None:
        from commissioning.accounts import checks  # noqa: F401  registers the system check
