from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "hocvuso.web.account"
    label = "web_account"
