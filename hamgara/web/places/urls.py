"""Addresses of places."""

from django.urls import path

from hamgara.web.places import exports, views

app_name = "places"
urlpatterns = [
    path("", views.tree, name="list"),
    path("places.<str:written>", exports.export, name="export"),
    path("<slug:code>/", views.detail, name="detail"),
]
