"""The Jinja2 environment of every page: gettext, links, and what the reader's language makes of dates and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.http import QueryDict
from django.templatetags import static
from django.utils import translation
from markupsafe import Markup

from hamgara.web import parts, rows
from hamgara.web.addresses import url
from hamgara.web.looks import look
from hamgara.web.reading import (
    ago,
    days_to,
    direction,
    filesize,
    icon,
    language,
    money,
    number,
    percent,
    phone,
    show_date,
    show_datetime,
    to_reader,
)


@lru_cache(maxsize=256)
def static_file(name: str) -> str:
    """{{ static("hamgara.css") }}: the address of a file, with the hash of what is in it."""
    return static.static(name)


def map_server() -> str:
    """Where map pictures come from; empty where the city has named no server."""
    return str(settings.MAP_TILES)


def with_query(given: Mapping[str, Any], **changes: object) -> str:
    """The query string of this page with some values changed; a value of None leaves the parameter out."""
    query = given.copy() if isinstance(given, QueryDict) else QueryDict(mutable=True)
    if not isinstance(given, QueryDict):
        query.update({name: str(value) for name, value in given.items()})
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


# Jinja's own wrappers of gettext do the same through its context, at three times the price.
def gettext(message: str, /, **values: object) -> str:
    """{{ _("Page %(page)s", page=…) }}: a translated text that may hold markup of ours; the values are escaped."""
    text = Markup(translation.gettext(message))  # noqa: S704 — the text is the house's, from the code or the catalogue
    return text % values if "%" in text else text


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """{{ ngettext("%(n)s voice", "%(n)s voices", voices, n=voices|number) }}: the form that fits the number."""
    text = Markup(translation.ngettext(singular, plural, count))  # noqa: S704
    return text % {"num": count, **values} if "%" in text else text


def environment(**options: Any) -> jinja2.Environment:
    """The environment that settings.TEMPLATES names."""
    options |= {"extensions": ["jinja2.ext.i18n"], "trim_blocks": True, "lstrip_blocks": True}
    del options["autoescape"]  # never anything else than on
    env = jinja2.Environment(autoescape=True, **options)
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals.update(
        {
            "_": gettext,
            "days_to": days_to,
            "direction": direction,
            "gettext": gettext,
            "icon": icon,
            "language": language,
            "look": look,
            "map_server": map_server,
            "ngettext": ngettext,
            "parts": parts,
            "rows": rows,
            "static": static_file,
            "url": url,
            "with_query": with_query,
        }
    )
    env.filters.update(
        {
            "ago": ago,
            "date": show_date,
            "datetime": show_datetime,
            "digits": to_reader,
            "filesize": filesize,
            "money": money,
            "number": number,
            "percent": percent,
            "phone": phone,
        }
    )
    return env
