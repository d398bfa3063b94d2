"""Opinion map: from votes on statements to groups, what each stands for, and what all of them agree on."""

from __future__ import annotations

from hamgara.algorithms.opinion.ballots import Ballots, live
from hamgara.algorithms.opinion.result import Mode, OpinionMap, draw_map

__all__ = ["Ballots", "Mode", "OpinionMap", "draw_map", "live"]
