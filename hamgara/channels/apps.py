"""The channels as a Django app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "hamgara.channels"
    label = "channels"
