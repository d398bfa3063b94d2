"""The data that is measured on: the sample city, people, and as many demands as asked for, all made by commands."""

from __future__ import annotations

import json
import os
import random
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import psycopg

from hamgara.cli import prepare, var
from hamgara.integrations import database

PEOPLE = 1000
SUPPORTED = 200  # demands that people support and comment
CHANCE = 20260101  # the same data each time
COPY = "measured"
BATCH = 100  # commands a transaction: for speed
SUBJECTS = """
    چراغ پیاده‌رو نیمکت سایه‌بان کتابخانه بوستان آسفالت جوی زباله درخت آبخوری سرویس سکو تابلو کارگاه کلاس
""".split()  # noqa: SIM905
WISHES = """
    تعمیر نصب افزودن پاکیزه‌کردن نوسازی گسترش بازگشایی هموارکردن جابه‌جایی رنگ‌آمیزی نگهداری
""".split()  # noqa: SIM905
WHERES = """
    مدرسه مسجد ایستگاه بازارچه درمانگاه میدان کوچه خیابان ورزشگاه فرهنگسرا پل حسینیه
""".split()  # noqa: SIM905


@dataclass
class Seeded:
    """What the measuring needs to know of the data."""

    mark: str
    demands: list[str]  # codes of those with support and comments
    sessions: list[str]  # cookies of signed-in people
    field: str
    place: str


def title(chance: random.Random) -> str:
    return (
        f"{chance.choice(WISHES)} {chance.choice(SUBJECTS)} کنار {chance.choice(WHERES)} شمارهٔ {chance.randrange(90)}"
    )


def seed(socket: Path, demands: int) -> Seeded:
    """Make the data, unless it is there and the same tables and this very file made it."""
    noted = var() / "seeded.json"
    if noted.exists():
        found = Seeded(**json.loads(noted.read_text()))
        if found.mark == _mark(socket):
            return found
    with psycopg.connect(database.address(socket, "postgres"), autocommit=True) as connection:
        for name in (COPY, database.NAME):
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {database.NAME}")
    os.environ["DATABASE_URL"] = database.address(socket, database.NAME)
    for step in prepare.needed(os.environ["DATABASE_URL"], sample=True):
        print(f"  · {step.__doc__}", flush=True)
        step()
    made = _fill(demands)
    made.mark = _mark(socket)
    noted.write_text(json.dumps(asdict(made)))
    return made


def fresh_copy(socket: Path) -> str:
    """A copy of the data that the run may change; its address."""
    with psycopg.connect(database.address(socket, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {COPY}")
        connection.execute(f"CREATE DATABASE {COPY} TEMPLATE {database.NAME}")
    url = database.address(socket, COPY)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    return url


def _mark(socket: Path) -> str:
    return prepare.tables_mark(database.address(socket, database.NAME)) + prepare.mark([Path(__file__)])


def _fill(demands: int) -> Seeded:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db import connection, transaction

    from hamgara import clock
    from hamgara.domain.demands import commands
    from hamgara.domain.demands.models import Demand, Field
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.ledger.jobs import catch_up
    from hamgara.domain.organisations.models import ActingPerson, Place
    from hamgara.domain.people import commands as people

    session_store = import_module(settings.SESSION_ENGINE).SessionStore
    chance = random.Random(CHANCE)  # noqa: S311 - data to measure on
    print(f"  · {PEOPLE} people and {demands} demands", flush=True)
    with transaction.atomic():
        authors = [people.register(by=FOUNDERS, name=f"شهروند {number}") for number in range(PEOPLE)]
    fields = [each for each in Field.objects.all() if each.takes_demands]
    places = list(Place.objects.filter(level="neighbourhood"))
    made: list[Demand] = []
    now = clock.now()
    while len(made) < demands:
        with transaction.atomic(), clock.standing_at(now - timedelta(hours=demands - len(made))):
            for _ in range(min(BATCH, demands - len(made))):
                place = chance.choice(places)
                made.append(
                    commands.submit(
                        by=ActingPerson(chance.choice(authors)),
                        kind=chance.choice(Demand.Kind.values),
                        title=title(chance),
                        text=" ".join(title(chance) for _ in range(chance.randrange(1, 12))),
                        field=chance.choice(fields),
                        place=place,
                        point=None if place.latitude is None else (place.latitude, place.longitude),
                    )
                )
    liked = chance.sample(made, SUPPORTED)
    with transaction.atomic():
        for demand in liked:
            for who in chance.sample(authors, 5):
                if who.pk != demand.author_id:
                    commands.support(by=ActingPerson(who), demand=demand)
            commands.comment(by=ActingPerson(chance.choice(authors)), demand=demand, text=title(chance))
    catch_up()
    sessions = []
    for who in authors:
        session = session_store()
        session[SESSION_KEY] = str(who.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = who.get_session_auth_hash()
        session.create()
        sessions.append(session.session_key)
    connection.close()
    return Seeded("", [each.code for each in liked], sessions, fields[0].code, places[0].code)
