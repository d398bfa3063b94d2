"""What happens to the settings of demands: fields, routes, and answers that are kept ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class FieldAdded(Event, kind="demands.field_added"):
    field: str
    name: str
    within: str | None

    def subjects(self) -> tuple[str, ...]:
        return (f"field:{self.field}",)


@dataclass(frozen=True, kw_only=True)
class FieldChanged(Event, kind="demands.field_changed"):
    field: str
    changed: dict[str, Any]

    def subjects(self) -> tuple[str, ...]:
        return (f"field:{self.field}",)


@dataclass(frozen=True, kw_only=True)
class RouteSet(Event, kind="demands.route_set"):
    """From now on a unit deals with a field in a part of the city; `unit` is None where a route was taken away."""

    field: str
    place: str
    unit: str | None

    def subjects(self) -> tuple[str, ...]:
        about = (f"field:{self.field}", f"place:{self.place}")
        return about if self.unit is None else (*about, f"organisation:{self.unit}")


@dataclass(frozen=True, kw_only=True)
class _AboutTemplate:
    template: str
    unit: str

    def subjects(self) -> tuple[str, ...]:
        return (f"template:{self.template}",)


@dataclass(frozen=True, kw_only=True)
class TemplateAdded(_AboutTemplate, Event, kind="demands.template_added"):
    """A unit keeps an answer ready: the city's own words, which are public."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class TemplateChanged(_AboutTemplate, Event, kind="demands.template_changed"):
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class TemplateRemoved(_AboutTemplate, Event, kind="demands.template_removed"):
    pass
