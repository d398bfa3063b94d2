"""Cases for tests: of a comment, reported or not, and as they stand now."""

from __future__ import annotations

from hamgara.domain.demands.models import Comment
from hamgara.domain.moderation import commands, queries
from hamgara.domain.moderation.models import Case
from tests import factories as make


def found(code: str) -> Case:
    case = queries.case_of(code)
    assert case is not None, code
    return case


def now(case: Case) -> Case:
    return found(case.code)


def case_of(comment: Comment) -> Case:
    return found(f"comment.{comment.key}")


def reported(comment: Comment, reason: str = "insult", times: int = 1) -> Case:
    """The case of a comment that so many people have reported."""
    for _n in range(times):
        commands.report(by=make.acting(), case=case_of(comment), reason=reason)
    return case_of(comment)
