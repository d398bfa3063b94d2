"""Addresses of organisations."""

from django.urls import path

from hamgara.web.organisations import exports, mandates, views

app_name = "organisations"
urlpatterns = [
    path("", views.directory, name="list"),
    path("organisations.<str:written>", exports.export, name="export"),
    path("units.<str:written>", exports.units, name="units_export"),
    path("units/", views.units, name="units"),
    path("new/", views.apply, name="new"),
    path("<slug:code>/", views.detail, name="detail"),
    path("<slug:code>/edit/", views.describe, name="edit"),
    path("<slug:code>/capabilities/", views.offers, name="offers"),
    path("<slug:code>/capabilities/<slug:capability>/withdraw/", views.withdraw_offer, name="withdraw_offer"),
    path("<slug:code>/papers/<int:number>/", views.paper, name="paper"),
    path("<slug:code>/mandates/", mandates.mandates, name="mandates"),
    path("<slug:code>/mandates/<uuid:key>/end/", mandates.end, name="end_mandate"),
]
