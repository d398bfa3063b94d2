"""Addresses of reviews."""

from django.urls import path

from hamgara.web.reviews import exports, views

app_name = "reviews"
urlpatterns = [
    path("", views.listing, name="list"),
    path("reviews.<str:written>", exports.export, name="export"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/certificate.json", views.certificate, name="certificate"),
    path("<str:code>/files/<int:number>/", views.file, name="file"),
    path("<str:code>/words/", views.give_words, name="give_words"),
    path("<str:code>/appeal/", views.appeal, name="appeal"),
]
