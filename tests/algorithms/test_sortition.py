"""The draw: as its rule says, the same in a shell, fair, and every forged certificate is found out."""

import hashlib
import json
import re
import subprocess
from collections import Counter
from itertools import combinations, pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms import sortition
from hamgara.algorithms.sortition import DrawError, commit_nonce, draw, pool_hash, recheck, seed

NONCE = bytes(range(32))
REVIEW = "review:KSH-R-17"
WORDS = "گلاب قمصر، ۲ آذر «۱۴۰۵» 100% \\n $x"
POOL = [f"organisation:ngo-{n}" for n in (3, 1, 2, 10, 7)] + ["monitor:0b8f"]
SEED = seed(REVIEW, NONCE, WORDS, POOL)

names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
pools = st.lists(names, min_size=1, max_size=12, unique=True)
seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)


def certificate(pool=POOL, seats=3, words=WORDS):
    drawn = draw(seed(REVIEW, NONCE, words, pool), pool, seats)
    made = drawn.to_json(review_id=REVIEW, commitment=commit_nonce(REVIEW, NONCE, pool), nonce=NONCE, words=words)
    return json.loads(json.dumps(made))


@given(seeds, pools, st.integers(1, 15))
def test_a_draw_is_the_order_of_the_tickets(seed, pool, seats):
    drawn = draw(seed, pool, seats)
    order = sorted(pool, key=lambda c: hashlib.sha256(f"hamgara-draw-v1\0{seed}\0{c}".encode()).digest())
    assert list(drawn.panel) == order[:seats]
    assert list(drawn.replacements) == order[seats:]
    assert [candidate for _, candidate in drawn.tickets] == order
    assert drawn.pool == tuple(sorted(pool))
    assert drawn.vacant == max(0, seats - len(pool))


@given(seeds, pools, st.randoms(use_true_random=False))
def test_the_order_in_which_the_pool_is_written_does_not_matter(seed, pool, shuffle):
    other = list(pool)
    shuffle.shuffle(other)
    assert draw(seed, other, 3) == draw(seed, pool, 3)


@given(seeds, pools)
def test_who_leaves_the_pool_changes_nothing_among_the_others(seed, pool):
    # A ticket depends on seed and candidate alone, so by another's going one can only move up.
    if len(pool) > 1:
        order = [c for _, c in draw(seed, pool, 1).tickets]
        assert [c for _, c in draw(seed, pool[1:], 1).tickets] == [c for c in order if c != pool[0]]


def test_replacements_come_in_the_order_of_the_lot():
    drawn = draw(SEED, POOL, 3)
    first, second, third = drawn.replacements
    assert drawn.next_after([]) == first
    assert drawn.next_after(drawn.panel) == first
    assert drawn.next_after({first}) == second
    assert drawn.next_after({first, second, third}) is None


@pytest.mark.parametrize(
    ("pool", "seats", "seed", "message"),
    [
        ([], 3, SEED, "the pool is empty"),
        (["a", "b", "a"], 1, SEED, "more than once in the pool: a"),
        (["a b"], 1, SEED, "visible ASCII"),
        (["الف"], 1, SEED, "visible ASCII"),
        ([""], 1, SEED, "visible ASCII"),
        (["a\n"], 1, SEED, "visible ASCII"),
        (["a"], 0, SEED, "one seat or more"),
        (["a"], 1, "abc", "64 hexadecimal"),
        (["a"], 1, SEED.upper(), "64 hexadecimal"),
    ],
)
def test_what_cannot_be_drawn_from(pool, seats, seed, message):
    with pytest.raises(DrawError, match=message):
        draw(seed, pool, seats)


@pytest.mark.parametrize("words", ["", " گلاب", "گلاب\n", "گل\x00اب", "گل\nاب", "آب".replace("آ", "ا\u0653"), "\ud800"])
def test_words_that_could_not_be_typed_again_are_refused(words):
    with pytest.raises(DrawError, match="words"):
        seed(REVIEW, NONCE, words, POOL)


def test_a_short_nonce_could_be_guessed_and_is_refused():
    with pytest.raises(DrawError, match="32 bytes"):
        commit_nonce(REVIEW, NONCE[:16], POOL)


def test_every_part_moves_the_seed_and_the_commitment():
    others = (
        ("review:other", NONCE, WORDS, POOL),
        (REVIEW, NONCE[::-1], WORDS, POOL),
        (REVIEW, NONCE, WORDS, POOL[1:]),
    )
    assert len({SEED, seed(REVIEW, NONCE, "دیگر", POOL), *(seed(*other) for other in others)}) == 5
    commitments = {commit_nonce(review, nonce, pool) for review, nonce, _, pool in others}
    assert len(commitments | {commit_nonce(REVIEW, NONCE, POOL)}) == 4


