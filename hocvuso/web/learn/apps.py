from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "hocvuso.web.learn"
    label = "web_learn"
