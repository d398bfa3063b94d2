"""The opinion map of a conversation: groups, what each stands for, what all agree on, and how sure it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from hamgara.algorithms.opinion import canonical, partials, polis, scores
from hamgara.algorithms.opinion.ballots import Ballots, Floats, Ints
from hamgara.algorithms.opinion.partials import Partials
from hamgara.algorithms.opinion.scores import Counts

Mode = Literal["polis", "canonical"]


@dataclass(frozen=True, eq=False)
class OpinionMap:
    """What was found, with its working."""

    mode: Mode
    given: Ballots  # all live votes
    ballots: Ballots  # those that count
    where: Floats  # of each participant
    group: Ints  # of each participant; -1 where too few votes tell
    counts: Counts
    representative: tuple[tuple[int, ...], ...]  # statement ids
    agree: tuple[int, ...]  # statement ids
    disagree: tuple[int, ...]
    group_aware_consensus: Floats  # of each statement, as the next three
    min_group_agreement: Floats
    min_group_lower_bound: Floats
    priority: Floats

    @property
    def groups(self) -> list[list[int]]:
        """The participants of each group."""
        return [self.ballots.participants[self.group == each].tolist() for each in range(len(self.counts.votes))]

    def as_plain(self) -> dict[str, Any]:
        """Numbers, texts, lists and maps alone, for JSON."""
        ids, counts = self.ballots.statements.tolist(), self.counts
        return {
            "participants": len(self.ballots.participants),
            "statements": len(ids),
            "votes": len(self.ballots.value),
            "groups": self.groups,
            "group_votes": [
                {
                    str(each): {"agree": agree, "disagree": disagree, "votes": votes}
                    for each, agree, disagree, votes in zip(ids, *rows, strict=True)
                }
                for rows in zip(counts.agree.tolist(), counts.disagree.tolist(), counts.votes.tolist(), strict=True)
            ],
            "representative": [list(each) for each in self.representative],
            "consensus": {"agree": list(self.agree), "disagree": list(self.disagree)},
            "statement_scores": {
                str(each): {
                    "group_aware_consensus": aware,
                    "min_group_agreement": least,
                    "min_group_lower_bound": bound,
                    "priority": priority,
                }
                for each, aware, least, bound, priority in zip(
                    ids,
                    self.group_aware_consensus.tolist(),
                    self.min_group_agreement.tolist(),
                    self.min_group_lower_bound.tolist(),
                    self.priority.tolist(),
                    strict=True,
                )
            },
        }


def draw_map(
    ballots: Ballots,
    mode: Mode = "canonical",
    *,
    moderated: Collection[int] = (),
    meta: Collection[int] = (),
    sums: Partials | None = None,
) -> OpinionMap:
    """The map of these votes; `sums`, if they are kept beside the votes, save the longest part of the work.

    Statements about the conversation itself (`meta`) are treated like moderated ones, and asked first in mode polis.
    """
    away, given = {*moderated, *meta}, ballots
    if mode == "canonical":
        ballots = ballots.without_statements(away)
        sums = (sums or partials.of_votes(ballots)).masked(ballots.statements)
        where, extremity = canonical.points(ballots, sums)
        group = canonical.grouped(ballots, where)
        hidden = np.zeros(len(ballots.statements), np.bool_)
    else:
        hidden = np.isin(ballots.statements, list(away))
        where, extremity = polis.points(ballots, hidden)
        group = polis.grouped(ballots, where)
    counts = count_groups(ballots, group)
    ids, kept = ballots.statements, ~hidden
    agree, disagree = scores.consensus(*ballots.columns(), kept)
    return OpinionMap(
        mode,
        given,
        ballots,
        where,
        group,
        counts,
        tuple(
            tuple(int(ids[at]) for at in scores.representative(counts, each, kept)) for each in range(len(counts.votes))
        ),
        tuple(int(ids[at]) for at in agree),
        tuple(int(ids[at]) for at in disagree),
        scores.group_aware_consensus(counts),
        scores.min_group_agreement(counts),
        scores.min_group_lower_bound(counts),
        scores.priority(counts, extremity, np.isin(ids, list(meta))),
    )


def count_groups(ballots: Ballots, group: Ints) -> Counts:
    """Votes of each group on each statement, moderated or not."""
    wide, high = ballots.shape[1], int(group.max(initial=-1)) + 1
    of = group[ballots.row]
    cell, inside = of * wide + ballots.col, of >= 0

    def count(chosen: Any) -> Ints:
        flat = np.bincount(cell[inside & chosen], minlength=high * wide)
        return np.asarray(flat[: high * wide].reshape(high, wide), np.int64)

    return Counts(count(ballots.value == 1), count(ballots.value == -1), count(np.True_))
