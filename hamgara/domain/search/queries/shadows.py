"""Which rows can be found, and by what: a row's document, made of the row as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import translation

from hamgara.algorithms.persian.stems import STEMS_VERSION, stems
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Answer, Demand, Field
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Offer, Organisation, Place
from hamgara.domain.search.models import Document

NOTHING_KEYED: Mapping[str, str] = MappingProxyType({})
NAMES, A_NAME = "BC", 200  # the weights with which names stand, and letters of the longest of them
MOST_STEMS = 400  # of one row: what comes after a page of text adds nothing
MOST_POSITIONS = 3  # of one stem: whoever repeats a word is not found before others

Kind = Document.Kind


def published_demands() -> QuerySet[Demand]:
    return demands.published()


def published_organisations() -> QuerySet[Organisation]:
    return organisations.directory(units=True)


def published_commitments() -> QuerySet[Commitment]:
    found = Commitment.objects.exclude(state__in=commitments.NOT_PROMISES)
    return found.exclude(demand__state__in=Demand.UNPUBLISHED)


def published_answers() -> QuerySet[Answer]:
    """What the city said in words; a promise is found as itself."""
    return (
        Answer.objects.exclude(kind=Answer.Kind.PROMISE).exclude(demand__state__in=Demand.UNPUBLISHED).exclude(text="")
    )


PUBLISHED: dict[str, Callable[[], QuerySet[Any]]] = {
    Kind.DEMAND: published_demands,
    Kind.ORGANISATION: published_organisations,
    Kind.COMMITMENT: published_commitments,
    Kind.ANSWER: published_answers,
}


# How things stand, in the words of the lists' own tabs; what is in none of them cannot be asked for by its state.
STANDINGS = ("waiting", "promised", "verified", "refused", "past")
STANDING: dict[str, str] = {
    Demand.State.RECEIVED: "waiting",
    Demand.State.ADMITTED: "waiting",
    Demand.State.ANSWERED: "promised",
    Demand.State.CLOSED: "verified",
    Demand.State.REFUSED: "refused",
    Demand.State.NOT_DOABLE: "refused",
    Demand.State.FILED: "past",
} | {
    **dict.fromkeys(Commitment.LIVE, "promised"),
    **dict.fromkeys(Commitment.VERIFIED, "verified"),
}


@dataclass(frozen=True)
class Names:
    """What places and fields are called: a demand is also found by where it is and what it is about."""

    places: dict[str, str]
    fields: dict[str, str]

    @classmethod
    def now(cls) -> Names:
        # The city's own name would be found everywhere.
        below = Place.objects.exclude(level=Place.Level.CITY)
        return cls(
            places={each.code: f"{each.name} {each.name_en}" for each in below},
            fields={each.code: f"{each.name} {each.name_en}" for each in Field.objects.all()},
        )

    def of(self, place: Place | None, field: Field | None) -> str:
        places = (self.places.get(code, "") for code in (place.path.split("/") if place else ()))
        fields = (self.fields.get(code, "") for code in (field.path.split("/") if field else ()))
        return " ".join((*places, *fields))


def marks(
    kind: str, *, place: Place | None = None, field: Field | None = None, standing: str | None = None
) -> list[str]:
    """What a document of this kind, place, field and standing is marked with; no stem looks like a mark."""
    return [
        f"!{kind}",
        *(f"@{code}" for code in (place.path.strip("/").split("/") if place else ())),
        *(f"#{code}" for code in (field.path.strip("/").split("/") if field else ())),
        *([f"={standing}"] if standing else []),
    ]


def vector(marked: Iterable[str], keyed: Mapping[str, str] = NOTHING_KEYED, **texts: str) -> str:
    """A tsvector in PostgreSQL's own writing: the marks, and each text's stems with the weight given, A to D.

    `keyed` has the search keys of texts, by their weight, which were made when they were written.
    """
    at, found = 0, dict[str, list[str]]()
    for weight, text in texts.items():
        is_name = weight in NAMES and len(text) <= A_NAME
        for stem in (_of_names(text) if is_name else stems(text, keyed.get(weight)))[:MOST_STEMS]:
            at += 1
            places = found.setdefault(stem, [])
            if len(places) < MOST_POSITIONS:
                places.append(f"{at}{weight}")
    written = [f"'{stem}':{','.join(places)}" for stem, places in found.items()]
    return " ".join((*written, *(f"'{mark}'" for mark in marked)))


@lru_cache(maxsize=2048)
def _of_names(text: str) -> list[str]:
    """The same few bodies, places and fields are named in every document."""
    return stems(text)


def documents(kind: str, rows: QuerySet[Any], names: Names) -> list[Document]:
    """The documents of those rows that are published."""
    return list(_MADE[kind](rows, names))


def missing(kind: str) -> QuerySet[Any]:
    """Published rows without a document, or with one made by older rules."""
    current = Document.objects.filter(**{kind: OuterRef("pk")}, version=STEMS_VERSION)
    return PUBLISHED[kind]().filter(~Exists(current)).order_by("pk")


def lacking() -> int:
    """How many published rows have no document, or an old one."""
    return sum(missing(kind).count() for kind in Kind.values)


def published_titles() -> Iterator[str]:
    """What everything that can be found is called."""
    yield from published_demands().values_list("title", flat=True).iterator(chunk_size=5000)
    yield from published_organisations().values_list("name", flat=True)
    yield from published_commitments().values_list("title", flat=True).iterator(chunk_size=5000)
    yield from Place.objects.values_list("name", flat=True)
    yield from Field.objects.values_list("name", flat=True)


def _of_demands(rows: QuerySet[Demand], names: Names) -> Iterable[Document]:
    for each in rows.select_related("place", "field", "on_behalf"):
        standing = STANDING.get(each.state)
        yield Document(
            kind=Kind.DEMAND,
            demand=each,
            stems=vector(
                marks(Kind.DEMAND, place=each.place, field=each.field, standing=standing),
                {"A": each.title_key, "D": each.search_key[len(each.title_key) :]},
                A=each.title,
                B=each.on_behalf.name if each.on_behalf else "",
                C=names.of(each.place, each.field),
                D=each.text,
            ),
            at=each.submitted_at,
            version=STEMS_VERSION,
        )


def _of_organisations(rows: QuerySet[Organisation], names: Names) -> Iterable[Document]:
    offers = Prefetch("offers", Offer.objects.select_related("capability"))
    for each in rows.select_related("seat").prefetch_related(offers):
        with translation.override("fa"):
            kind = each.get_kind_display()  # type: ignore[attr-defined]
        offered = " ".join(f"{offer.capability.name} {offer.capability.name_en}" for offer in each.offers.all())
        yield Document(
            kind=Kind.ORGANISATION,
            organisation=each,
            stems=vector(
                marks(Kind.ORGANISATION, place=each.seat),
                A=f"{each.name} {each.name_en}",
                B=kind,
                C=f"{names.of(each.seat, None)} {offered}",
                D=f"{each.about} {each.about_en}",
            ),
            at=each.since,
            version=STEMS_VERSION,
        )


def _of_commitments(rows: QuerySet[Commitment], names: Names) -> Iterable[Document]:
    for each in rows.select_related("demand__place", "demand__field").prefetch_related(commitments.promisers()):
        place, field = each.demand.place, each.demand.field
        yield Document(
            kind=Kind.COMMITMENT,
            commitment=each,
            stems=vector(
                marks(Kind.COMMITMENT, place=place, field=field, standing=STANDING.get(each.state)),
                {"A": each.title_key},
                A=each.title,
                B=" ".join(body.name for body in each.bodies),
                C=names.of(place, field),
                D=each.what,
            ),
            at=each.promised_at or each.created_at,
            version=STEMS_VERSION,
        )


def _of_answers(rows: QuerySet[Answer], names: Names) -> Iterable[Document]:
    for each in rows.select_related("demand__place", "demand__field"):
        place, field = each.demand.place, each.demand.field
        yield Document(
            kind=Kind.ANSWER,
            answer=each,
            stems=vector(
                marks(Kind.ANSWER, place=place, field=field, standing=STANDING.get(each.demand.state)),
                {"D": each.demand.title_key},
                B=each.text,
                C=names.of(place, field),
                D=each.demand.title,
            ),
            at=each.at,
            version=STEMS_VERSION,
        )


_MADE: dict[str, Callable[[QuerySet[Any], Names], Iterable[Document]]] = {
    Kind.DEMAND: _of_demands,
    Kind.ORGANISATION: _of_organisations,
    Kind.COMMITMENT: _of_commitments,
    Kind.ANSWER: _of_answers,
}
