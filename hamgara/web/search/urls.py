"""Addresses of searching."""

from django.urls import path

from hamgara.web.search import exports, views

app_name = "search"

urlpatterns = [
    path("", views.search, name="all"),
    path("search.<str:written>", exports.export, name="export"),
]
