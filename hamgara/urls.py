"""The addresses of the whole site."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("hamgara.web.accounts.urls")),
    path("", include("hamgara.web.urls")),
]

handler400 = "hamgara.web.errors.bad_request"
handler403 = "hamgara.web.errors.forbidden"
handler404 = "hamgara.web.errors.not_found"
handler500 = "hamgara.web.errors.server_error"
