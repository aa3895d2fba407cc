from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "hocvuso.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import composers, jobs, measures, reminders  # noqa: F401  they register themselves
