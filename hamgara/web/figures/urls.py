"""Addresses of scorecards."""

from django.urls import path

from hamgara.web.figures import exports, listing, views

app_name = "figures"
urlpatterns = [
    path("", views.city, name="city"),
    path("months.<str:written>", exports.months, name="months"),
    path("<str:name>/", listing.listing, name="list"),
    path("<str:name>/scorecards.<str:written>", exports.export, name="export"),
    path("<str:name>/<slug:code>/", listing.one, name="card"),
    path("<str:name>/<slug:code>/months.<str:written>", exports.months, name="card_months"),
]
