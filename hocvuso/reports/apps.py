from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "hocvuso.reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import composers, measures, reminders  # noqa: F401  they register themselves
