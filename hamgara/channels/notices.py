"""Who hears of which act: notices on the page, and messages for those who wish them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.channels import outbox, words
from hamgara.channels.models import Notice
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people.models import Person


@dataclass(frozen=True)
class About:
    """What a message names: in words, by its tracking code if it has one, and by the page where more stands."""

    words: str
    page: str
    code: str = ""


def tell(entry: Entry, people: Iterable[Person], *, about: About, message: bool) -> None:
    """Give each person one notice of this entry, and a message if the act is worth one and they wish it.

    Told again, it does nothing: a notice is one a person and entry, and messages go with new notices only. What is old
    is told no more: a follower that is new reads the ledger from its beginning.
    """
    if entry.at < clock.now() - charter.period("clocks.news_at_most"):
        return
    wanted = {person.pk: person for person in people if person.is_active}
    if not message:
        Notice.objects.bulk_create(
            (Notice(person=each, entry=entry) for each in wanted.values()), ignore_conflicts=True
        )
        return
    told = set(Notice.objects.filter(entry=entry, person__in=wanted).values_list("person_id", flat=True))
    new = [person for pk, person in wanted.items() if pk not in told]
    Notice.objects.bulk_create(Notice(person=person, entry=entry) for person in new)
    for person in new:
        _send(person, entry, about)


def _send(person: Person, entry: Entry, about: About) -> None:
    with translation.override(person.language):
        text = (_("Hamgara: %(what)s. %(about)s") % {"what": words.sentence(entry), "about": about.words}).strip()
        if about.code:
            text += "\n" + _("Tracking code: %(code)s") % {"code": about.code}
        text += f"\n{''.join(settings.CSRF_TRUSTED_ORIGINS[:1])}{about.page}"
        if person.sms_notices and person.phone and person.phone_verified:
            outbox.send_sms(person.phone, text)
        if person.mail_notices and person.email:
            outbox.send_mail(person.email, words.sentence(entry), text)


def of(person: Person) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(person=person).select_related("entry").order_by("-at", "-pk")


def unread(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, read_at=None)


def mark_read(person: Person) -> None:
    """Everything up to now has been seen."""
    unread(person).update(read_at=clock.now())
