"""The publication as a Django app."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "hamgara.domain.publication"
    label = "publication"
