"""Organisations as a Django app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "hamgara.domain.organisations"
    label = "organisations"
