from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "hocvuso.interop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import listeners  # noqa: F401  it registers itself
