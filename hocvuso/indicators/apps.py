from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "hocvuso.indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs, measures  # noqa: F401  they register themselves
