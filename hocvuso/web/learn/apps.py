from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "hocvuso.web.learn"
    label = "web_learn"

    def ready(self) -> None:
        from . import listeners  # noqa: F401  registers its listeners
