"""Demands as a Django app."""

from django.apps import AppConfig


class DemandsConfig(AppConfig):
    name = "hamgara.domain.demands"
    label = "demands"
