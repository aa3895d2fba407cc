from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "hocvuso.library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs, listeners  # noqa: F401  they register themselves
