from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "hocvuso.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import listeners, measures  # noqa: F401  they register themselves
        from .services import urging_run  # noqa: F401
