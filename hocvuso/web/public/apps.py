from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "hocvuso.web.public"
    label = "web_public"
