"""The parts that pages are made of: what they show in each language, and what they never leave to colour alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import engines
from django.utils import translation
from jinja2 import Environment

from hamgara import clock
from hamgara.web import jinja, reading
from hamgara.web.forms import Form, JalaliDateField, TextField
from hamgara.web.looks import SIGNS, TEXTS, look

WEB = Path(jinja.__file__).parent
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_a_fixed_moment() -> Iterator[None]:
    with translation.override("fa"), clock.standing_at(NOW):
        yield


@pytest.fixture
def env() -> Environment:
    return engines["jinja2"].env  # type: ignore[no-any-return]


def render(env: Environment, part: str, call: str, **context: Any) -> str:
    name = re.match(r"\w+", call)
    assert name is not None
    source = f'{{% from "components/{part}.html" import {name[0]} %}}{{{{ {call} }}}}'
    return env.from_string(source).render(context)


class Balanced(HTMLParser):
    """Fails where a tag is closed that is not open, or stays open."""

    VOID: ClassVar = {
        "input",
        "img",
        "meta",
        "link",
        "br",
        "path",
        "circle",
        "rect",
        "line",
        "polyline",
        "ellipse",
        "polygon",
    }

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
            self.open.pop()

    @classmethod
    def check(cls, page: str) -> None:
        parser = cls()
        parser.feed(page)
        parser.close()
        assert not parser.open


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# --- what readers see of dates and numbers ---


@pytest.mark.parametrize(
    ("shown", "persian", "english"),
    [
        (lambda: reading.show_date(date(2026, 11, 23)), "۲ آذر ۱۴۰۵", "23 November 2026"),
        (lambda: reading.show_date(NOW), "۲ آذر ۱۴۰۵", "23 November 2026"),
        (lambda: reading.number(1234567), "۱٬۲۳۴٬۵۶۷", "1,234,567"),
        (lambda: reading.percent(0.42), "۴۲٪", "42%"),
        (lambda: reading.to_reader("KSH-1405-7"), "KSH-۱۴۰۵-۷", "KSH-1405-7"),
        (lambda: reading.show_date(None), "–", "–"),
        (lambda: reading.percent(None), "–", "–"),
        (lambda: reading.money(None), "–", "–"),
    ],
)
def test_dates_and_numbers_follow_the_reader(shown: Any, persian: str, english: str) -> None:
    assert shown() == persian
    with translation.override("en"):
        assert shown() == english


def test_late_in_the_evening_it_is_already_tomorrow_in_the_city() -> None:
    assert reading.show_date(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)) == "۲ آذر ۱۴۰۵"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=61), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(minutes=61), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=31), "23 October 2026"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_how_long_ago(before: timedelta, said: str) -> None:
    with translation.override("en"):
        assert reading.ago(NOW - before) == said


def test_money_is_told_in_rials_and_tomans() -> None:
    with translation.override("en"):
        assert reading.money(125_000_000) == "125,000,000 rials (12,500,000 tomans)"


def test_a_filter_changes_and_the_rest_of_the_address_stays() -> None:
    given = QueryDict("q=آب&state=admitted&state=received&page=3")
    assert QueryDict(jinja.with_query(given, page=None)[1:]) == QueryDict("q=آب&state=admitted&state=received")
    assert QueryDict(jinja.with_query(given, state="closed", page=1)[1:]) == QueryDict("q=آب&state=closed&page=1")


# --- states ---


def test_every_state_of_the_models_has_a_sign_and_every_sign_a_text() -> None:
    assert {kind: set(states) for kind, states in SIGNS.items()} == {kind: set(texts) for kind, texts in TEXTS.items()}


@pytest.mark.parametrize("kind", SIGNS)
def test_no_state_is_told_by_colour_alone(env: Environment, kind: str) -> None:
    for state in SIGNS[kind]:
        badge = render(env, "states", f"badge('{kind}', '{state}')")
        assert "<svg" in badge
        assert text_of(badge) == look(kind, state).label != ""


def test_two_states_of_one_kind_never_look_alike() -> None:
    for kind, states in SIGNS.items():
        assert len(set(states.values())) == len(states), kind


def test_only_what_independent_people_found_has_the_look_of_the_verified() -> None:
    claims = {("commitment", "reported_done"), ("part", "done")}
    assert all(SIGNS[kind][state][1] == "claim" for kind, state in claims)
    verified = {
        (kind, state) for kind, states in SIGNS.items() for state, sign in states.items() if sign[1] == "verified"
    }
    assert verified == {
        ("demand", "closed"),
        ("commitment", "confirmed"),
        ("review", "settled"),
        ("outcome", "confirmed"),
        ("verdict", "kept"),
        ("organisation", "accredited"),
    }


def test_an_unknown_state_is_a_mistake_of_the_page() -> None:
    with pytest.raises(KeyError):
        look("demand", "nowhere")


@pytest.mark.parametrize(
    ("days", "said", "tone"),
    [(5, "5 days left", "plain"), (1, "1 day left", "claim"), (0, "due today", "claim"), (-1, "1 day late", "clay")],
)
def test_a_deadline_says_how_long(env: Environment, days: int, said: str, tone: str) -> None:
    with translation.override("en"):
        chip = render(env, "states", "deadline(due)", due=clock.today() + timedelta(days=days))
    assert text_of(chip) == said
    assert tone in chip


def test_a_deadline_that_was_met_is_no_longer_late(env: Environment) -> None:
    with translation.override("en"):
        assert text_of(render(env, "states", "deadline(due, met=true)", due=date(2026, 1, 1))) == "1 January 2026"


CLAIM = {"title": "Open until eight", "text": "Evening staff was hired.", "at": NOW}


def test_a_claim_alone_never_reads_as_verified(env: Environment) -> None:
    with translation.override("en"):
        pair = render(env, "states", "claim_and_verdict(claim, none)", claim=CLAIM)
    assert "Not yet verified" in pair
    assert "A claim, not yet a result" in pair
    assert "confirmed" not in pair
    Balanced.check(pair)


def test_a_verdict_stands_beside_the_claim_not_in_its_place(env: Environment) -> None:
    with translation.override("en"):
        pair = render(
            env,
            "states",
            "claim_and_verdict(claim, verdict)",
            claim=CLAIM,
            verdict={"state": "contested", "text": "Closed at two."},
        )
    assert "Evening staff was hired." in pair
    assert "Closed at two." in pair
    assert "Not kept, verified" in pair


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("actor('Maryam')", "Maryam"),
        ("actor('Maryam', body='Mehr', role='Head')", "Maryam on behalf of Mehr · Head"),
        ("actor(none, body='Mehr')", "Mehr"),
        ("actor(none)", "a resident, name not shown"),
    ],
)
def test_an_act_says_in_whose_name(env: Environment, call: str, said: str) -> None:
    with translation.override("en"):
        assert text_of(render(env, "states", call)) == said


# --- what people write is shown, never run ---


HOSTILE = '<script>alert("x")</script>'


@pytest.mark.parametrize(
    ("part", "call"),
    [
        ("ui", "prose(bad)"),
        ("ui", "fact('users', bad)"),
        ("ui", "list_row(bad, '#')"),
        ("ui", "page_head(bad)"),
        ("ui", "code(bad)"),
        ("ui", "empty('inbox', bad, bad)"),
        ("ui", "breadcrumbs([(bad, '#'), (bad, none)])"),
        ("ui", "facts([(bad, bad)])"),
        ("states", "actor(bad, body=bad, role=bad)"),
        ("states", "timeline([{'title': bad, 'at': none, 'text': bad}])"),
        ("states", "claim_and_verdict({'title': bad, 'text': bad}, {'state': 'contested', 'text': bad})"),
        ("media", "attachments([{'url': '#', 'name': bad, 'thumbnail': '#'}])"),
        ("media", "map_box([{'lat': 1, 'lng': 2, 'title': bad}])"),
        ("lists", "table([bad], [[bad]], caption=bad)"),
        ("forms", "denied(bad)"),
    ],
)
def test_markup_in_peoples_words_is_shown_as_it_was_written(env: Environment, part: str, call: str) -> None:
    page = render(env, part, call, bad=HOSTILE)
    assert "<script" not in page
    Balanced.check(page)


# --- forms ---


class Wish(Form):
    title = TextField(label="Title", max_length=5, help_text="In a few words")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    due = JalaliDateField(label="Due", required=False)
    shown = forms.BooleanField(label="Show my name", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_is_labelled_helped_and_described(env: Environment) -> None:
    page = render(env, "forms", "fields(form)", form=Wish())
    Balanced.check(page)
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    controls = set(re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', page))
    assert controls == labelled
    assert page.count("<legend") == 2
    assert 'aria-describedby="id_title_helptext"' in page


def test_an_error_stands_beside_its_field_and_at_the_top(env: Environment) -> None:
    with translation.override("en"):
        form = Wish({"title": "Far too long", "due_day": "1", "due_month": "", "due_year": ""})
        top, page = (
            render(env, "forms", "form_errors(form)", form=form),
            render(env, "forms", "fields(form)", form=form),
        )
    Balanced.check(top)
    targets = re.findall(r'href="#([^"]+)"', top)
    assert len(targets) == 3
    assert all(f'id="{target}"' in page for target in targets)
    for name in ("title", "kind", "due"):
        assert f'id="id_{name}_error"' in page
        assert re.search(rf'aria-describedby="[^"]*id_{name}_error', page)


def test_a_form_without_errors_has_no_summary(env: Environment) -> None:
    assert render(env, "forms", "form_errors(form)", form=Wish()).strip() == ""


def test_filters_keep_what_was_searched(env: Environment) -> None:
    class Search(Form):
        q = TextField(label="Search", required=False)
        state = forms.ChoiceField(label="State", choices=[("", "all"), ("closed", "closed")], required=False)

    page = render(
        env,
        "lists",
        "filters(form, '/demands/', active=1, keep={'view': 'map'})",
        form=Search({"q": "کتاب", "state": "closed"}),
    )
    Balanced.check(page)
    assert 'value="کتاب"' in page
    assert '<option value="closed" selected>' in page
    assert 'name="view" value="map"' in page


def test_pages_lead_on_and_keep_the_filter(env: Environment) -> None:
    page = render(
        env, "lists", "pager(page, given)", page=Paginator(range(50), 10).get_page(2), given=QueryDict("q=x&page=2")
    )
    assert 'href="?q=x&amp;page=1"' in page
    assert 'href="?q=x&amp;page=3"' in page
    assert "۲" in text_of(page)
    assert (
        render(env, "lists", "pager(page, given)", page=Paginator(range(5), 10).get_page(1), given=QueryDict()).strip()
        == ""
    )


# --- the house of templates and style ---


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted((WEB / "templates").rglob("*.html")):
        yield str(path.relative_to(WEB / "templates")), path.read_text()


STANDS_ALONE = "me/held_file.html"  # a page that people take home in a file: no stylesheet of ours is beside it there


def test_no_template_has_style_or_script_of_its_own() -> None:
    for name, source in sources():
        style = "" if name == STANDS_ALONE else r"<style|"
        assert not re.search(style + r"\sstyle=|\son[a-z]+=[\"']|javascript:", source), name
        assert not re.search(r"<script(?![^>]*\ssrc=)", source), name


def test_every_template_says_what_it_is() -> None:
    for name, source in sources():
        assert source.startswith("{#"), name


def test_every_icon_that_a_template_names_exists() -> None:
    for name, source in sources():
        for symbol in re.findall(r'icon\("([a-z0-9-]+)"|symbol="([a-z0-9-]+)"', source):
            assert reading.icon(symbol[0] or symbol[1]), name
    for states in SIGNS.values():
        assert all(reading.icon(sign) for sign, _tone in states.values())


def test_the_style_reads_from_either_side() -> None:
    style = (WEB / "static" / "hamgara.css").read_text()
    assert not re.search(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![-\w.])(?:left|right|top|bottom): ", style
    )
    assert not re.search(r"(?<![-\w])(?:width|height):", style.replace("(max-width:", "").replace("(min-width:", ""))


def test_the_style_stays_small() -> None:
    import brotli

    assert len(brotli.compress((WEB / "static" / "hamgara.css").read_bytes())) < 8_000
    assert len(brotli.compress((WEB / "static" / "hamgara.js").read_bytes())) < 2_800


COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, success criterion 1.4.3."""

    def luminance(colour: str) -> float:
        channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "grounds"),
    [
        ("ink", "paper sheet sunk ochre-wash green-wash clay-wash lapis-wash turquoise-wash"),
        ("soft", "paper sheet sunk ochre-wash green-wash clay-wash lapis-wash"),
        ("lapis", "paper sheet sunk lapis-wash clay-wash ochre-wash green-wash"),
        ("turquoise", "paper sheet turquoise-wash"),
        ("clay", "paper sheet clay-wash"),
        ("ochre", "sheet ochre-wash"),
        ("green", "sheet green-wash"),
        ("cream", "deep"),
    ],
)
def test_every_ink_is_readable_on_its_grounds(ink: str, grounds: str) -> None:
    colours = dict(COLOUR.findall((WEB / "static" / "hamgara.css").read_text()))
    for ground in grounds.split():
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
