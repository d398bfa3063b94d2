"""The follower that tells people what concerns them, and the postman that carries messages out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db.models import Q
from procrastinate.contrib.django import app

from hamgara import charter, clock
from hamgara.algorithms import tracking
from hamgara.channels import notices, outbox
from hamgara.channels.models import Message, Notice
from hamgara.channels.notices import About
from hamgara.domain.commitments import events as commitments
from hamgara.domain.demands import events as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import Event
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.ledger.queries import asked_once
from hamgara.domain.moderation import events as moderation
from hamgara.domain.moderation import queries as cases
from hamgara.domain.organisations import events as organisations
from hamgara.domain.organisations import queries as register
from hamgara.domain.organisations.models import Mandate, Organisation
from hamgara.domain.oversight import events as oversight
from hamgara.domain.oversight.models import Monitor
from hamgara.domain.people import events as people
from hamgara.domain.people import queries as persons
from hamgara.domain.people.models import Person
from hamgara.integrations import queue

AT_ONCE = 50
KEPT = timedelta(days=90)  # charter/retention.yaml says why

# What happens to a demand, and whether it is worth a message beside the notice.
ABOUT_DEMANDS = {
    demands.Admitted: True,
    demands.Declined: True,
    demands.Merged: True,
    demands.Unmerged: False,
    demands.Explained: True,
    demands.Answered: True,
    demands.Refused: True,
    demands.FoundNotDoable: True,
    demands.Closed: True,
    demands.WentBack: True,
    demands.Reopened: True,
    demands.DeadlinePassed: False,
    demands.Escalated: False,
    commitments.DueChanged: True,
    commitments.ReportedDone: True,
    commitments.DeadlinePassed: True,
    commitments.Withdrawn: False,  # the demand going back is told already
    oversight.Opened: True,
    oversight.WordsAwaited: True,
    oversight.Drawn: False,
    oversight.Settled: False,  # the demand's closing or going back is told already
}
# What a unit has to do or has left undone. An appeal is the participation office's, not the unit's whom it is against.
TO_UNITS = (
    demands.Submitted,
    demands.Appealed,
    demands.Routed,
    demands.DeadlineNear,
    demands.DeadlinePassed,
    demands.Reopened,
    demands.WentBack,
)
TO_BODIES = (
    organisations.Accredited,
    organisations.AccreditationRefused,
    organisations.AccreditationWithdrawn,
    organisations.AccreditationExpired,
    organisations.Merged,
    organisations.Closed,
)
TO_HOLDERS = (organisations.MandateGranted, organisations.MandateEnded)


def news(name: str, *events: type[Event]) -> Callable[[Callable[[Entry], None]], Callable[[Entry], None]]:
    """Make `act(entry)` a follower that tells people: it writes notices and messages alone, and nothing that is old."""
    return follower(f"notices.{name}", *events, at_once=AT_ONCE, news=lambda: charter.period("clocks.news_at_most"))


def _codes(entry: Entry, kind: str) -> list[str]:
    return [subject.partition(":")[2] for subject in entry.subjects if subject.startswith(f"{kind}:")]


def _holders(bodies: Iterable[str], *roles: str) -> list[Person]:
    """Who may act today for these bodies, in these roles."""
    codes = tuple(bodies)
    found = register.live_mandates().filter(organisation__code__in=codes, role__in=roles)
    # A unit that has much to read is asked for once, and not for each entry that is read together.
    return asked_once((_holders, codes, roles), lambda: [mandate.person for mandate in found])


def _carriers(demand: Demand) -> list[Person]:
    """Who may speak today for the body that carries a demand."""
    body = [demand.on_behalf.code] if demand.on_behalf is not None else []
    return _holders(body, Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE)


def _office() -> list[Person]:
    """Who may act today for the participation office."""
    codes = register.participation_offices().values_list("code", flat=True)
    return _holders(codes, Mandate.Role.HEAD, Mandate.Role.OFFICER)


def _named(demand: Demand, page: str = "") -> About:
    """A demand as messages name it, with the way to its page, or to what of it is meant."""
    return About(demand.title, page or f"/demands/{demand.code}/", demand.shown_code)


def _asked(entry: Entry, page: str = "") -> About:
    """The demand that an entry is about, as messages name it."""
    return _named(Demand.objects.get(code__in=_codes(entry, "demand")), page)


def _of(body: Organisation, page: str = "") -> About:
    """A body as messages name it, with the way to its page, or to a page below that."""
    return About(body.name, f"/organisations/{body.code}/{page}")


@news("demands", *ABOUT_DEMANDS)
def tell_concerned(entry: Entry) -> None:
    """What becomes of a demand is told to its author, to the body that carries it, and to all who follow it."""
    message = next(loud for kind, loud in ABOUT_DEMANDS.items() if entry.kind == kind.KIND)
    for demand in Demand.objects.filter(code__in=_codes(entry, "demand")).select_related("on_behalf"):
        people = Person.objects.filter(pk__in={demand.author_id, *demand.follows.values_list("person_id", flat=True)})
        notices.tell(entry, [*people, *_carriers(demand)], about=_named(demand), message=message)


@news("units", *TO_UNITS)
def tell_units(entry: Entry) -> None:
    """New work, and work that is nearly or already late, is told to the officers of the unit that has it."""
    office = register.participation_office().code
    for demand in register.naming(Demand.objects.filter(code__in=_codes(entry, "demand")), unit=register.bodies):
        appeal = entry.kind == demands.Appealed.KIND or (
            entry.kind in (demands.DeadlineNear.KIND, demands.DeadlinePassed.KIND) and entry.data["unit"] == office
        )
        officers = _office() if appeal else _holders([demand.unit.code], Mandate.Role.HEAD, Mandate.Role.OFFICER)
        notices.tell(entry, officers, about=_named(demand), message=False)


@news("handed_over", demands.HandedOver)
def tell_colleague(entry: Entry) -> None:
    """Whoever is handed a demand hears of it."""
    colleague = Mandate.objects.filter(key=entry.data["mandate"]).select_related("person")
    notices.tell(entry, [mandate.person for mandate in colleague], about=_asked(entry), message=False)


@news("asked_back", demands.AskedBack)
def tell_asked(entry: Entry) -> None:
    """Whoever made the demand hears that they were asked; the question itself is read on the page, signed in."""
    for demand in Demand.objects.filter(code=entry.data["demand"]).select_related("author", "on_behalf"):
        notices.tell(entry, [demand.author, *_carriers(demand)], about=_named(demand), message=True)


@news("told_more", demands.ToldMore)
def tell_who_asked(entry: Entry) -> None:
    """The answer is told to whoever deals with the demand, or to all officers of the unit."""
    for demand in Demand.objects.filter(code=entry.data["demand"]).select_related("unit", "handler__organisation"):
        handler = demand.handled_by
        officers = (
            [handler.person] if handler else _holders([demand.unit.code], Mandate.Role.HEAD, Mandate.Role.OFFICER)
        )
        notices.tell(entry, officers, about=_named(demand), message=False)


@news("units_above", demands.Escalated)
def tell_unit_above(entry: Entry) -> None:
    """What a unit left undone is told to the heads of the unit above; to its officers where nobody leads it."""
    above = [entry.data["unit"]]
    leading = _holders(above, Mandate.Role.HEAD) or _holders(above, Mandate.Role.OFFICER)
    notices.tell(entry, leading, about=_asked(entry), message=True)


@news("asked_authors", demands.AuthorAsked)
def ask_author(entry: Entry) -> None:
    """Author and carrying body are asked whether it is really done: one of them answers, on a page of its own."""
    for demand in Demand.objects.filter(code=entry.data["demand"]).select_related("author", "on_behalf"):
        notices.tell(
            entry,
            [demand.author, *_carriers(demand)],
            about=_named(demand, f"/demands/{demand.code}/done/"),
            message=True,
        )


@news("bodies", *TO_BODIES)
def tell_bodies(entry: Entry) -> None:
    """What becomes of an organisation is told to those who act for it."""
    for body in Organisation.objects.filter(code__in=_codes(entry, "organisation")):
        # Also those who led it to its end: of a body that is gone nobody acts any more (its state is why they ended).
        led = Q(mandates__ended_at=None) | Q(mandates__end_reason=body.state)
        heads = Person.objects.filter(led, mandates__organisation=body, mandates__role=Mandate.Role.HEAD).distinct()
        notices.tell(entry, heads, about=_of(body), message=True)


@news("holders", *TO_HOLDERS)
def tell_holders(entry: Entry) -> None:
    """What becomes of a mandate is told to its holder."""
    for mandate in Mandate.objects.filter(key=entry.data["mandate"]).select_related("person", "organisation"):
        notices.tell(entry, [mandate.person], about=_of(mandate.organisation), message=True)


@news("running_out", organisations.MandateExpiring, organisations.MandateExpired)
def tell_of_running_out(entry: Entry) -> None:
    """That a mandate runs out is told to its holder, and to whoever can give it anew: who leads the body beyond that
    day, or the participation office where nobody does."""
    for mandate in Mandate.objects.filter(key=entry.data["mandate"]).select_related("person", "organisation"):
        body = mandate.organisation
        heads = register.holders(body).filter(role=Mandate.Role.HEAD, until__gt=mandate.until)
        hearing = [head.person for head in heads] or _office()
        notices.tell(entry, [mandate.person, *hearing], about=_of(body, "mandates/"), message=True)


@news("partners", commitments.Proposed)
def tell_partners(entry: Entry) -> None:
    """Those who are asked to promise together hear of it."""
    partners = _holders(entry.data["promisers"], Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE, Mandate.Role.OFFICER)
    promise = About(
        entry.data["title"], f"/commitments/{entry.data['commitment']}/", tracking.show(entry.data["demand"])
    )
    notices.tell(entry, partners, about=promise, message=True)


@news(
    "promisers",
    commitments.DueSoon,
    commitments.DeadlinePassed,
    commitments.Settled,
    commitments.UnderAppeal,
)
def tell_promisers(entry: Entry) -> None:
    """Those who promised hear of their own dates and of what reviewers found."""
    promisers = _holders(entry.data["promisers"], Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE, Mandate.Role.OFFICER)
    about = _asked(entry, f"/commitments/{entry.data['commitment']}/")
    notices.tell(entry, promisers, about=about, message=True)


@news("office", oversight.PoolTooSmall)
def tell_office(entry: Entry) -> None:
    """A review that waits for more reviewers is the participation office's to look after."""
    notices.tell(entry, _office(), about=_asked(entry), message=False)


