"""Addresses of the ledger's pages."""

from django.urls import path

from hamgara.web.record import exports, published, views

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/acts.<str:written>", exports.acts, name="acts"),
    path("ledger/check/", published.check, name="check"),
    path("ledger/log/cosignatures", published.cosignatures, name="cosignatures"),
    path("ledger/<int:number>/", views.act, name="act"),
    path("ledger/<int:number>/receipt", published.receipt, name="receipt"),
    path("ledger/<int:number>/entry", published.entry, name="entry"),
    path("about/", views.about, name="about"),
]
