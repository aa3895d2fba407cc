from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.overview, name="account"),
    path("sua/", pages.edit, name="profile"),
    path("dia-chi/", pages.add_address, name="add-address"),
    path("dia-chi/ma/", pages.confirm_address, name="confirm-address"),
    path("giam-ho/", pages.ask_guardian, name="ask-guardian"),
    path("giam-ho/ma/", pages.hand_code, name="guardian-hand-code"),
]
