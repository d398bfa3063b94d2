"""Addresses of my page."""

from django.urls import path

from hamgara.web.me import held, leaving, lists, mail, views

app_name = "me"
urlpatterns = [
    path("", views.home, name="home"),
    path("demands/", lists.mine, name="mine"),
    path("following/", lists.following, name="following"),
    path("news/", lists.all_news, name="news"),
    path("profile/", views.profile, name="profile"),
    path("mail/", mail.mail, name="mail"),
    path("mail/code/", mail.code, name="mail_code"),
    path("mail/remove/", mail.remove, name="mail_remove"),
    path("data/", held.held, name="held"),
    path("data/all.zip", held.download, name="download"),
    path("erase/", leaving.erase, name="erase"),
    path("erase/stop/", leaving.keep, name="keep"),
    path("notices/seen/", views.seen, name="seen"),
]
