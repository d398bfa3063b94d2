"""Addresses of the ledger's pages."""

from django.urls import path

from hamgara.web.record import exports, views

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/acts.<str:written>", exports.acts, name="acts"),
    path("ledger/<int:number>/", views.act, name="act"),
    path("about/", views.about, name="about"),
]
