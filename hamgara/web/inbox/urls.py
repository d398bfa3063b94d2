"""Addresses of the officers' inbox."""

from django.urls import path

from hamgara.web.inbox import bulk, desk, views

app_name = "inbox"
urlpatterns = [
    path("", desk.listing, name="list"),
    path("bulk/", bulk.act, name="bulk"),
    path("<str:code>/", views.detail, name="detail"),
]
