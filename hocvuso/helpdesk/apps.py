from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "hocvuso.helpdesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import keeping, listeners, measures, reminders  # noqa: F401  they register themselves
