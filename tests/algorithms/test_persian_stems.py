"""Stems: which words of a city's demands meet and which stay apart, checked by hand and by a slow twin."""

import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.persian import stems as module
from hamgara.algorithms.persian.stems import of_word, sought, stems
from hamgara.algorithms.persian.text import ALPHABET, key

Z = "\u200c"

# Judged by hand, word by word: each row is one word as people of a city write it.
FAMILIES = [
    "خیابان خیابون خیابان‌ها خیابان‌های خیابانی خیابونا خیابان‌هایمان خيابان‌هاي خیابون‌های خیابانها خیابانهای",
    "کوچه کوچه‌ای کوچه‌ها کوچه‌هامون کوچه‌مان کوچه‌های كوچه كوچه‌ي کوچهٔ",
    "محله محلات محله‌ها محله‌مان محله‌هایمان محلهٔ",
    "مشکل مشکلات مشکلی مشکل‌ها مشکلاتی",
    "درخت درختان درخت‌ها درختی درختانی درخت‌های",
    "نوجوان نوجوانان نوجوونا نوجوان‌ها",
    "سالمند سالمندان سالمندانی",
    "شهروند شهروندان شهروندی",
    "شهرداری شهرداری‌ها شهرداری‌های",
    "سگ سگ‌ها سگ‌های سگان",
    "بزرگ بزرگ‌تر بزرگترین بزرگ‌ترین بزرگی",
    "زباله زباله‌ها زباله‌های زبالهٔ آشغال آشغال‌ها",
    "منطقه مناطق منطقه‌ای منطقه‌های منطقهٔ",
    "معبر معابر معبرها",
    "راننده رانندگان راننده‌ها رانندگی",
    "کتابخانه کتابخانه‌ها کتابخونه كتابخانه کتابخانه‌های کتابخانهٔ",
    "کودک کودکان کودکانی بچه بچه‌ها بچه‌های",
    "جاده جاده‌ها جادهٔ جاده‌های",
    "ورزش ورزشی ورزش‌ها",
    "پیاده‌رو پیاده‌روی پیاده‌روها پیاده‌روهای پیادهرو",
    "آلوده آلودگی آلودگی‌ها",
    "شکسته شکستگی",
    "خراب خرابی خرابی‌ها",
    "تاریک تاریکی تاریک‌تر",
    "مدرسه مدارس مدرسه‌ها مدرسه‌ای مدرسهٔ",
    "چاله چاله‌ها چاله‌های چالهٔ",
    "چراغ چراغ‌ها چراغی چراغ‌های",
    "جلسه جلسات جلسه‌ها",
    "میدان میدون میدان‌ها میدونا",
    "حمام حموم",
    "زن زنان زن‌ها",
    "باران بارون بارانی",
    "فاضلاب فاضلاب‌ها فاضلابی",
    "همسایه همسایه‌ها همسایگان همسایه‌هامون",
    "معلول معلولان معلولی",
    "شب شب‌ها",
    "12 ۱۲ ١٢ 012",
]
# Words that look alike and are not one.
APART = [
    "آب برق گاز تلفن",
    "بار باران",
    "مهم مهمان",
    "فرم فرمان",
    "زن زندان",
    "شهر شهرداری",
    "باز بازی",
    "تن تنها",
    "دختر دفتر",
    "درخت درخشان",
    "گربه سگ",
    "خط خطر",
    "پل پلاک پله",
    "کار کارگر کارگاه",
    "سال سالن",
    "چراغ چرا",
    "1 11 12",
]


def first(word: str) -> set[str]:
    """The stems by which a word is sought, its compounds' parts left out."""
    return {reading[0] for wish in sought(word)[:1] for reading in wish if len(reading) == 1}


@pytest.mark.parametrize("row", FAMILIES, ids=lambda row: row.split()[0])
def test_the_forms_of_one_word_meet(row):
    lost = [(one, other) for one, other in combinations(row.split(), 2) if first(one).isdisjoint(stems(other))]
    assert not lost


@pytest.mark.parametrize("row", APART, ids=lambda row: row.split()[0])
def test_different_words_stay_apart(row):
    met = [(one, other) for one, other in combinations(row.split(), 2) if not first(one).isdisjoint(stems(other))]
    assert not met


