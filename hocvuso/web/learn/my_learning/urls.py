from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.learning, name="my-learning"),
    path("on-tap/", pages.reviews, name="reviews"),
    path("chung-nhan/", pages.certificates, name="certificates"),
    path("chung-nhan/<uuid:pk>.pdf", pages.certificate_pdf, name="certificate-pdf"),
    path("chung-nhan/<uuid:pk>/hien-ten/", pages.show_name, name="show-name"),
]
