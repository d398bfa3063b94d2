"""Oversight as a Django app."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "hamgara.domain.oversight"
    label = "oversight"
