"""Addresses of scorecards."""

from django.urls import path

from hamgara.web.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.city, name="city"),
]
