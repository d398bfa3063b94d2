"""Addresses of signing in."""

from django.urls import include, path

from hamgara.web.accounts import views

urlpatterns = [
    path("link/<str:token>/", views.by_link, name="sign_in_link"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
