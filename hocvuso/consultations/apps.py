from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "hocvuso.consultations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import composers  # noqa: F401  they register themselves
