"""Moderation as a Django app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "hamgara.domain.moderation"
    label = "moderation"
