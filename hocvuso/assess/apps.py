from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "hocvuso.assess"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import listeners, measures  # noqa: F401  they register themselves
