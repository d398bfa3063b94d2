"""Likeness of short wishes: what is nearer than what, its bounds, and a slow twin that counts everything anew."""

import random
from math import isclose, log

from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.persian import likeness as module
from hamgara.algorithms.persian.likeness import likenesses
from hamgara.algorithms.persian.stems import of_word
from hamgara.algorithms.persian.text import key

WISHES = [
    "چالهٔ آسفالت در خیابان مدرس کوچهٔ ۱۷ نزدیک نانوایی",
    "گودال وسط آسفالت، مدرس، کوچهٔ ۱۷، کنار نانوایی",
    "چالهٔ آسفالت در خیابان مدرس کوچهٔ ۳۷ نزدیک داروخانه",
    "قطعی مکرر آب در محله",
    "قطعی مکرر برق در محله",
    "روشنایی کوچهٔ گلستان کافی نیست",
]
KEYS = {n: key(wish) for n, wish in enumerate(WISHES)}


def order(wish: str) -> list[int]:
    like = likenesses(key(wish), KEYS)
    return sorted(like, key=lambda n: -like[n])


def test_the_same_spot_in_other_words_stands_before_the_same_words_elsewhere():
    assert order("آسفالت کوچه 17 خیابون مدرس چاله داره جنب نانوایی")[:2] == [0, 1]


def test_a_rare_word_weighs_more_than_frequent_ones():
    assert order("آب")[0] == 3
    assert order("کوچهٔ گلستان تاریک است")[0] == 5


def test_what_is_misspelt_is_found_by_its_letters():
    like = likenesses(key("روشنایب گلستن"), KEYS)
    assert like[5] == max(like.values()) > 0


def test_what_is_known_of_the_letters_is_taken_as_it_is():
    assert likenesses("zebra", {1: "کوچه"}, by_letters={1: 1.0}) == {1: module.LETTERS / (1 + module.LETTERS)}


def test_nothing_is_like_nothing():
    assert likenesses("آب", {}) == {}
    assert likenesses("", KEYS) == dict.fromkeys(KEYS, 0.0)


texts = st.lists(
    st.sampled_from(["کوچه", "خیابان", "مدرس", "17", "37", "چاله", "آسفالت", "نانوایی", "در", "و", "الف"]), max_size=8
).map(" ".join)


@given(texts, st.lists(texts, max_size=6))
def test_likeness_is_a_share(wish, others):
    like = likenesses(wish, dict(enumerate(others)))
    assert like.keys() == set(range(len(others)))
    assert all(0 <= each <= 1 + 1e-9 for each in like.values())


@given(texts, st.lists(texts, max_size=6))
def test_nothing_is_more_like_a_wish_than_itself(wish, others):
    like = likenesses(key(wish), {n: key(text) for n, text in enumerate([wish, *others])})
    assert all(like[0] >= each - 1e-9 for each in like.values())


# --- the twin: each pair by itself, from the definition ---------------------------------------------------------------


def slow(wish: str, texts: list[str]) -> list[float]:
    def parts(text: str) -> list[str]:
        stems = [of_word(word)[0] for word in text.split() if of_word(word)]
        found = list(stems)
        for at in range(1, len(stems)):
            if stems[at - 1].isdecimal() or stems[at].isdecimal():
                found.append(stems[at - 1] + " " + stems[at])
        return sorted(set(found))

    def weight(part: str) -> float:
        return log((len(texts) + 2) / (sum(part in parts(text) for text in texts) + 0.5))

    def grams(text: str) -> list[str]:
        return sorted({f"  {word} "[at : at + 3] for word in text.split() for at in range(len(word) + 1)})

    answers = []
    for text in texts:
        shared = sum(weight(part) for part in parts(text) if part in parts(wish))
        every = sum(weight(part) for part in set(parts(text)) | set(parts(wish)))
        both = len([each for each in grams(text) if each in grams(wish)])
        all_grams = len(set(grams(text)) | set(grams(wish)))
        answers.append(((shared / every if shared else 0) + 0.3 * (both / all_grams if both else 0)) / 1.3)
    return answers


def test_the_slow_twin_agrees():
    chance = random.Random(4)
    words = " ".join(KEYS.values()).split()
    for _n in range(60):
        texts = [" ".join(chance.sample(words, 6)) for _each in range(chance.randrange(1, 12))]
        wish = " ".join(chance.sample(words, 5))
        fast = likenesses(wish, dict(enumerate(texts)))
        assert all(isclose(fast[n], each, abs_tol=1e-9) for n, each in enumerate(slow(wish, texts)))
