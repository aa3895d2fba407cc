from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "hocvuso.assess"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import hearing  # noqa: F401  registers its listeners
