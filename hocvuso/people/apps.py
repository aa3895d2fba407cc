from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hocvuso.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs  # noqa: F401  they register themselves