def test_no_family_meets_another():
    whole = [set().union(*(stems(word) for word in row.split())) for row in FAMILIES]
    for (one, mine), (other, theirs) in combinations(zip(FAMILIES, whole, strict=True), 2):
        assert mine.isdisjoint(theirs), (one.split()[0], other.split()[0], mine & theirs)


@pytest.mark.parametrize(
    "text", ["و", "در این که از", ["لطفاً", "رسیدگی", "نمی\u200cشود؟"][0], "را", "", "؟!", "د", Z, "the of"]
)
def test_words_that_say_nothing_have_no_stems(text):
    assert stems(text) == []
    assert sought(text) == []


def test_a_compound_is_found_whole_and_by_its_parts_however_it_was_written():
    for written in (f"پیاده{Z}رو", "پیاده رو", "پیادهرو"):
        for asked in (f"پیاده{Z}رو", "پیاده رو"):
            there = set(stems(written))
            assert all(any(set(reading) <= there for reading in wish) for wish in sought(asked)), (written, asked)


def test_numbers_are_themselves():
    assert stems("منطقهٔ ۲") == ["منطقه", "2"]
    assert stems("کوچه۱۷") == stems("کوچهٔ 17")
    assert sought("۰۰۷") == [(("7",),)]


def test_what_stands_for_a_broken_plural_or_a_spoken_word_is_a_stem_that_stays():
    for value in module._BROKEN.values():
        assert value in of_word(value), value
    for spoken, value in module._SPOKEN.items():
        assert of_word(spoken) == of_word(value), spoken


words = st.text(st.sampled_from(ALPHABET + "0189a" + Z), max_size=14)


@given(st.lists(words, max_size=6).map(" ".join))
def test_stems_are_plain_and_of_bounded_number(text):
    found = stems(text)
    assert all(stem.isalnum() and len(stem) <= module.LONGEST + 4 for stem in found)
    assert len(found) <= 4 * len(text.split()) + 4 * text.count(Z) + 4
    for wish in sought(text):
        assert wish
        assert all(reading for reading in wish)


@given(words)
def test_whatever_is_written_is_found_by_itself(word):
    there = set(stems(word))
    assert all(any(set(reading) <= there for reading in wish) for wish in sought(word))


# --- the twin: the same endings, tried letter by letter and without a regular expression ------------------------------


def slow(word: str) -> str:
    """A noun without its endings, by trying every ending at every length."""
    if word in module._WHOLE:
        return word
    if word in module._BROKEN:
        return module._BROKEN[word]
    plural = ["ها" + mine for mine in ("", "م", "ت", "ش", "مان", "تان", "شان")]
    plural += ["های" + mine for mine in ("", "ی", "م", "ت", "ش", "مان", "تان", "شان")]
    for length in range(2, len(word)):
        if word[length:] in plural:
            return slow(module._SPOKEN.get(word[:length], word[:length]))
    for cut, left in module._ENDINGS:
        if word[len(word) - len(cut) :] == cut and len(word) - len(cut) + len(left) >= 3:
            shorter = word[: len(word) - len(cut)] + left
            return slow(module._SPOKEN.get(shorter, shorter))
    return word


def test_the_slow_twin_agrees():
    chance = random.Random(8)
    roots = [word for row in FAMILIES for word in key(row).split() if word.isalpha()]
    endings = ["", "ها", "های", "هایی", "ی", "ان", "ات", "تر", "ترین", "مان", "شان", "گی", "گان", "هایشان", "یی"]
    tried = 0
    for _n in range(3000):
        word = chance.choice(roots) + chance.choice(endings) + chance.choice(endings)
        if word.startswith(("می", "نمی")):
            continue
        assert module._noun(word) == slow(word), word
        tried += 1
    assert tried > 2000


def test_families_hold_enough_pairs_to_be_a_measure():
    assert sum(len(row.split()) * (len(row.split()) - 1) // 2 for row in FAMILIES) > 300
    assert all(one != other for row in FAMILIES for one, other in pairwise(row.split()))
