from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "hocvuso.privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import composers, keeping  # noqa: F401  they register themselves