def test_a_schoolteacher_gets_the_same_from_the_recipe(tmp_path):
    """The shell lines of the module's description, as they stand there, against a certificate."""
    made = certificate()
    (tmp_path / "pool.txt").write_text("".join(f"{candidate}\n" for candidate in reversed(made["pool"])))
    assert sortition.__doc__ is not None
    recipe = "\n".join(re.findall(r"^    (.+)$", sortition.__doc__, re.M))
    settings = {name: made[name] for name in ("review", "nonce", "words")} | {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
    }
    for shell in ("bash", "sh"):
        said = subprocess.run([shell, "-eu", "-c", recipe], cwd=tmp_path, env=settings, capture_output=True, text=True)
        commitment, *tickets = said.stdout.splitlines()
        assert commitment.split()[0] == made["commitment"], said.stderr
        assert [line.split() for line in tickets] == made["tickets"]


def test_a_true_certificate_passes():
    assert recheck(certificate()) == []
    assert recheck(certificate(seats=20)) == []


@given(pools, st.integers(1, 15))
def test_every_true_certificate_passes(pool, seats):
    assert recheck(certificate(pool, seats)) == []


FORGERIES = {
    "panel": lambda c: c["panel"].reverse(),
    "replacements": lambda c: c["replacements"].pop(),
    "tickets": lambda c: c["tickets"][2].__setitem__(0, "0" * 64),
    "seed": lambda c: c.update(seed="0" * 64),
    "commitment": lambda c: c.update(commitment="0" * 64),
    "words": lambda c: c.update(words="دیگر"),
    "nonce": lambda c: c.update(nonce="00" * 32),
    "review": lambda c: c.update(review="review:other"),
    "pool": lambda c: c["pool"].pop(0),
    "pool order": lambda c: c["pool"].reverse(),
    "pool twice": lambda c: c["pool"].append(c["pool"][-1]),
    "pool joined": lambda c: c.update(pool=["\n".join(c["pool"])]),
    "seats": lambda c: c.update(seats=2),
    "no seats": lambda c: c.update(seats=0),
    "last seat": lambda c: c.update(seats=-1),
    "seats in letters": lambda c: c.update(seats="3"),
    "rule": lambda c: c.update(rule="hamgara-draw-v0"),
    "missing": lambda c: c.pop("tickets"),
    "nothing": lambda c: c.clear(),
    "number for a list": lambda c: c.update(pool=3),
    "number for words": lambda c: c.update(words=3),
    "lone surrogate": lambda c: c.update(words="\ud800"),
    "empty pool": lambda c: c.update(pool=[]),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_certificate_is_found_out_in_words(forgery):
    forged = certificate()
    FORGERIES[forgery](forged)
    found = recheck(forged)
    assert found
    assert all(isinstance(line, str) and line for line in found)


def test_the_first_difference_is_named():
    forged = certificate()
    forged["panel"][1] = "organisation:friend"
    right = certificate()["panel"][1]
    assert recheck(forged) == [f"panel, place 2: should be {right}, but the certificate says organisation:friend"]


def test_a_panel_cut_short_is_named():
    forged = certificate()
    last = forged["panel"].pop()
    assert recheck(forged) == [f"panel, place 3: should be {last}, but the certificate says nothing"]


def test_a_draw_stays_the_same_over_the_years():
    # Written down once, made with sha256sum and sort: a change here would make every old certificate wrong.
    assert SEED == "eaaf8274ccdd85e3db63709b6e9b44b01c8ebb508c63f8cbaa436e9b0b72fad8"
    assert draw(SEED, POOL, 3).panel == ("organisation:ngo-1", "organisation:ngo-7", "organisation:ngo-3")


def chi_square(observed, expected):
    return sum((count - expected) ** 2 / expected for count in observed)


def test_the_lot_favours_nobody():
    """Chi-square over 6,000 fixed seeds; the bounds are the 99.9 % points of 9 and of 119 degrees of freedom."""
    pool, rounds = [f"c{n}" for n in range(10)], 6000
    panels = [draw(hashlib.sha256(b"%d" % n).hexdigest(), pool, 3).panel for n in range(rounds)]
    first = Counter(panel[0] for panel in panels)
    assert chi_square((first[candidate] for candidate in pool), rounds / 10) < 27.88
    sets = Counter(tuple(sorted(panel)) for panel in panels)
    assert chi_square((sets[three] for three in combinations(sorted(pool), 3)), rounds / comb(10, 3)) < 173.6


def test_neighbouring_words_give_unrelated_draws():
    """One letter more in the words: the first seat stays the same about once in ten, as chance would have it."""
    pool = [f"c{n}" for n in range(10)]
    firsts = [draw(seed(REVIEW, NONCE, "ا" * (n + 1), pool), pool, 1).panel for n in range(1000)]
    same = sum(one == other for one, other in pairwise(firsts))
    assert 60 < same < 140


def test_the_hash_of_the_pool_is_that_of_its_sorted_lines():
    assert pool_hash(["b", "a"]) == hashlib.sha256(b"a\nb\n").hexdigest()
