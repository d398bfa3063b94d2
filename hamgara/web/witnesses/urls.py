"""Addresses of the office's page on witnesses."""

from django.urls import path

from hamgara.web.witnesses import views

app_name = "witnesses"
urlpatterns = [
    path("", views.witnesses, name="list"),
    path("<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