@news("reviewers", oversight.Drawn, oversight.Recused, oversight.AbsentReplaced, oversight.Reminded)
def tell_reviewers(entry: Entry) -> None:
    """Whoever was drawn, called in place of another, is nearly late, or was too late, hears of it."""
    called = list(entry.data.get("panel") or [])
    if entry.kind != oversight.Drawn.KIND:
        steps_back = entry.kind == oversight.Recused.KIND  # of their own accord: they know
        called = [who for who in (entry.data.get("called"), None if steps_back else entry.data["reviewer"]) if who]
    bodies = [each.partition(":")[2] for each in called if each.startswith("organisation:")]
    monitors = [each.partition(":")[2] for each in called if each.startswith("monitor:")]
    people = _holders(bodies, Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE, Mandate.Role.REVIEWER)
    people += [monitor.person for monitor in Monitor.objects.filter(code__in=monitors).select_related("person")]
    notices.tell(entry, people, about=_asked(entry, "/reviewer/"), message=True)


# What was decided about a thing, and whether its author gets a message beside the notice.
ABOUT_THINGS = {
    moderation.Hidden: True,
    moderation.Restored: True,
    moderation.AppealGranted: True,
    moderation.AppealDismissed: True,
}


@news("hidden", *ABOUT_THINGS)
def tell_author(entry: Entry) -> None:
    """Whoever wrote or brought what was hidden or is shown again hears of it; the notice leads to the appeal."""
    for case in cases.listed().filter(code=entry.data["case"]):
        if case.author is not None:
            notices.tell(entry, [case.author], about=_named(case.demand, f"/moderation/{case.code}/"), message=True)


