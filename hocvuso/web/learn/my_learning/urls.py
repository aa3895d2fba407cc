from django.urls import path

from . import certificates, pages

urlpatterns = [
    path("", pages.learning, name="my-learning"),
    path("on-tap/", pages.reviews, name="reviews"),
    path("chung-nhan/", certificates.certificates, name="certificates"),
    path("chung-nhan/<uuid:pk>/", certificates.certificate, name="certificate"),
    path("chung-nhan/<uuid:pk>.pdf", certificates.certificate_pdf, name="certificate-pdf"),
    path("chung-nhan/<uuid:pk>.png", certificates.certificate_picture, name="certificate-picture"),
    path("chung-nhan/<uuid:pk>/hien-ten/", certificates.show_name, name="show-name"),
    path("chung-nhan/<uuid:pk>/ten/", certificates.correct_name, name="correct-name"),
]
