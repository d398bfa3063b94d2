"""Addresses of imports."""

from django.urls import path

from hamgara.web.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<uuid:key>/", views.run, name="run"),
    path("<uuid:key>/progress/", views.progress, name="progress"),
    path("<uuid:key>/returned.csv", views.returned, name="returned"),
]
