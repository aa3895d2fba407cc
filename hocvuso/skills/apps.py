from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "hocvuso.skills"
    default_auto_field = "django.db.models.BigAutoField"
