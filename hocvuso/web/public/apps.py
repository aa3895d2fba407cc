from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "hocvuso.web.public"
    label = "web_public"

    def ready(self) -> None:
        from . import listeners  # noqa: F401  registers its listeners
