from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.protection, name="protection"),
    path("so/", pages.register, name="processing-register"),
    path("vi-pham/moi/", pages.record, name="breach-record"),
    path("vi-pham/<uuid:pk>/", pages.breach, name="breach"),
    path("vi-pham/<uuid:pk>/buoc/<slug:step>/", pages.step, name="breach-step"),
]
