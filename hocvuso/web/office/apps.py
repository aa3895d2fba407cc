from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "hocvuso.web.office"
    label = "web_office"

    def ready(self) -> None:
        """What programs may ask of the office, and where nouns are seen."""
        from . import addresses  # noqa: F401  it registers where nouns are seen
        from .commune import api  # noqa: F401  it registers its operation
