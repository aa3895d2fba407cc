from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "hocvuso.web.kit"
    label = "web_kit"
