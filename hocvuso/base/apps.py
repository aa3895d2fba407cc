from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "hocvuso.base"
    default_auto_field = "django.db.models.BigAutoField"
