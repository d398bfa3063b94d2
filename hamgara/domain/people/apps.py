"""People as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hamgara.domain.people"
    label = "people"
