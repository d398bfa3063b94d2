"""Addresses of places."""

from django.urls import path

from hamgara.web.places import views

app_name = "places"
urlpatterns = [
    path("", views.tree, name="list"),
    path("<slug:code>/", views.detail, name="detail"),
]
