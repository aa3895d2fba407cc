from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "hocvuso.records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import listeners  # noqa: F401  they register themselves
