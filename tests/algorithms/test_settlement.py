"""The rule that settles a review, for every panel of up to seven, against a naive twin."""

from fractions import Fraction
from itertools import combinations_with_replacement, permutations

import pytest

from hamgara.algorithms.settlement import Answer, Outcome, Overall, Verdict, Why, settle

MAJORITIES = [Fraction(4, 7), Fraction(3, 5), Fraction(2, 3), Fraction(3, 4), Fraction(51, 100), Fraction(1)]
PANELS = [panel for size in range(8) for panel in combinations_with_replacement(Overall, size)]
BEST_FIRST = [Outcome.CONFIRMED, Outcome.PARTLY_KEPT, Outcome.CONTESTED]


def verdicts(panel):
    return [
        Verdict(reviewer=f"r{n}", paper=Answer.YES, on_site=Answer.PARTLY, effect=Answer.CANNOT_TELL, overall=overall)
        for n, overall in enumerate(panel)
    ]


def outcome(panel, quorum=1, majority=Fraction(2, 3)):
    return settle(verdicts(panel), quorum, majority).outcome


def naive(panel, quorum, majority):
    """The charter's words, one after another, with plain fractions."""
    if len(panel) < quorum:
        return "no_quorum"
    if Fraction(panel.count("kept"), len(panel)) >= majority:
        return "confirmed"
    if Fraction(panel.count("broken"), len(panel)) >= majority:
        return "contested"
    return "partly_kept"


@pytest.mark.parametrize("majority", MAJORITIES, ids=str)
def test_every_panel_of_up_to_seven(majority):
    for panel in PANELS:
        for quorum in range(1, 8):
            assert outcome(panel, quorum, majority) == naive([o.value for o in panel], quorum, majority)


@pytest.mark.parametrize("majority", MAJORITIES, ids=str)
def test_a_kinder_verdict_never_worsens_the_outcome(majority):
    for panel in PANELS:
        for place, overall in enumerate(panel):
            kinder = list(Overall)[: list(Overall).index(overall)]
            for instead in kinder:
                better = (*panel[:place], instead, *panel[place + 1 :])
                assert BEST_FIRST.index(outcome(better, 1, majority)) <= BEST_FIRST.index(outcome(panel, 1, majority))


def test_kept_and_broken_are_treated_alike():
    mirror = {Overall.KEPT: Overall.BROKEN, Overall.BROKEN: Overall.KEPT, Overall.PARTLY: Overall.PARTLY}
    for panel in PANELS[1:]:
        mirrored = outcome([mirror[o] for o in panel])
        assert BEST_FIRST.index(mirrored) == 2 - BEST_FIRST.index(outcome(panel))


def test_the_order_of_verdicts_does_not_matter():
    panel = (Overall.KEPT, Overall.KEPT, Overall.PARTLY, Overall.BROKEN)
    assert {outcome(order) for order in permutations(panel)} == {Outcome.PARTLY_KEPT}


@pytest.mark.parametrize(
    ("said", "expected", "why"),
    [
        ("kkb", Outcome.CONFIRMED, Why.MAJORITY_SAYS_KEPT),
        ("kbb", Outcome.CONTESTED, Why.MAJORITY_SAYS_BROKEN),
        ("kpb", Outcome.PARTLY_KEPT, Why.NO_MAJORITY_EITHER_WAY),
        ("kkbb", Outcome.PARTLY_KEPT, Why.NO_MAJORITY_EITHER_WAY),  # split in half: nothing is proven
        ("kkkb", Outcome.CONFIRMED, Why.MAJORITY_SAYS_KEPT),
        ("kkkbb", Outcome.PARTLY_KEPT, Why.NO_MAJORITY_EITHER_WAY),
        ("ppp", Outcome.PARTLY_KEPT, Why.NO_MAJORITY_EITHER_WAY),
        ("kk", Outcome.NO_QUORUM, Why.TOO_FEW_VERDICTS),
        ("", Outcome.NO_QUORUM, Why.TOO_FEW_VERDICTS),
    ],
)
def test_examples_with_two_thirds_and_a_quorum_of_three(said, expected, why):
    letters = {"k": Overall.KEPT, "p": Overall.PARTLY, "b": Overall.BROKEN}
    settled = settle(verdicts([letters[letter] for letter in said]), 3, Fraction(2, 3))
    assert (settled.outcome, settled.working.why) == (expected, why)


def test_the_working_shows_the_numbers():
    settled = settle(verdicts([Overall.KEPT, Overall.KEPT, Overall.PARTLY, Overall.BROKEN]), 3, Fraction(2, 3))
    assert settled.counts == {Overall.KEPT: 2, Overall.PARTLY: 1, Overall.BROKEN: 1}
    assert (settled.working.given, settled.working.quorum, settled.working.needed) == (4, 3, 3)
    assert settled.working.steps["on_site"] == {
        Answer.YES: 0,
        Answer.PARTLY: 4,
        Answer.NO: 0,
        Answer.CANNOT_TELL: 0,
    }


@pytest.mark.parametrize(("quorum", "majority"), [(0, Fraction(2, 3)), (3, Fraction(1, 2)), (3, Fraction(5, 4))])
def test_a_rule_under_which_two_outcomes_could_win_is_refused(quorum, majority):
    with pytest.raises(ValueError, match=r"quorum|majority"):
        settle([], quorum, majority)


def test_nobody_is_counted_twice():
    with pytest.raises(ValueError, match="one verdict"):
        settle(verdicts([Overall.KEPT]) * 2, 1, Fraction(2, 3))
