"""Addresses of moderation that everybody may open."""

from django.urls import path

from hamgara.web.moderation import exports, figures, views

app_name = "moderation"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("moderation.<str:written>", exports.figures, name="export"),
    path("<str:code>/", views.case, name="case"),
    path("<str:code>/report/", views.report, name="report"),
    path("<str:code>/appeal/", views.appeal, name="appeal"),
]
