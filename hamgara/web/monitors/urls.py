"""Addresses of the office's page on oversight."""

from django.urls import path

from hamgara.web.monitors import exports, views

app_name = "monitors"
urlpatterns = [
    path("", views.monitors, name="list"),
    path("monitors.<str:written>", exports.export, name="export"),
    path("<slug:code>/end/", views.end, name="end"),
    path("reviews/<str:code>/open/", views.open_waiting, name="open_waiting"),
]
