"""Every form that leads to an act carries the key by which a form that came twice is known as one act."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.house.source import HOUSE

TEMPLATES = HOUSE / "web" / "templates"
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
# Signing in and out and choosing a language are no acts of the ledger, or are known by a token of their own.
NO_ACTS = ("account/", "mfa/")
ELSEWHERE = ('url("account_logout")', 'url("set_language")', 'method="dialog"')


def forms() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        for form in FORM.findall(path.read_text(encoding="utf-8")):
            head = form.partition("\n")[0]
            if name.startswith(NO_ACTS) or 'method="get"' in form or any(each in head for each in ELSEWHERE):
                continue
            yield name, form


def test_there_are_forms() -> None:
    assert len(list(forms())) > 40


@pytest.mark.parametrize(("name", "form"), [pytest.param(*each, id=each[0]) for each in forms()])
def test_a_form_carries_the_key_of_its_act(name: str, form: str) -> None:
    assert 'name="once"' in form, f"{name}: {form[:160]}"
