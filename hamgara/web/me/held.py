"""All that the house holds about me: why, how long and for whose eyes, and the whole of it as one file."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.domain.people import queries
from hamgara.domain.people.models import Person
from hamgara.domain.people.queries import Held
from hamgara.web import acting
from hamgara.web.officers import to_second_factor
from hamgara.web.reading import in_language, show_date, show_datetime, to_reader
from hamgara.web.views import reading

RANDOM_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
IN_MEMORY = 2_000_000  # bytes of the file, before it goes to the disk


@reading
@login_required
def held(request: HttpRequest) -> HttpResponse:
    """What stands here about me, table by table, and the way to the file."""
    person: Person = request.user  # type: ignore[assignment]
    tables = [{"kept_for": _kept_for(each), "count": count} for each, count in queries.held_counts(person)]
    return render(request, "me/held.html", {"tables": tables})


@reading
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """All of it as a ZIP: one page to read, the same for machines, and the files. With the second factor, where there
    is one: it is more than any page of the site shows at once."""
    if acting.has_app(request) and not acting.has_second_factor(request):
        return to_second_factor(request)
    person: Person = request.user  # type: ignore[assignment]
    made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 the answer closes it when it has been sent
    write_all(made, person)
    made.seek(0)
    name = f"hamgara-{clock.today().isoformat()}.zip"
    answer = FileResponse(made, as_attachment=True, filename=name, content_type="application/zip")
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


def write_all(to: Any, person: Person) -> None:
    """The ZIP of everything held about `person`."""
    made_at = clock.now()
    tables = [(each, rows) for each in queries.held(person) if (rows := each.rows)]
    machines = [{"table": each.table, "kept_for": _kept_for(each), "rows": rows} for each, rows in tables]
    people = [
        {"kept_for": _kept_for(each), "rows": [list(_readable(each, row)) for row in rows]} for each, rows in tables
    ]
    files = [row[column] for each, rows in tables for column in each.file_columns for row in rows if row[column]]
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        page = render_to_string("me/held_file.html", {"tables": people, "made_at": made_at})
        packed.writestr(_("my-data") + ".html", page)
        told = {"made_at": made_at.isoformat(), "held": machines}
        packed.writestr("my-data.json", json.dumps(told, cls=_Encoder, ensure_ascii=False, indent=1))
        for name in dict.fromkeys(files):
            # A file that was taken off the disk has left its name only.
            if default_storage.exists(name):
                with default_storage.open(name) as file:
                    packed.writestr(f"files/{name}", file.read())


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return bytes(o).hex() if isinstance(o, bytes | memoryview) else super().default(o)


def _kept_for(each: Held) -> list[dict[str, str]]:
    """For what a table's rows are kept, in the reader's language."""
    return [
        {name: in_language(getattr(holding, name)) for name in ("what", "why", "kept", "seen_by")}
        for holding in each.holdings
    ]


def _readable(each: Held, row: Mapping[str, Any]) -> Iterator[str]:
    """A row's values as somebody would say them; what only machines can use stands in the other file."""
    model = apps.get_model(each.table)
    choices = {field.name: dict(field.flatchoices) for field in model._meta.concrete_fields if field.choices}
    for column, value in row.items():
        if column in choices:
            yield str(choices[column].get(value, value or ""))
        elif isinstance(value, datetime):
            yield show_datetime(value)
        elif isinstance(value, date):
            yield show_date(value)
        elif isinstance(value, Mapping | list | tuple):
            yield from _leaves(value)
        elif isinstance(value, int | float) and not isinstance(value, bool) and column != "id":
            yield to_reader(value)
        elif isinstance(value, str):
            yield from _leaves(value)


def _leaves(value: Any) -> Iterator[str]:
    """The words within a value, however deep; random keys say nothing to people."""
    if isinstance(value, Mapping):
        value = value.values()
    if isinstance(value, str):
        if not RANDOM_KEY.fullmatch(value):
            yield value
    elif isinstance(value, Iterable):
        for each in value:
            yield from _leaves(each)
