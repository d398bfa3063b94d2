"""Every page of the sample city, as its readers come upon it by its links: it answers, and asks the database little."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from hamgara.domain.organisations.models import Mandate
from hamgara.domain.people.models import Person
from hamgara.web import context
from tests import sample_city
from tests.web.readers import reader
from tests.web.sending import MOST_QUERIES, asked_of_the_database

pytestmark = pytest.mark.django_db

LINKS = re.compile(r'href="(/[^"#]*)')
ELSEWHERE = ("/static/", "/media/", "/accounts/")
OF_A_KIND = 2  # pages with the same kind of address
# Whoever is signed in is looked up with what waits for them (session, person, mandates, work), and what stands for or
# against what they may do on the page.
SIGNED_IN = 6
# «My page» is eleven lists on one page; the file of my data reads each table once.
EVERYTHING_OF_MINE = {"/me/": 22, "/me/data/all.zip": 60}


def pages(browser: Client) -> Iterator[tuple[str, HttpResponse, list[str]]]:
    """From the home page along all links: the address, the answer, and what was asked of the database for it."""
    ahead, seen, kinds = ["/"], set(), Counter[str]()
    while ahead:
        address = ahead.pop(0)
        if address in seen or address.startswith(ELSEWHERE):
            continue
        seen.add(address)
        path, _mark, query = address.partition("?")
        kind = resolve(path).route + ("?" if query else "")
        kinds[kind] += 1
        if kinds[kind] > OF_A_KIND:
            continue
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(address)
        answer.getvalue()  # to its end, where it is a file that is sent piece by piece
        yield address, answer, asked_of_the_database(asked)
        if answer.get("Content-Type", "").startswith("text/html"):
            ahead += [unescape(found) for found in LINKS.findall(answer.content.decode())]


def readers() -> Iterator[tuple[str, Client, int]]:
    """Who reads, and what a page may ask of the database for them."""
    yield "a stranger", reader(), MOST_QUERIES
    most = MOST_QUERIES + SIGNED_IN
    supporter = Person.objects.filter(demands__isnull=False, mandates=None).first()
    yield "a citizen", reader(supporter), most
    for who, held in {
        "an organisation's head": {"role": "head", "organisation__kind": "ngo"},
        "an officer": {"organisation__kind": "municipal_unit", "organisation__is_participation_office": False},
        "the office": {"organisation__is_participation_office": True},
    }.items():
        mandate = Mandate.objects.filter(**held).order_by("pk").select_related("person")[0]
        yield who, reader(mandate.person, second_factor=True), most


@pytest.mark.long
def test_every_page_answers_and_asks_little() -> None:
    sample_city.load()
    context.city()  # read once a process
    found = [
        f"{who}: {address} answers {answer.status_code} and asks {len(asked)} times\n  " + "\n  ".join(asked)
        for who, browser, most in readers()
        for address, answer, asked in pages(browser)
        if answer.status_code not in (200, 302) or len(asked) > EVERYTHING_OF_MINE.get(address, most)
    ]
    assert not found, "\n".join(found)
