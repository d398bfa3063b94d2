"""Addresses of the ledger's pages."""

from django.urls import path

from hamgara.web.record import views

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/<int:number>/", views.act, name="act"),
    path("about/", views.about, name="about"),
]
