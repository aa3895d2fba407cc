from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "hocvuso.learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hocvuso.records import projections

        from . import keeping, listeners, measures, services  # noqa: F401  they register themselves
        from .services import calling  # noqa: F401

        projections.register(projections.Projection(appended=services.follow, voided=services.correct))
