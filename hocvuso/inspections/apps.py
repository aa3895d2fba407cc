from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "hocvuso.inspections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import composers, reminders  # noqa: F401  they register themselves
