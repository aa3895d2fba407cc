from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "hocvuso.web.kit"
    label = "web_kit"

    def ready(self) -> None:
        """Connect the subjects of the site."""
        from .subjects import connect

        connect()
