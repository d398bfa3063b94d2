"""The app of searching."""

from django.apps import AppConfig


class Search(AppConfig):
    name = "hamgara.domain.search"
    label = "search"