@news("reporters", moderation.Hidden, moderation.Left)
def tell_reporters(entry: Entry) -> None:
    """Whoever reported something hears what came of it: each alone, on their own page."""
    for case in cases.listed().filter(code=entry.data["case"]):
        people = Person.objects.filter(pk__in=case.given.filter(at__lte=entry.at).values("person"))
        notices.tell(entry, people, about=_named(case.demand), message=False)


@news("appeals", moderation.Appealed)
def tell_deciders(entry: Entry) -> None:
    """An appeal is told to those who decide for the unit that hid it."""
    for case in cases.listed().filter(code=entry.data["case"]):
        if (hid := cases.last_hid(case)) is not None:
            officers = _holders([hid.unit.code], Mandate.Role.HEAD, Mandate.Role.OFFICER)
            notices.tell(entry, officers, about=_named(case.demand), message=False)


@news("deciders", moderation.DeadlineNear, moderation.DeadlinePassed)
def tell_who_decides(entry: Entry) -> None:
    """A decision that is nearly or already late is told to the unit that has to make it."""
    for case in cases.listed().filter(code=entry.data["case"]):
        if (unit := cases.deciding(case)) is not None:
            officers = _holders([unit.code], Mandate.Role.HEAD, Mandate.Role.OFFICER)
            about = About(case.demand.title, f"/office/moderation/{case.code}/", case.demand.shown_code)
            notices.tell(entry, officers, about=about, message=False)


@news("persons", people.ErasureAsked, people.ErasureCancelled)
def tell_persons(entry: Entry) -> None:
    """Whoever is to be erased hears of it, so that nobody else can have it done unseen."""
    notices.tell(entry, [persons.erasure(entry.data["erasure"]).person], about=About("", "/me/erase/"), message=True)


@follower("channels.forget_person", people.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: their notices go, and every message to an address of theirs."""
    person = persons.erasure(entry.data["erasure"]).person
    Notice.objects.filter(person=person).delete()
    Message.objects.filter(address__in=persons.addresses(person)).delete()


@app.task(name=queue.POSTMAN, lock=queue.POSTMAN)
def deliver() -> None:
    """Woken when a message has been written."""
    outbox.deliver_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(name="channels.deliver_anyway", lock=queue.POSTMAN, queueing_lock="channels.deliver_anyway")
def deliver_anyway(timestamp: int) -> None:
    """The net under the wake, and the next try of what failed."""
    outbox.deliver_waiting()


@app.periodic(cron="20 3 * * *")
@app.task(name="channels.forget", queueing_lock="channels.forget")
def forget(timestamp: int) -> None:
    """Messages and read notices go when their time is over."""
    Message.objects.filter(made_at__lt=clock.now() - KEPT).delete()
    Notice.objects.filter(read_at__lt=clock.now() - KEPT).delete()
