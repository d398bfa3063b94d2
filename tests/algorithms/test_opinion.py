"""The opinion map: published conversations come out again, formulas equal their naive twins, nothing else counts."""

from __future__ import annotations

import csv
import json
import math
import random
from collections import Counter
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamgara.algorithms.opinion import draw_map, live, partials, scores, tables
from hamgara.algorithms.opinion.ballots import Ballots
from hamgara.algorithms.opinion.scores import Counts

DATA = Path(__file__).parent / "data" / "opinion"
Votes = dict[tuple[int, int], int]


def lines(*parts: str) -> list[str]:
    with DATA.joinpath(*parts).open(encoding="utf-8", newline="") as file:
        return file.read().splitlines(keepends=True)


def conversation(name: str) -> tuple[Ballots, set[int]]:
    statements = tables.read_statements(lines(name, "comments.csv"))
    return tables.read_votes(lines(name, "participants-votes.csv")), {
        each.id for each in statements if each.moderated < 0
    }


def cells(ballots: Ballots) -> Votes:
    who, what = ballots.participants[ballots.row].tolist(), ballots.statements[ballots.col].tolist()
    return dict(zip(zip(who, what, strict=True), ballots.value.tolist(), strict=True))


def of_cells(votes: Votes) -> Ballots:
    return live([p for p, _ in votes], [s for _, s in votes], list(votes.values()))


def adjusted_rand(one: list[str], two: list[int]) -> float:
    both = sum(comb(n, 2) for n in Counter(zip(one, two, strict=True)).values())
    first, second = (sum(comb(n, 2) for n in Counter(each).values()) for each in (one, two))
    expected = first * second / comb(len(one), 2)
    return (both - expected) / ((first + second) / 2 - expected)


def test_last_votes_are_the_published_matrix() -> None:
    votes = tables.read_votes(lines("15-per-hour-seattle", "votes.csv"))
    matrix = tables.read_votes(lines("15-per-hour-seattle", "participants-votes.csv"))
    assert cells(votes) == cells(matrix)


@pytest.mark.parametrize("name", ["15-per-hour-seattle", "canadian-electoral-reform"])
def test_mode_polis_finds_the_published_groups(name: str) -> None:
    ballots, moderated = conversation(name)
    found = draw_map(ballots, "polis", moderated=moderated)
    rows = csv.DictReader(lines(name, "participants-votes.csv"))
    published = {int(row["participant"]): row["group-id"] for row in rows}
    placed = {person: at for at, members in enumerate(found.groups) for person in members}
    shared = [person for person in placed if published[person]]
    assert len(shared) >= 130
    assert adjusted_rand([published[p] for p in shared], [placed[p] for p in shared]) >= 0.9


def naive_scores(votes: Votes, groups: list[list[int]], statements: list[int]) -> dict[str, object]:
    """The formulas one cell at a time, as they are written down."""

    def n(members: list[int], statement: int, value: int | None) -> int:
        return sum((p, statement) in votes and value in (None, votes[p, statement]) for p in members)

    def tests(group: int, statement: int, value: int) -> tuple[float, float, float, float]:
        rest = [p for at, members in enumerate(groups) if at != group for p in members]
        na, ns = n(groups[group], statement, value), n(groups[group], statement, None)
        oa, os = n(rest, statement, value), n(rest, statement, None)
        p = (na + 1) / (ns + 2)
        pt = 2 * math.sqrt(ns + 1) * ((na + 1) / (ns + 1) - 0.5)
        p1, p2, pooled = (na + 1) / (ns + 1), (oa + 1) / (os + 1), (na + oa + 2) / (ns + os + 2)
        spread = pooled * (1 - pooled) * (1 / (ns + 1) + 1 / (os + 1))
        return p, pt, p / ((oa + 1) / (os + 2)), 0.0 if pooled == 1 else (p1 - p2) / math.sqrt(spread)

    aware, least, listed = [], [], []
    for statement in statements:
        shares = [(n(g, statement, 1) + 1) / (n(g, statement, None) + 2) for g in groups]
        aware.append(math.prod(shares))
        least.append(min(shares))
    for at in range(len(groups)):
        stats = {s: (tests(at, s, 1), tests(at, s, -1)) for s in statements}
        best, enough = None, []
        for s, (yes, no) in stats.items():
            if n(groups[at], s, 1) or n(groups[at], s, -1):
                if best is None:
                    better = yes[1] > 1.2816 or (yes[2] > 1 and yes[0] > 0.5)
                elif stats[best][0][2] > 1:
                    better = math.prod(yes) > math.prod(stats[best][0])
                else:
                    better = yes[0] * yes[1] > stats[best][0][0] * stats[best][0][1]
                best = s if better else best
            if any(side[3] > 1.2816 and side[1] > 1.2816 for side in (yes, no)):
                enough.append(s)
        if enough:
            by_metric = sorted(enough, key=lambda s: -math.prod(max(stats[s], key=lambda side: side[3])))
            five = ([] if best is None else [best]) + [s for s in by_metric if s != best]
            listed.append(sorted(five[:5], key=lambda s: stats[s][0][3] <= stats[s][1][3]))
        else:
            listed.append([best if best is not None else max(statements, key=lambda s: max(t[3] for t in stats[s]))])
    return {"aware": aware, "least": least, "listed": listed}


