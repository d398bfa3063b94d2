"""Addresses of signing in."""

from django.urls import include, path

from hamgara.web.accounts import views

urlpatterns = [
    path("link/<str:token>/", views.by_link, name="sign_in_link"),
    # Mail addresses change by our own command alone; before allauth's pages of the same addresses.
    path("email/", views.to_my_mail, name="account_email"),
    path("confirm-email/", views.to_my_mail, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", views.to_my_mail, name="account_confirm_email"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
