"""Addresses of searching."""

from django.urls import path

from hamgara.web.search import views

app_name = "search"

urlpatterns = [path("", views.search, name="all")]
