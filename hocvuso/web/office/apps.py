from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "hocvuso.web.office"
    label = "web_office"

    def ready(self) -> None:
        """What programs may ask of the office, and what of other rooms is urged on."""
        from .commune import api  # noqa: F401  it registers its operation
        from .requests import urged  # noqa: F401  it registers where requests come from
