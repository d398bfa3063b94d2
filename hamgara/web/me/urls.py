"""Addresses of my page."""

from django.urls import path

from hamgara.web.me import views

app_name = "me"
urlpatterns = [
    path("", views.home, name="home"),
    path("profile/", views.profile, name="profile"),
    path("notices/seen/", views.seen, name="seen"),
]
