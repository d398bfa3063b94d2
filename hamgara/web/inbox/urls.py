"""Addresses of the officers' inbox."""

from django.urls import path

from hamgara.web.inbox import desk, views

app_name = "inbox"
urlpatterns = [
    path("", desk.listing, name="list"),
    path("<str:code>/", views.detail, name="detail"),
]
