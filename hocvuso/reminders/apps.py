from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "hocvuso.reminders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs, listeners  # noqa: F401  they register themselves
        from .services import notices, run  # noqa: F401  they say what messages hold