def test_scores_are_those_of_the_formulas() -> None:
    ballots, moderated = conversation("15-per-hour-seattle")
    found = draw_map(ballots, "polis", moderated=moderated)
    every = ballots.statements.tolist()
    naive = naive_scores(cells(ballots), found.groups, every)
    assert found.group_aware_consensus.tolist() == pytest.approx(naive["aware"], rel=1e-12)
    assert found.min_group_agreement.tolist() == pytest.approx(naive["least"], rel=1e-12)
    kept = naive_scores(cells(ballots), found.groups, [s for s in every if s not in moderated])
    assert [list(each) for each in found.representative] == kept["listed"]


def test_the_priority_is_that_of_the_formula() -> None:
    counts = Counts(np.array([[3, 0], [1, 0]]), np.array([[1, 0], [0, 0]]), np.array([[6, 0], [2, 0]]))
    extremity, meta = np.array([0.7, 0.0]), np.array([False, False])
    importance = (1 - 4 / 10) * 1.7 * (5 / 10)  # 3 of 8 passed, 4 agreed
    expected = [(importance * (1 + 8 * 2 ** (-8 / 5))) ** 2, (0.5 * 1 * 0.5 * 9) ** 2]
    assert scores.priority(counts, extremity, meta).tolist() == pytest.approx(expected, rel=1e-12)
    assert scores.priority(counts, extremity, ~meta).tolist() == [49, 49]


def test_the_lower_bound_solves_wilsons_equation() -> None:
    counts = Counts(np.array([[8], [40]]), np.array([[0], [0]]), np.array([[10], [60]]))
    bound = float(scores.min_group_lower_bound(counts)[0])
    tests = [(a / n - bound) / math.sqrt(bound * (1 - bound) / n) for a, n in ((8, 10), (40, 60))]
    assert min(tests) == pytest.approx(scores.Z90)  # the weaker group stands exactly at the bound


def plain(ballots: Ballots, moderated: set[int]) -> str:
    return json.dumps(draw_map(ballots, moderated=moderated).as_plain())


def test_the_order_of_votes_does_not_count() -> None:
    rows = lines("15-per-hour-seattle", "votes.csv")
    moderated = conversation("15-per-hour-seattle")[1]
    expected = plain(tables.read_votes(rows), moderated)
    for seed in range(30):
        shuffled = rows[1:]
        random.Random(seed).shuffle(shuffled)
        assert plain(tables.read_votes([rows[0], *shuffled]), moderated) == expected


def test_the_names_of_participants_do_not_count() -> None:
    ballots, moderated = conversation("15-per-hour-seattle")
    expected = draw_map(ballots, moderated=moderated)
    for seed in range(30):
        people = ballots.participants.tolist()
        names = dict(zip(people, random.Random(seed).sample(range(10**6), len(people)), strict=True))
        found = draw_map(of_cells({(names[p], s): v for (p, s), v in cells(ballots).items()}), moderated=moderated)
        assert [{names[p] for p in members} for members in expected.groups] == [set(each) for each in found.groups]
        one, two = expected.as_plain(), found.as_plain()
        assert {**one, "groups": None} == {**two, "groups": None}


def test_a_moderated_statement_leaves_no_trace() -> None:
    ballots, moderated = conversation("15-per-hour-seattle")
    asked = {(p, s): v for (p, s), v in cells(ballots).items() if s not in moderated}
    still_there = {p for p, _ in asked}
    without = ballots.of_participants(np.isin(ballots.participants, list(still_there)))
    assert plain(without, moderated) == plain(of_cells(asked), set())


