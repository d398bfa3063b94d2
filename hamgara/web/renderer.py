"""Draws the plain boxes of forms in Python, for a template takes ten times as long; Django draws the rest."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import Jinja2
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

PLAIN = {f"django/forms/widgets/{kind}.html" for kind in ("checkbox", "email", "hidden", "input", "text", "url")}


class Renderer(Jinja2):
    """What settings.FORM_RENDERER names."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in PLAIN:
            return box(context["widget"])
        return str(super().render(template_name, context, request))


def box(widget: dict[str, Any]) -> SafeString:
    """An <input> as Django's template writes it."""
    given = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        given["value"] = widget["value"]
    attrs = "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in [*given.items(), *widget["attrs"].items()]
        if value is not False
    )
    return mark_safe(f"<input{attrs}>")  # noqa: S308 - every part of it is escaped
