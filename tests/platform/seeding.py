"""Does again, by the commands that people use, what a made-up city tells: one call for each kind of act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import ForeignKey, Model

from hamgara import clock
from hamgara.domain.commitments import commands as commitments
from hamgara.domain.commitments.models import Commitment, DueChange, Indicator, Progress, Promiser
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.commands import making
from hamgara.domain.demands.models import Answer, Comment, Demand, Field, Follow, Hiding, Merge, Support
from hamgara.domain.ledger.commands import Act
from hamgara.domain.ledger.events import House
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands as moderation
from hamgara.domain.moderation.models import Case, Report, Ruling
from hamgara.domain.moderation.queries import case_of
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation, Place
from hamgara.domain.organisations.queries import live_mandates
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.oversight.commands import draws
from hamgara.domain.oversight.models import Nonce, Review, Seat, Verdict
from hamgara.domain.people.models import Person

MODELS: tuple[type[Model], ...] = (
    *(Demand, Support, Follow, Comment, Answer, Merge),
    *(Commitment, Promiser, Indicator, Progress, DueChange),
    *(Review, Nonce, Seat, Verdict),
    *(Hiding, Case, Report, Ruling),
)
# What is drawn anew whenever a command runs.
RANDOM = {"id", "key", "mandate_key"}
Said = dict[str, Any]


def actor(by: Any) -> Any:
    """The same actor, as it is in the database now."""
    if isinstance(by, House):
        return by
    person = Person.objects.get(key=by.person_key)
    if by.body is None:
        return ActingPerson(person)
    return ActingPerson(person, live_mandates().get(person=person, organisation__code=by.body, role=by.role))


def _demand(said: Said) -> Demand:
    return Demand.objects.get(code=said["demand"])


def _promise(said: Said) -> Commitment:
    return Commitment.objects.get(code=said["commitment"])


def _review(said: Said) -> Review:
    return Review.objects.get(code=said["review"])


def _seat(said: Said) -> Seat:
    return Seat.objects.get(review__code=said["review"], candidate=said["reviewer"])


def _body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def _case(said: Said) -> Case:
    found = case_of(said["case"])
    assert found is not None
    return found


class Doing:
    """Acts of lives, done by commands."""

    def __init__(self, patch: pytest.MonkeyPatch, nonces: dict[str, bytes], named: set[str]) -> None:
        self.patch, self.nonces, self.named = patch, nonces, named

    def do(self, act: Act) -> None:
        said = dict(act.event.fields())
        with clock.standing_at(act.at):
            by = actor(act.by)
            verb = act.event.KIND.replace(".", "_")
            if hasattr(self, verb):
                getattr(self, verb)(by, said)
            else:
                SIMPLE[act.event.KIND](by, said)

    def demands_submitted(self, by: Any, said: Said) -> None:
        self.patch.setattr(making, "_free_code", lambda: said["demand"])
        point = None if said["point"] is None else tuple(map(float, said["point"].split(",")))
        demands.submit(
            by=by,
            kind=said["demand_kind"],
            title=said["title"],
            text=said["text"],
            field=Field.objects.get(code=said["field"]),
            place=Place.objects.get(code=said["place"]),
            point=point,  # type: ignore[arg-type]
            address=said["address"] or "",
            show_name=said["demand"] in self.named,
        )

    def demands_commented(self, by: Any, said: Said) -> None:
        made = demands.comment(by=by, demand=_demand(said), text=said["text"])
        Comment.objects.filter(pk=made.pk).update(key=said["comment"])  # by which a case of it is known

    def demands_taken(self, by: Any, said: Said) -> None:
        demands.take(by=by, demand=_demand(said))

    def demands_handed_over(self, by: Any, said: Said) -> None:
        demand = _demand(said)
        demands.hand_over(by=by, demand=demand, to=live_mandates().get(organisation=demand.unit, role="head"))

    def commitments_promised(self, by: Any, said: Said) -> None:
        waiting = Commitment.objects.filter(code=said["commitment"]).first()
        if waiting is not None:
            commitments.join(by=by, commitment=waiting, organisation=by.organisation)
            return
        commitments.promise(
            by=by,
            demand=_demand(said),
            title=said["title"],
            what=said["what"],
            indicators=said["indicators"],
            due=date.fromisoformat(said["due"]),
            budget_rial=said["budget_rial"],
            hours=said["hours"],
            partners=[_body(code) for code in said["promisers"][1:]],
        )

    commitments_proposed = commitments_promised

    def oversight_opened(self, by: Any, said: Said) -> None:
        nonce = self.nonces[said["review"]]
        self.patch.setattr(draws, "secrets", SimpleNamespace(token_bytes=lambda size: nonce))
        oversight.open_review(by=by, commitment=_promise(said))


SIMPLE: dict[str, Callable[[Any, Said], object]] = {
    "demands.withdrawn": lambda by, said: demands.withdraw(by=by, demand=_demand(said)),
    "demands.supported": lambda by, said: demands.support(by=by, demand=_demand(said)),
    "demands.followed": lambda by, said: demands.follow(by=by, demand=_demand(said)),
    "demands.admitted": lambda by, said: demands.admit(by=by, demand=_demand(said)),
    "demands.declined": lambda by, said: demands.decline(
        by=by, demand=_demand(said), reason_code=said["reason_code"], reason=said["reason"]
    ),
    "demands.appealed": lambda by, said: demands.appeal(by=by, demand=_demand(said), words=said["words"]),
    "demands.routed": lambda by, said: demands.route(
        by=by, demand=_demand(said), unit=_body(said["unit"]), reason=said["reason"]
    ),
    "demands.merged": lambda by, said: demands.merge(
        by=by, demand=_demand(said), into=Demand.objects.get(code=said["into"]), reason=said["reason"]
    ),
    "demands.explained": lambda by, said: demands.explain(by=by, demand=_demand(said), text=said["text"]),
    "demands.refused": lambda by, said: demands.refuse(
        by=by, demand=_demand(said), reason_code=said["reason_code"], reason=said["reason"]
    ),
    "demands.found_not_doable": lambda by, said: demands.find_not_doable(
        by=by, demand=_demand(said), reason_code=said["reason_code"], reason=said["reason"]
    ),
    "demands.answered": lambda by, said: demands.mark_answered(
        by=by,
        demand=_demand(said),
        commitment=said["commitment"],
        promiser=_body(said["promiser"]),
        text=_promise(said).title,
    ),
    "demands.closed": lambda by, said: demands.close(
        by=by, demand=_demand(said), outcome=said["outcome"], review=said["review"]
    ),
    "demands.went_back": lambda by, said: demands.go_back(by=by, demand=_demand(said), cause=said["cause"]),
    "demands.reopened": lambda by, said: demands.reopen(by=by, demand=_demand(said), words=said["words"] or ""),
    "demands.deadline_near": lambda by, said: demands.remind(by=by, demand=_demand(said)),
    "demands.deadline_passed": lambda by, said: demands.note_deadline(by=by, demand=_demand(said)),
    "demands.escalated": lambda by, said: demands.escalate(by=by, demand=_demand(said)),
    "demands.author_asked": lambda by, said: demands.ask_author(by=by, demand=_demand(said)),
    "demands.author_confirmed": lambda by, said: demands.confirm_done(by=by, demand=_demand(said)),
    "demands.author_denied": lambda by, said: demands.deny_done(by=by, demand=_demand(said), words=said["words"]),
    "commitments.started": lambda by, said: commitments.start(by=by, commitment=_promise(said)),
    "commitments.progress_reported": lambda by, said: commitments.report_progress(
        by=by, commitment=_promise(said), text=said["text"], percent=said["percent"]
    ),
    "commitments.due_changed": lambda by, said: commitments.change_due(
        by=by, commitment=_promise(said), due=date.fromisoformat(said["new"]), reason=said["reason"]
    ),
    "commitments.reported_done": lambda by, said: commitments.report_done(
        by=by,
        commitment=_promise(said),
        text=said["text"],
        claims=[Decimal(each["claimed"]) for each in said["claims"]],
    ),
    "commitments.settled": lambda by, said: commitments.settle(
        by=by, commitment=_promise(said), outcome=said["outcome"], review=said["review"]
    ),
    "commitments.resumed": lambda by, said: commitments.resume(
        by=by, commitment=_promise(said), due=date.fromisoformat(said["new"]), reason=said["reason"]
    ),
    "commitments.withdrawn": lambda by, said: commitments.withdraw(
        by=by, commitment=_promise(said), reason=said["reason"]
    ),
    "commitments.due_soon": lambda by, said: commitments.warn_of_due(by=by, commitment=_promise(said)),
    "commitments.deadline_passed": lambda by, said: commitments.deadline_passed(by=by, commitment=_promise(said)),
    "oversight.words_awaited": lambda by, said: oversight.call_for_words(by=by, review=_review(said)),
    "oversight.drawn": lambda by, said: oversight.give_words(by=by, review=_review(said), words=said["words"]),
    "oversight.reminded": lambda by, said: oversight.remind_reviewer(by=by, seat=_seat(said)),
    "oversight.recused": lambda by, said: oversight.recuse(by=by, seat=_seat(said), reason=said["reason"]),
    "oversight.absent_replaced": lambda by, said: oversight.replace_absent(by=by, seat=_seat(said)),
    "oversight.verdict_given": lambda by, said: oversight.give_verdict(
        by=by,
        seat=_seat(said),
        **said["answers"],
        **{f"{step}_findings": text for step, text in said["findings"].items()},
    ),
    "oversight.settled": lambda by, said: oversight.settle(by=by, review=_review(said)),
    "oversight.lapsed": lambda by, said: oversight.lapse(by=by, review=_review(said)),
    "moderation.reported": lambda by, said: moderation.report(
        by=by, case=_case(said), reason=said["reason"], words=said["words"]
    ),
    "moderation.hidden": lambda by, said: moderation.hide(
        by=by, case=_case(said), reason=said["reason"], words=said["explanation"]
    ),
    "moderation.left": lambda by, said: moderation.leave(by=by, case=_case(said), words=said["explanation"]),
    "moderation.restored": lambda by, said: moderation.restore(by=by, case=_case(said), words=said["explanation"]),
    "moderation.appealed": lambda by, said: moderation.appeal(by=by, case=_case(said), words=said["words"]),
    "moderation.appeal_granted": lambda by, said: moderation.grant_appeal(
        by=by, case=_case(said), words=said["explanation"]
    ),
    "moderation.appeal_dismissed": lambda by, said: moderation.dismiss_appeal(
        by=by, case=_case(said), words=said["explanation"]
    ),
    "moderation.deadline_near": lambda by, said: moderation.remind(by=by, case=_case(said)),
    "moderation.deadline_passed": lambda by, said: moderation.note_deadline(by=by, case=_case(said)),
}


def _named(value: Any) -> Any:
    """A row that another row points to, by what it is known by outside the database."""
    if value is None:
        return None
    if isinstance(value, Seat):
        return value.review.code, value.candidate
    if isinstance(value, (Progress, Merge, Hiding)):
        return value.at
    if isinstance(value, Mandate):
        return value.organisation.code, value.role, value.person.key
    return getattr(value, "code", None) or str(value.key)


def rows() -> dict[str, list[list[tuple[str, Any]]]]:
    """All that lives left in the database, without what is drawn anew at each time."""
    found = {}
    for model in MODELS:
        columns = [each for each in model._meta.concrete_fields if each.name not in RANDOM]
        listed = []
        for one in model._default_manager.all():
            values = (
                (each.name, _named(getattr(one, each.name)) if isinstance(each, ForeignKey) else _plain(one, each.name))
                for each in columns
            )
            listed.append(list(values))
        found[model.__name__] = sorted(listed, key=repr)
    return found


def _plain(one: Model, name: str) -> Any:
    value = getattr(one, name)
    return bytes(value) if isinstance(value, memoryview) else value


SETTING_UP = {"demands.field_added", "demands.route_set", "oversight.monitor_registered"}


def opened() -> list[tuple[Any, ...]]:
    """The entries about lives, their commitments opened, without the keys that are drawn anew."""
    told = []
    lived = Entry.objects.filter(kind__regex="^(demands|commitments|oversight|moderation)[.]").exclude(
        kind__in=SETTING_UP
    )
    for entry in lived.prefetch_related("openings").order_by("id"):
        body = entry.body
        for each in entry.openings.all():
            part, name = each.field.split(".")
            body[part][name] = each.value
        body["data"] = {
            name: value for name, value in body["data"].items() if name not in {"comment", "seat", "mandate"}
        }
        told.append((entry.kind, entry.at, entry.subjects, body))
    # Acts of one moment are of different demands: in what order they stand says nothing.
    return sorted(told, key=lambda each: (each[1], each[2]))
