from django.apps import AppConfig


class AuthorConfig(AppConfig):
    name = "hocvuso.web.author"
    label = "web_author"
