"""Addresses of the office's pages on fields."""

from django.urls import path

from hamgara.web.fields import exports, views

app_name = "fields"
urlpatterns = [
    path("", views.listing, name="list"),
    path("fields.<str:written>", exports.export, name="export"),
    path("new/", views.add, name="add"),
    path("<slug:code>/", views.change, name="change"),
    path("<slug:code>/routes/<slug:place>/end/", views.end_route, name="end_route"),
]
