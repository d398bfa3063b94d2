"""The sample city's demands: each step of sample/kashan/demands.yaml becomes a command, in the order of its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hamgara import clock
from hamgara.cli.sample import Loader, person
from hamgara.domain.commitments import commands as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import queries as register
from hamgara.domain.organisations.models import ActingPerson, Place
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.oversight.models import Review, Seat

FOUND = {
    "kept": "کار همان‌گونه که گفته شده بود انجام شده است.",
    "partly": "سطل تازه گذاشته شده است، ولی در بازدید ما دو شب زباله جمع نشده بود.",
}


class Story:
    """What happened, told in time."""

    def __init__(self, work: dict[str, Any], start: datetime, loader: Loader) -> None:
        self.work = work
        self.start = start
        self.loader = loader
        self.made: dict[str, Demand] = {}

    def tell(self) -> None:
        acts = [act for told in self.work["demands"] for act in self.acts(told)]
        # The sort is stable, so steps of one moment stay in the order in which they are written.
        for moment, act in sorted(acts, key=lambda each: each[0]):
            with clock.standing_at(min(moment, self.start)):
                act()
                catch_up()

    def acts(self, told: dict[str, Any]) -> list[tuple[datetime, Callable[[], None]]]:
        begun = self.start - timedelta(days=told["ago"])
        acts: list[tuple[datetime, Callable[[], None]]] = [(begun, lambda: self.submit(told))]
        for hours, who in enumerate(told["supporters"], start=3):
            acts.append((begun + timedelta(hours=hours), lambda who=who: self.support(told, who)))  # type: ignore[misc]
        for step in told["steps"]:
            verb = next(name for name in step if hasattr(self, f"step_{name}"))
            at = begun + timedelta(days=step["after"], hours=1)
            acts.append((at, lambda verb=verb, step=step: getattr(self, f"step_{verb}")(told, step)))  # type: ignore[misc]
        return acts

    # --- who acts ----------------------------------------------------------------------------------------------------

    def officer(self, who: str) -> ActingPerson:
        """Somebody under their first mandate."""
        return ActingPerson(person(who), register.mandates_of(person(who))[0])

    def acting(self, step: dict[str, Any], verb: str) -> ActingPerson:
        return self.loader.acting(step[verb], step["as"])

    def demand(self, told: dict[str, Any]) -> Demand:
        return Demand.objects.get(pk=self.made[told["title"]].pk)

    def commitment(self, told: dict[str, Any]) -> Commitment:
        return self.demand(told).commitments.get()

    # --- what they do ------------------------------------------------------------------------------------------------

    def submit(self, told: dict[str, Any]) -> None:
        author = (
            self.loader.acting(told["by"], told["behalf"]) if "behalf" in told else ActingPerson(person(told["by"]))
        )
        self.made[told["title"]] = demands.submit(
            by=author,
            kind=told["kind"],
            title=told["title"],
            text=told["text"],
            field=Field.objects.get(code=told["field"]),
            place=Place.objects.get(code=told["place"]),
            point=tuple(told["point"]) if "point" in told else None,
            address=told.get("address", ""),
        )

    def support(self, told: dict[str, Any], who: str) -> None:
        demands.support(by=ActingPerson(person(who)), demand=self.demand(told))

    def step_admit(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        demands.admit(by=self.officer(step["admit"]), demand=self.demand(told))

    def step_decline(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        demands.decline(
            by=self.officer(step["decline"]), demand=self.demand(told), reason_code=step["code"], reason=step["reason"]
        )

    def step_refuse(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        demands.refuse(
            by=self.acting(step, "refuse"), demand=self.demand(told), reason_code=step["code"], reason=step["reason"]
        )

    def step_not_doable(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        demands.find_not_doable(
            by=self.acting(step, "not_doable"),
            demand=self.demand(told),
            reason_code=step["code"],
            reason=step["reason"],
        )

    def step_explain(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        demands.explain(by=self.acting(step, "explain"), demand=self.demand(told), text=step["text"])

    def step_merge(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        demands.merge(
            by=self.officer(step["merge"]),
            demand=self.demand(told),
            into=Demand.objects.get(pk=self.made[step["into"]].pk),
            reason=step["reason"],
        )

    def step_promise(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        partners = step.get("partners", [])
        made = commitments.promise(
            by=self.acting(step, "promise"),
            demand=self.demand(told),
            title=step["title"],
            what=step["what"],
            indicators=[{"text": text, "target": target, "unit": unit} for text, target, unit in step["indicators"]],
            due=clock.today() + timedelta(days=step["due"]),
            budget_rial=step.get("budget"),
            hours=step.get("hours"),
            partners=[self.loader.body(body) for _who, body in partners],
        )
        for who, body in partners:
            commitments.join(by=self.loader.acting(who, body), commitment=made, organisation=self.loader.body(body))

    def step_start(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        commitments.start(by=self.acting(step, "start"), commitment=self.commitment(told))

    def step_progress(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        commitments.report_progress(
            by=self.acting(step, "progress"),
            commitment=self.commitment(told),
            text=step["text"],
            percent=step["percent"],
        )

    def step_report(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        commitments.report_done(
            by=self.acting(step, "report"),
            commitment=self.commitment(told),
            text=step["text"],
            claims=step["claims"],
        )

    def step_words(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        review = Review.objects.get(commitment=self.commitment(told))
        oversight.give_words(by=ActingPerson(person(step["words"])), review=review, words=step["said"])

    def step_verdicts(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        """All who were drawn answer alike: which of them were drawn is the lot's secret until it is cast."""
        review = Review.objects.get(commitment=self.commitment(told))
        overall = step["verdicts"]
        rest = "yes" if overall == "kept" else "partly"
        for seat in review.seats.filter(state=Seat.State.CALLED):
            oversight.give_verdict(
                by=self.reviewer(seat),
                seat=seat,
                paper="yes",
                on_site=rest,
                effect=rest,
                overall=overall,
                paper_findings="",
                on_site_findings=FOUND[overall],
                effect_findings=FOUND[overall],
            )

    def reviewer(self, seat: Seat) -> ActingPerson:
        if seat.monitor is not None:
            return ActingPerson(seat.monitor.person)
        holder = register.holders(seat.organisation).first()
        assert holder is not None
        return ActingPerson(holder.person, holder)
