"""Commands on monitors: registered by the participation office until a date."""

from __future__ import annotations

import secrets
from datetime import date

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.domain.commitments.commands.wording import Problems
from hamgara.domain.ledger.commands import command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.organisations.queries import live_mandates
from hamgara.domain.oversight import events, policies
from hamgara.domain.oversight.models import KNOWN_AS_LENGTH, REASON_LENGTH, Monitor
from hamgara.domain.people.models import Person


@command
def register_monitor(*, by: Actor, person: Person, known_as: str, until: date, code: str = "") -> Monitor:
    """Register somebody who will judge for the people when the lot falls on them; without a code they get one."""
    refuse_replay(by)
    require(policies.may_register_monitor(by))
    person = Person.objects.select_for_update().get(pk=person.pk)
    problems = Problems()
    known_as = problems.words(
        "known_as", known_as, KNOWN_AS_LENGTH, _("Write what the monitor is to be called in public."), lines=False
    )
    if not clock.today() < until <= clock.today() + charter.period("oversight.monitor_at_most"):
        problems["until"] = _("The date must lie ahead, and within the longest time that the charter allows.")
    if live_mandates().filter(person=person, organisation__kind=Organisation.Kind.MUNICIPAL_UNIT).exists():
        problems["person"] = _("This person works for the municipality, and could judge nothing of it.")
    if Monitor.objects.filter(person=person, ended_at=None, until__gte=clock.today()).exists():
        problems["person"] = _("This person is a monitor already.")
    problems.check()
    # A registration past its date still occupies the person until somebody says so; a new one ends it.
    Monitor.objects.filter(person=person, ended_at=None).update(ended_at=clock.now(), end_reason="expired")
    code = code or f"m-{secrets.token_hex(4)}"
    monitor = Monitor.objects.create(code=code, person=person, known_as=known_as, until=until)
    record(
        events.MonitorRegistered(
            monitor=monitor.code, person=str(person.key), known_as=known_as, until=until.isoformat()
        ),
        by=by,
    )
    return monitor


@command
def end_monitor(*, by: Actor, monitor: Monitor, reason: str) -> Monitor:
    """End a registration before its date, at once."""
    monitor = Monitor.objects.select_for_update().get(pk=monitor.pk)
    refuse_replay(by)
    require(policies.may_end_monitor(by, monitor))
    problems = Problems()
    reason = problems.words("reason", reason, REASON_LENGTH, _("Give the reason."))
    problems.check()
    monitor.ended_at, monitor.end_reason = clock.now(), reason
    monitor.save()
    record(events.MonitorEnded(monitor=monitor.code, person=str(monitor.person.key), reason=reason), by=by)
    return monitor
