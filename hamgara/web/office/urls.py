"""Addresses of the participation office."""

from django.urls import path

from hamgara.web.office import bodies, exports, places, views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("applications/", views.applications, name="applications"),
    path("applications.<str:written>", exports.applications, name="export_applications"),
    path("headless/", views.headless, name="headless"),
    path("headless.<str:written>", exports.headless, name="export_headless"),
    path("register/", views.register, name="register"),
    path("register.<str:written>", exports.register, name="export"),
    path("organisations/<slug:code>/", views.organisation, name="organisation"),
    path("capabilities/", views.capabilities, name="capabilities"),
    path("units/", bodies.units, name="units"),
    path("units/new/", bodies.found, name="found"),
    path("bodies/<slug:code>/rename/", bodies.rename, name="rename"),
    path("bodies/<slug:code>/move/", bodies.move, name="move"),
    path("bodies/<slug:code>/merge/", bodies.merge, name="merge"),
    path("bodies/<slug:code>/close/", bodies.close, name="close"),
    path("places/", places.listing, name="places"),
    path("places/new/", places.add, name="add_place"),
    path("places/<slug:code>/", places.change, name="place"),
]
