from django.urls import path

from . import populations, targets, values

urlpatterns = [
    path("", values.bring_in, name="values-import"),
    path("dan-so/", populations.populations, name="populations"),
    path("dan-so/<int:pk>/bo/", populations.remove, name="population-remove"),
    path("chi-tieu/", targets.targets, name="target-lists"),
]
