"""The app of scorecards."""

from django.apps import AppConfig


class Indicators(AppConfig):
    name = "hamgara.domain.indicators"
    label = "indicators"
