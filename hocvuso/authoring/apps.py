from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "hocvuso.authoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs  # noqa: F401  it registers itself
