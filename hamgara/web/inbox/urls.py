"""Addresses of the officers' inbox."""

from django.urls import path

from hamgara.web.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<str:code>/", views.detail, name="detail"),
]