votes_of_few = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 6)), st.sampled_from([-1, 0, 1]), min_size=1, max_size=50
)


def naive_sums(votes: Votes) -> dict[tuple[int, int], tuple[int, int, int]]:
    sums: dict[tuple[int, int], tuple[int, int, int]] = {}
    for (person, one), value in votes.items():
        for (other_person, two), other in votes.items():
            if person == other_person:
                both, sign, product = sums.get((one, two), (0, 0, 0))
                sums[one, two] = both + 1, sign + value, product + value * other
    return sums


def as_sums(found: partials.Partials) -> dict[tuple[int, int], tuple[int, int, int]]:
    ids = found.statements.tolist()
    return {
        (one, two): (int(found.both[i, j]), int(found.sign[i, j]), int(found.product[i, j]))
        for i, one in enumerate(ids)
        for j, two in enumerate(ids)
        if found.both[i, j]
    }


@settings(max_examples=80)
@given(votes_of_few, st.integers(1, 31))
def test_sums_are_those_of_the_naive_twin_however_people_are_split(votes: Votes, shards: int) -> None:
    parts = [{key: v for key, v in votes.items() if key[0] % shards == shard} for shard in range(shards)]
    sums = [partials.of_votes(of_cells(part)) for part in parts if part]
    merged = sums[0]
    for each in sums[1:]:
        merged = merged.merged(each)
    assert as_sums(merged) == naive_sums(votes)


@settings(max_examples=80)
@given(votes_of_few, st.data())
def test_whatever_is_undone_leaves_the_same_sums(votes: Votes, data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(sorted({p for p, _ in votes})))
    mine = {key: value for key, value in votes.items() if key[0] == person}
    sums = partials.of_votes(of_cells(votes)).without(partials.of_votes(of_cells(mine)))
    assert as_sums(sums) == naive_sums({key: value for key, value in votes.items() if key[0] != person})
    changed = {**mine, (person, 3): data.draw(st.sampled_from([-1, 0, 1]))}
    again = sums.merged(partials.of_votes(of_cells(changed)))
    assert as_sums(again) == naive_sums({**votes, **changed})


def test_sums_stay_exact_over_many_blocks() -> None:
    people = 5000
    ballots = live([*range(people)] * 2, [0] * people + [1] * people, [1] * people + [-1] * people)
    assert as_sums(partials.of_votes(ballots)) == {
        (0, 0): (people, people, people),
        (0, 1): (people, people, -people),
        (1, 0): (people, -people, -people),
        (1, 1): (people, -people, people),
    }


@settings(max_examples=60)
@given(votes_of_few)
def test_any_votes_have_a_map(votes: Votes) -> None:
    for mode in ("canonical", "polis"):
        found = draw_map(of_cells(votes), mode)
        people = [p for members in found.groups for p in members]
        assert len(people) == len(set(people))
        assert set(people) <= {p for p, _ in votes}
        json.dumps(found.as_plain(), allow_nan=False)


def test_all_alike_are_one_group() -> None:
    found = draw_map(of_cells({(p, s): 1 for p in range(20) for s in range(8)}))
    assert found.groups == [list(range(20))]


def test_seconds_and_milliseconds_tell_the_same_last_vote() -> None:
    rows = ["1600000002{0},5,1,-1", "1600000001{0},5,1,1", "1600000003{0},6,1,0"]
    for zeros in ("", "000"):
        table = ["timestamp,comment-id,voter-id,vote", *(row.format(zeros) for row in rows)]
        assert cells(tables.read_votes(table)) == {(1, 5): -1, (1, 6): 0}


@pytest.mark.parametrize(
    ("table", "reason", "line"),
    [
        ([], "empty", 0),
        (["a,b"], "columns", 1),
        (["comment-id,voter-id,vote"], "no votes", 0),
        (["comment-id,voter-id,vote", "1,2,1", "1,3,2"], "vote", 3),
        (["comment-id,voter-id,vote", "1,2,1", "x,3,1"], "number", 3),
        (["comment-id,voter-id,vote", "1,2"], "short", 2),
        (["participant,7", "1,1", "1,0"], "twice", 3),
        (["participant,7", "1,yes"], "vote", 2),
    ],
)
def test_a_wrong_table_is_refused_by_its_line(table: list[str], reason: str, line: int) -> None:
    with pytest.raises(tables.TableError) as refused:
        tables.read_votes(table)
    assert (refused.value.reason, refused.value.line) == (reason, line)
