from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "hocvuso.authoring"
    default_auto_field = "django.db.models.BigAutoField"
