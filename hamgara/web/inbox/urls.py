"""Addresses of the officers' inbox."""

from django.urls import path

from hamgara.web.inbox import bulk, desk, templates, views

app_name = "inbox"
urlpatterns = [
    path("", desk.listing, name="list"),
    path("bulk/", bulk.act, name="bulk"),
    path("templates/", templates.listing, name="templates"),
    path("templates/new/", templates.add, name="add_template"),
    path("templates/<uuid:key>/", templates.change, name="change_template"),
    path("<str:code>/", views.detail, name="detail"),
]
