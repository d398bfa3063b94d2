"""Every personal column is in charter/retention.yaml, with a way out that its own foreign key allows."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hamgara import charter
from hamgara.algorithms.persian.digits import to_persian
from hamgara.domain.people.models import Person

RETENTION = yaml.safe_load((charter.FOLDER / "retention.yaml").read_text(encoding="utf-8"))
# Tables of libraries that hold no person: rights that nobody has, names of tables, jobs without arguments.
IMPERSONAL_APPS = {"auth", "contenttypes", "procrastinate"}
# Columns of these kinds can hold something about a person, unless their values come from a closed list.
TELLING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.FloatField,
    models.BinaryField,
    models.UUIDField,
    ArrayField,
)
WAYS_OUT = {"emptied", "row_goes", "link_cut", "nameless", "by_itself", "stays"}
# What a foreign key to a person must do for the way out to be open.
KEYS = {"row_goes": models.CASCADE, "link_cut": models.SET_NULL, "nameless": models.PROTECT}


def columns() -> dict[str, models.Field[Any, Any]]:
    """Every column of the house, and of the libraries that keep persons, as «app.Model.field»."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        if model._meta.app_label not in IMPERSONAL_APPS
        for field in model._meta.concrete_fields
    }


def may_be_personal(name: str, field: models.Field[Any, Any]) -> bool:
    if name.startswith("people."):
        return True
    if field.is_relation:
        return field.related_model is Person
    return isinstance(field, TELLING) and not field.choices


def personal() -> dict[str, dict[str, Any]]:
    return {column: entry for entry in RETENTION["personal"] for column in entry["columns"]}


def test_every_column_that_may_be_personal_is_named() -> None:
    named = personal().keys() | RETENTION["public"].keys()
    missing = [name for name, field in columns().items() if may_be_personal(name, field) and name not in named]
    assert not missing, "say in charter/retention.yaml why these are kept, or why they are not personal"


def test_every_named_column_exists() -> None:
    assert not (personal().keys() | RETENTION["public"].keys()) - columns().keys()


def test_no_column_is_named_twice() -> None:
    named = [column for entry in RETENTION["personal"] for column in entry["columns"]] + list(RETENTION["public"])
    assert sorted(named) == sorted(set(named))


def test_each_personal_column_has_its_reason_time_readers_and_way_out() -> None:
    for entry in RETENTION["personal"]:
        assert entry.keys() - {"period"} == {"columns", "what", "why", "kept", "seen_by", "erased"}, entry["columns"]
        assert all(entry.values()), entry["columns"]
        assert entry["erased"] in WAYS_OUT, entry["columns"]
    assert all(RETENTION["public"].values())


def test_whoever_points_to_a_person_lets_go_in_the_way_that_is_said() -> None:
    entries = personal()
    for name, field in columns().items():
        if field.is_relation and field.related_model is Person:
            assert field.remote_field.on_delete is KEYS[entries[name]["erased"]], name


@pytest.mark.parametrize("period", RETENTION["periods"])
def test_the_code_obeys_the_periods(period: str) -> None:
    said = RETENTION["periods"][period]
    module, _dot, name = said["obeyed_by"].rpartition(".")
    holder = settings if module == "django.conf.settings" else importlib.import_module(module)
    obeyed = getattr(holder, name)
    assert (obeyed if isinstance(obeyed, timedelta) else timedelta(seconds=obeyed)) == timedelta(days=said["days"])


def test_the_periods_are_those_that_the_columns_speak_of() -> None:
    for name, said in RETENTION["periods"].items():
        of_it = [entry["kept"] for entry in RETENTION["personal"] if entry.get("period") == name]
        assert of_it, name
        assert all(f"{said['days']} days" in kept["en"] for kept in of_it), name
        assert all(f"{to_persian(str(said['days']))} روز" in kept["fa"] for kept in of_it), name
