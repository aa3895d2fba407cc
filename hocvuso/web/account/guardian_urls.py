from django.urls import path

from . import guardian

urlpatterns = [path("<str:token>/", guardian.consent, name="guardian")]
