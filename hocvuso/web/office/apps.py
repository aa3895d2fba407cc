from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "hocvuso.web.office"
    label = "web_office"

    def ready(self) -> None:
        """What programs may ask of the office."""
        from .commune import api  # noqa: F401  it registers its operation
