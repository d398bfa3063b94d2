"""Draws docs/states.md from the lifecycles that the models obey: `python -m tests.house.drawing > docs/states.md`."""

from __future__ import annotations

import os
import sys

import django
from django.apps import apps

from hamgara.algorithms.lifecycle import Lifecycle

HEAD = """\
# States

Drawn from the `LIFE` table of each model, which the code obeys; a test compares. To draw it anew:
`python -m tests.house.drawing > docs/states.md`. The names stand in [the glossary](glossary.md).
"""


def lifecycles() -> dict[str, Lifecycle[str]]:
    """Each lifecycle of the house, by its model: «demands.Demand»."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("hamgara."))
    return {model._meta.label: model.LIFE for model in ours if isinstance(getattr(model, "LIFE", None), Lifecycle)}


def page() -> str:
    """The whole of docs/states.md."""
    parts = [f"## `{label}`\n\n```mermaid\n{life.mermaid()}\n```\n" for label, life in lifecycles().items()]
    return "\n".join([HEAD, *parts])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamgara.settings")
    django.setup()
    sys.stdout.write(page())
