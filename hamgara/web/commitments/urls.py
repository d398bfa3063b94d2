"""Addresses of commitments."""

from django.urls import path

from hamgara.web.commitments import acts, exports, views

app_name = "commitments"
urlpatterns = [
    path("", views.listing, name="list"),
    path("commitments.<str:written>", exports.export, name="export"),
    path("new/", acts.new, name="new"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/files/<int:number>/", views.file, name="file"),
    path("<str:code>/join/", acts.join, name="join"),
    path("<str:code>/decline/", acts.decline, name="decline"),
    path("<str:code>/parts/<uuid:key>/done/", acts.complete_part, name="complete_part"),
    path("<str:code>/do/<slug:verb>/", acts.act, name="act"),
]
