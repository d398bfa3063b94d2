"""Which column of a file is taken for what: guessed from its title, or as it was chosen the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hamgara.algorithms.persian.text import key
from hamgara.domain.imports.models import ChosenColumns, Import


@dataclass(frozen=True)
class Target:
    """Something that a row may tell, and by which titles files call it."""

    name: str
    label: Any
    titles: tuple[str, ...]
    required: bool = False


PHONE = Target(
    "phone", gettext_lazy("mobile number"), ("موبایل", "تلفن همراه", "شماره همراه", "تلفن", "mobile", "phone")
)
MAIL = Target("email", gettext_lazy("e-mail"), ("ایمیل", "رایانامه", "نشانی الکترونیکی", "email", "e-mail", "mail"))
LATITUDE = Target("latitude", gettext_lazy("latitude"), ("عرض جغرافیایی", "عرض", "latitude", "lat", "y"))
LONGITUDE = Target("longitude", gettext_lazy("longitude"), ("طول جغرافیایی", "طول", "longitude", "lon", "lng", "x"))

TARGETS: dict[str, tuple[Target, ...]] = {
    Import.Kind.DEMANDS: (
        Target("title", gettext_lazy("title"), ("عنوان", "موضوع", "title", "subject", "summary"), required=True),
        Target("text", gettext_lazy("description"), ("شرح", "متن", "توضیحات", "شرح درخواست", "text", "description")),
        Target("field", gettext_lazy("field"), ("حوزه", "دسته", "گروه موضوعی", "field", "category"), required=True),
        Target("asked", gettext_lazy("date"), ("تاریخ", "تاریخ ثبت", "تاریخ درخواست", "date", "asked"), required=True),
        Target(
            "place", gettext_lazy("place"), ("مکان", "محله", "منطقه", "ناحیه", "place", "district", "neighbourhood")
        ),
        Target("status", gettext_lazy("state"), ("وضعیت", "وضعیت نهایی", "status", "state")),
        Target("answer", gettext_lazy("answer"), ("پاسخ", "نتیجه", "پاسخ واحد", "answer", "response")),
        Target(
            "ended", gettext_lazy("date of its end"), ("تاریخ پاسخ", "تاریخ پایان", "تاریخ بستن", "ended", "closed")
        ),
        Target("unit", gettext_lazy("unit"), ("واحد", "واحد مسئول", "معاونت", "unit", "department")),
        Target("number", gettext_lazy("number in the earlier records"), ("شماره", "کد پیگیری", "شماره پیام", "number")),
        Target("kind", gettext_lazy("kind"), ("نوع", "نوع پیام", "kind", "type")),
        Target("address", gettext_lazy("address"), ("نشانی", "آدرس", "address")),
        LATITUDE,
        LONGITUDE,
        PHONE,
        MAIL,
        Target("name", gettext_lazy("name"), ("نام", "نام و نام خانوادگی", "نام شهروند", "name")),
    ),
    Import.Kind.ORGANISATIONS: (
        Target("name", gettext_lazy("name"), ("نام", "نام سازمان", "عنوان", "name", "organisation"), required=True),
        Target("kind", gettext_lazy("kind"), ("نوع", "گونه", "kind", "type"), required=True),
        Target("name_en", gettext_lazy("name in English"), ("نام انگلیسی", "نام لاتین", "name in english")),
        Target("about", gettext_lazy("about"), ("معرفی", "موضوع فعالیت", "زمینه فعالیت", "about")),
        Target("place", gettext_lazy("seat"), ("نشانی", "محله", "مکان", "منطقه", "seat", "place")),
        LATITUDE,
        LONGITUDE,
        Target(
            "registration_number", gettext_lazy("registration number"), ("شماره ثبت", "شماره پروانه", "registration")
        ),
        Target("authority", gettext_lazy("issuing authority"), ("مرجع صدور", "صادرکننده", "authority")),
        Target("until", gettext_lazy("accredited until"), ("اعتبار تا", "تاریخ اعتبار", "پایان اعتبار", "until")),
    ),
    Import.Kind.PEOPLE: (
        Target("name", gettext_lazy("name"), ("نام", "نام و نام خانوادگی", "name")),
        PHONE,
        MAIL,
    ),
}


def titles_key(titles: Sequence[str]) -> str:
    """The same for the same titles in whatever order."""
    return hashlib.sha256("\n".join(sorted(filter(None, map(key, titles)))).encode()).hexdigest()


def chosen_before(run: Import) -> dict[str, str] | None:
    """What was chosen the last time that a file of this kind with these titles came."""
    found = ChosenColumns.objects.filter(kind=run.kind, titles_key=titles_key(run.titles)).first()
    if found is None:
        return None
    there = {key(title): title for title in run.titles if title}
    return {name: there[key(title)] for name, title in found.columns.items() if key(title) in there}


def guessed(kind: str, titles: Sequence[str]) -> dict[str, str]:
    """The columns whose title is one of those by which files call a thing; each is taken once."""
    free = {key(title): title for title in titles if title}
    columns = {}
    for target in TARGETS[kind]:
        for wished in target.titles:
            if (title := free.pop(key(wished), None)) is not None:
                columns[target.name] = title
                break
    return columns


def problems_with(run: Import, columns: Mapping[str, str]) -> dict[str, str]:
    """What stands against taking these columns: one that must be there, one that is not, one taken twice."""
    problems = {}
    for target in TARGETS[run.kind]:
        title = columns.get(target.name, "")
        if not title:
            if target.required:
                problems[target.name] = _("Choose the column that holds this; without it no row can be taken over.")
        elif title not in run.titles:
            problems[target.name] = _("The file has no column of this title. Choose one that it has.")
        elif list(columns.values()).count(title) > 1:
            problems[target.name] = _("This column is chosen twice. Choose another one for one of the two.")
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if columns.get(one) and not columns.get(other):
            problems.setdefault(other, _("Choose this column too, or neither: a point needs both."))
    if run.kind == Import.Kind.PEOPLE and not (columns.get("phone") or columns.get("email")):
        problems["phone"] = _("Choose the column of mobile numbers or that of e-mail addresses: one of them is needed.")
    return problems
