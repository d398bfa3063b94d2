"""Addresses of moderation in the participation office."""

from django.urls import path

from hamgara.web.moderation import exports, office

app_name = "moderating"
urlpatterns = [
    path("", office.queue, name="queue"),
    path("reports.<str:written>", exports.queue, name="export"),
    path("<str:code>/", office.decide, name="decide"),
    path("<str:code>/file/", office.file, name="file"),
]
