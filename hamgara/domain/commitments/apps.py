"""Commitments as a Django app."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "hamgara.domain.commitments"
    label = "commitments"
