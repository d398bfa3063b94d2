"""Addresses of the reviewer's pages."""

from django.urls import path

from hamgara.web.reviewer import views

app_name = "reviewer"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<uuid:key>/", views.seat, name="seat"),
    path("<uuid:key>/recuse/", views.recuse, name="recuse"),
]
