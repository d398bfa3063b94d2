"""Commitments: they bind field, value and salt, and are what their description says, byte for byte."""

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.canonical import NotCanonical
from hamgara.algorithms.commitment import commit, opens

SALT = bytes(range(32))
salts = st.binary(min_size=16, max_size=32)
personal = st.text() | st.dictionaries(st.sampled_from(["name", "phone"]), st.text()) | st.none() | st.integers(0, 99)


def described(field, value, salt):
    """The commitment as its description says, with the standard library alone."""
    salt_text = base64.b64encode(salt, altchars=b"-_").decode().replace("=", "")
    body = json.dumps([salt_text, field, value], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(b"hamgara-commitment-v1\0" + body.encode()).digest()
    return base64.b64encode(digest, altchars=b"-_").decode().replace("=", "")


@given(st.text(), personal, salts)
def test_it_is_what_its_description_says(field, value, salt):
    made = commit(field, value, salt)
    assert made == described(field, value, salt)
    assert len(made) == 43
    assert opens(made, field, value, salt)


def test_it_stays_the_same_over_the_years():
    # Written down once: a change here would close every commitment in the ledger for ever.
    assert commit("data.name", "مریم کاشانی", SALT) == "eOxh3isfEywgLXAs0iJE6oRzw2q0vimGZIEBMmE--zg"


@given(st.tuples(st.text(), personal, salts), st.tuples(st.text(), personal, salts))
def test_nothing_else_opens_it(one, other):
    written = [json.dumps(field_and_value, sort_keys=True) for field_and_value in (one[:2], other[:2])]
    same = written[0] == written[1] and one[2] == other[2]
    assert opens(commit(*one), *other) == same


def test_field_and_value_cannot_trade_places():
    assert commit("a", "b", SALT) != commit("b", "a", SALT)
    assert commit("data.name", "x", SALT) != commit("data.phone", "x", SALT)


@pytest.mark.parametrize("length", [0, 8, 15, 33, 64])
def test_a_salt_that_hides_nothing_is_refused(length):
    with pytest.raises(ValueError, match="16 to 32 bytes"):
        commit("data.name", "x", b"x" * length)


def test_a_value_without_canonical_form_is_refused():
    with pytest.raises(NotCanonical):
        commit("data.name", {1: 2}, SALT)


def test_a_commitment_in_other_letters_opens_nothing():
    assert not opens("ی" * 43, "data.name", "x", SALT)
