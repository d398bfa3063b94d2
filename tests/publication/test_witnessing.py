"""Witnesses: who lets them count, how they are asked, what they may send, and when an act is witnessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hamgara import clock
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import sign
from hamgara.algorithms.tlog.exchange import Request, weigh
from hamgara.algorithms.tlog.keys import COSIGNATURE, SignerKey
from hamgara.algorithms.tlog.notes import Note
from hamgara.channels import words
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import FOUNDERS, RULES
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.models import Entry
from hamgara.domain.publication import commands, jobs
from hamgara.domain.publication.jobs import witnessing
from hamgara.domain.publication.models import Head, Witness
from hamgara.integrations.log_files import Unreachable
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import PublishedLog
from hamgara.web.record import published as pages
from tests import factories as make
from tests.algorithms.tlog_twins import LOG, WITNESSES
from tests.ledger.acts import hear
from tests.tables import lets
from tests.web.readers import office

pytestmark = pytest.mark.django_db
COSIGNATURES = "/ledger/log/cosignatures"


def now() -> int:
    return int(clock.now().timestamp())


UNIVERSITY = SignerKey("university.example/witness", COSIGNATURE, bytes(31) + b"u")


def register(signer: SignerKey, url: str = "") -> Witness:
    return commands.register_witness(by=FOUNDERS, vkey=str(signer.verifier), url=url, outside=signer is UNIVERSITY)


def publish(thing: str) -> jobs.Publisher:
    hear(by=RULES, thing=thing)
    sequence()
    publisher = jobs.publisher()
    publisher.step()
    return publisher


def published(log_root: Path) -> PublishedLog:
    return PublishedLog.read(LogFolder(log_root).fetch)


def cosigned(log_root: Path, signer: SignerKey, at: int | None = None) -> str:
    """What `hamgara witness pull` sends."""
    text = Note.parse((log_root / "checkpoint").read_bytes()).text
    return str(Note(text, (sign(text, signer, now() if at is None else at),)))


def send(client: Client, body: str | bytes) -> int:
    return client.post(COSIGNATURES, body, content_type="text/plain; charset=utf-8").status_code


class Program:
    """A witness of the specification, at the other end of `post`."""

    def __init__(self, signer: SignerKey, log: SignerKey) -> None:
        self.signer, self.log, self.held, self.asked = signer, log, None, 0

    def __call__(self, url: str, body: str) -> tuple[int, bytes]:
        self.asked += 1
        found = weigh(body, {self.log.name: [self.log.verifier]}, lambda origin: self.held)
        if found.status == 409:
            return 409, f"{found.held}\n".encode()
        if found.status == 200:
            self.held = found.checkpoint
            return 200, str(sign(Request.parse(body).note.text, self.signer, now())).encode()
        return int(found.status), found.reason.encode()


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[str, str], tuple[int, bytes]]]:
    programs: dict[str, Callable[[str, str], tuple[int, bytes]]] = {}

    def post(url: str, body: str) -> tuple[int, bytes]:
        if url not in programs:
            raise Unreachable(f"{url} gives no answer")
        return programs[url](url, body)

    monkeypatch.setattr(witnessing, "post", post)
    return programs


def test_only_the_office_lets_a_witness_count() -> None:
    clerk, citizen = make.office_officer(), make.acting()
    assert not lets(lambda: commands.register_witness(by=citizen, vkey=str(WITNESSES[0].verifier)))
    assert lets(lambda: commands.register_witness(by=clerk, vkey=str(WITNESSES[0].verifier)))
    witness = Witness.objects.first() or register(WITNESSES[0])
    assert not lets(lambda: commands.withdraw_witness(by=citizen, witness=witness, reason="gone"))
    assert lets(lambda: commands.withdraw_witness(by=clerk, witness=witness, reason="gone"))


def test_a_key_that_anybody_could_use_or_that_counts_already_is_refused() -> None:
    register(WITNESSES[0])
    again = SignerKey("other.example/witness", WITNESSES[0].kind, WITNESSES[0].seed)
    taken = SignerKey("outside", COSIGNATURE, bytes(32))
    for vkey in ("nonsense", *(str(each.verifier) for each in (LOG, WITNESSES[0], again, taken))):
        with pytest.raises(Invalid):
            commands.register_witness(by=FOUNDERS, vkey=vkey)
    with pytest.raises(Invalid):
        commands.register_witness(by=FOUNDERS, vkey=str(WITNESSES[1].verifier), url="ftp://somewhere")
    assert Witness.objects.count() == 1


def test_an_act_is_witnessed_when_enough_have_come_and_not_before(
    client: Client, log_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(words.SAYINGS, "tests.heard", words.Saying("Somebody heard of it", "ear"))
    client.cookies["language"] = "en"
    for signer in WITNESSES:
        register(signer)
    publish("bread")
    assert published(log_root).policy.quorum == "none"
    assert "too few witnesses are registered" in client.get("/ledger/").content.decode()
    register(UNIVERSITY)
    publisher = publish("butter")
    assert "group local 2 ngo1.example/witness ngo2.example/witness ngo3.example/witness\n" in str(
        published(log_root).policy
    )
    assert published(log_root).policy.quorum == "witnesses"
    came = (WITNESSES[0], WITNESSES[2], WITNESSES[1], UNIVERSITY)
    for signer, enough in zip(came, (False, False, False, True), strict=True):  # all of the city are not enough
        page = client.get("/ledger/").content.decode()
        assert "they are missing since" in page
        assert "From outside the city: 0 of the 1 that are needed have seen it; 1 are registered." in page
        assert send(client, cosigned(log_root, signer)) == 200
        publisher.step()
        assert published(log_root).standing.witnessed is enough
        assert (log_root / "checkpoint.witnessed").exists() is enough
    assert "as many as the charter asks for" in client.get("/ledger/").content.decode()
    publish("salt")  # nobody came since
    [since] = Head.objects.filter(size=published(log_root).head.size).values_list("published_at", flat=True)
    told = pages.as_page(pages.the_log())
    assert told is not None
    assert told["missing_since"] == since
    assert not published(log_root).standing.witnessed
    size = published(log_root).head.size
    old = client.get(f"/ledger/{size - 2}/receipt").content.decode()
    assert "ngo1.example/witness" in old, "the receipt is of the head that they saw"
    assert "ngo1.example/witness" not in client.get(f"/ledger/{size - 1}/receipt").content.decode()


def test_what_does_not_hold_is_not_taken(client: Client, log_root: Path) -> None:
    witness = register(WITNESSES[0])
    publish("bread")
    good = cosigned(log_root, WITNESSES[0])
    head = Checkpoint.parse(Note.parse(good).text)
    other = Checkpoint(head.origin, head.size, bytes(32)).text
    assert send(client, "garbled") == 400
    assert send(client, b"x" * 70_000) == 413
    assert send(client, cosigned(log_root, WITNESSES[1])) == 403
    assert send(client, good.replace(str(head.size), str(head.size + 1), 1)) == 403
    assert send(client, cosigned(log_root, WITNESSES[0], at=now() + 86_400)) == 403
    assert send(client, str(Note(other, (sign(other, WITNESSES[0], now()),)))) == 409
    assert client.get(COSIGNATURES).status_code == 405
    witness.refresh_from_db()
    assert witness.seen_at is None
    assert send(client, good) == 200
    assert send(client, good) == 200, "sent twice it counts once"
    witness.refresh_from_db()
    assert witness.seen_size == head.size
    commands.withdraw_witness(by=FOUNDERS, witness=witness, reason="its key was lost")
    assert send(client, good) == 403


def test_witnesses_are_asked_and_a_dead_one_stops_nobody(log_root: Path, net: Any) -> None:
    [signer] = jobs.signers()
    there = (*WITNESSES[:2], UNIVERSITY, WITNESSES[2])
    for name, each in zip("abcd", there, strict=True):
        register(each, f"https://{name}.example")
    programs = {name: Program(each, signer) for name, each in zip("abc", there[:3], strict=True)}
    for name, program in programs.items():
        net[f"https://{name}.example/add-checkpoint"] = program
    publisher = publish("bread")
    assert published(log_root).standing.who.keys() == {each.name for each in there[:3]}
    assert published(log_root).standing.missing == ("ngo3.example/witness",)
    for thing in ("salt", "rice"):
        hear(by=RULES, thing=thing)
        sequence()
        publisher.step()
        assert published(log_root).standing.witnessed
    assert [each.asked for each in programs.values()] == [3, 3, 3]
    Witness.objects.update(seen_size=0)  # what we knew of them is lost; they say what they hold
    hear(by=RULES, thing="oil")
    sequence()
    publisher.step()
    assert published(log_root).standing.witnessed
    assert [each.asked for each in programs.values()] == [5, 5, 5]


def test_a_witness_that_sends_rubbish_is_passed_over(log_root: Path, net: Any) -> None:
    register(WITNESSES[0], "https://a.example")
    for answer in (
        (200, b"rubbish"),
        (200, str(sign("x\n1\nx\n", WITNESSES[0], 1)).encode()),
        (409, b"-1\n"),
        (500, b""),
    ):
        net["https://a.example/add-checkpoint"] = lambda url, body, answer=answer: answer
        publish("bread")
        assert not published(log_root).standing.who


def test_the_office_registers_and_withdraws_on_its_page() -> None:
    client = office()
    bad = client.post("/office/witnesses/", {"vkey": "nonsense"})
    assert bad.status_code == 422
    done = client.post("/office/witnesses/", {"vkey": str(WITNESSES[0].verifier), "outside": "on"}, follow=True)
    assert "ngo1.example/witness" in done.content.decode()
    witness = Witness.objects.get()
    assert witness.outside
    client.post(f"/office/witnesses/{witness.pk}/withdraw/", {"reason": "its laptop was stolen"})
    witness.refresh_from_db()
    assert witness.withdrawn_at is not None
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))[-2:]
    assert kinds == ["publication.witness_registered", "publication.witness_withdrawn"]
