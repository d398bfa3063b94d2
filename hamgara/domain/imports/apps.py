"""Imports as a Django app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "hamgara.domain.imports"
    label = "imports"
