"""Addresses of demands."""

from django.urls import path

from hamgara.web.demands import exports, making, paper, views

app_name = "demands"
urlpatterns = [
    path("", views.listing, name="list"),
    path("demands.<str:written>", exports.export, name="export"),
    path("new/", making.new, name="new"),
    path("near/", making.near, name="near"),
    path("track/", views.track, name="track"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/file.pdf", paper.pdf, name="paper"),
    path("<str:code>/files/<int:number>/", views.file, name="file"),
    path("<str:code>/support/", views.support, name="support"),
    path("<str:code>/unsupport/", views.withdraw_support, name="withdraw_support"),
    path("<str:code>/follow/", views.follow, name="follow"),
    path("<str:code>/unfollow/", views.unfollow, name="unfollow"),
    path("<str:code>/comment/", views.comment, name="comment"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:code>/appeal/", views.appeal, name="appeal"),
    path("<str:code>/tell-more/", views.tell_more, name="tell_more"),
    path("<str:code>/done/", views.really_done, name="really_done"),
    path("<str:code>/reopen/", views.reopen, name="reopen"),
    path("<str:code>/call-for-reopening/", views.call_for_reopening, name="call_for_reopening"),
]
