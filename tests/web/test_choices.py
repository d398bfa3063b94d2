"""Lists to choose from show what Django's own would, and the names of today."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms

from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.organisations import commands
from hamgara.web.choices import ChoiceField, Choices
from hamgara.web.places.fields import place_choices
from tests import factories as make

PAIRS = [
    ("", "every field"),
    ("a&b", "<b>bold</b>"),
    ('q"uote', "quoted «»"),
    ("plain", "plain"),
    ("plain-too", "other"),
]


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


@pytest.mark.parametrize("chosen", [None, "", *(value for value, _label in PAIRS), "unknown", '" selected><script>'])
@pytest.mark.parametrize("choices", [PAIRS, Choices(PAIRS)], ids=["any", "kept"])
def test_it_looks_as_djangos_does(choices: object, chosen: str | None) -> None:
    attrs = {"id": "id_field", "aria-describedby": 'a"b', "disabled": True, "hidden": False}
    ours = ChoiceField(choices=choices).widget.render("field", chosen, attrs)  # type: ignore[arg-type]
    theirs = forms.Select(choices=PAIRS).render("field", chosen, attrs)
    assert _Tags(ours).found == _Tags(theirs).found
    assert ours.startswith('<select name="field"')


def test_it_takes_what_is_in_the_list_alone() -> None:
    field = ChoiceField(choices=Choices(PAIRS))
    assert field.clean("plain") == "plain"
    with pytest.raises(forms.ValidationError):
        field.clean("other")


@pytest.mark.django_db
def test_a_place_that_was_renamed_is_in_the_list_by_its_new_name() -> None:
    place = make.place("محلهٔ دیروز")
    assert "محلهٔ دیروز" in place_choices("–").options
    commands.change_place(by=FOUNDERS, place=place, name="محلهٔ امروز")
    assert "محلهٔ امروز" in place_choices("–").options
    assert "محلهٔ دیروز" not in place_choices("–").options
