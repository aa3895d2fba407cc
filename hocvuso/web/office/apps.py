from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "hocvuso.web.office"
    label = "web_office"
