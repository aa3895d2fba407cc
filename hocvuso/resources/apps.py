from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "hocvuso.resources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import measures  # noqa: F401  they register themselves
