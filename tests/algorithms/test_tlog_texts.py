"""Keys, notes, checkpoints, receipts, policies and requests: as specified, read in one way only, signed or refused."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamgara.algorithms.tlog import Forged, Malformed, Wrong, keys, tree
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import sign, signed_by, verified
from hamgara.algorithms.tlog.exchange import Request, cosignatures_in, size_in
from hamgara.algorithms.tlog.keys import SignerKey, VerifierKey
from hamgara.algorithms.tlog.notes import Note, Signature
from hamgara.algorithms.tlog.policies import Log, Policy
from hamgara.algorithms.tlog.receipts import Receipt
from tests.algorithms.tlog_twins import LOG, ORIGIN, QUANTUM, WITNESSES, entry, memory, signed

TREE = memory(70)
NOTE = signed(70, TREE.root(), *WITNESSES, QUANTUM)
VKEYS = [each.verifier for each in (LOG, QUANTUM, *WITNESSES)]
RECEIPT = Receipt(11, tuple(TREE.inclusion(11)), NOTE, "نمک".encode())
REQUEST = Request(33, tuple(TREE.consistency(33)), NOTE)
POLICY = f"""\
# نهادهای کاشان و دو ناظر بیرونی
log {LOG.verifier} https://city.example/log/1/
witness one {VKEYS[2]}
witness two\t{VKEYS[3]} https://ngo2.example/
witness سه {VKEYS[4]}

group local any one two
  group both all local سه
quorum both
"""
# Of the specification itself.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = """\
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""


def test_the_example_of_the_specification() -> None:
    key, note = VerifierKey.parse(EXAMPLE_KEY), Note.parse(EXAMPLE_NOTE)
    assert [each.key for each in signed_by(note, [key])] == [key]
    assert note.text == "This is an example message.\n"
    with pytest.raises(Forged):
        signed_by(Note("This is an example message!\n", note.signatures), [key])


def test_a_text_may_have_empty_lines() -> None:
    poem = Note.parse("Ognuno sta solo\ntrafitto:\n\ned è subito sera.\n\n— q.example/s NnugSzTjtVAewIS+\n")
    assert poem.text == "Ognuno sta solo\ntrafitto:\n\ned è subito sera.\n"


PARSERS = [
    pytest.param(Note.parse, str(NOTE), id="note"),
    pytest.param(Checkpoint.parse, Checkpoint("o", 12, bytes(32), ("more",)).text, id="checkpoint"),
    pytest.param(Receipt.parse, str(RECEIPT), id="receipt"),
    pytest.param(Request.parse, str(REQUEST), id="request"),
    pytest.param(VerifierKey.parse, str(VKEYS[0]), id="vkey"),
    pytest.param(Policy.parse, str(Policy.parse(POLICY)), id="policy"),
]


def printed(parsed: Any) -> str:
    return parsed.text if isinstance(parsed, Checkpoint) else str(parsed)


@pytest.mark.parametrize(("parse", "text"), PARSERS)
def test_what_is_printed_is_read_again(parse: Callable[[str | bytes], Any], text: str) -> None:
    assert printed(parse(text)) == text
    assert parse(text.encode()) == parse(text)


def mutate(text: str, data: st.DataObject) -> str:
    """One thing that goes wrong on the way, or that somebody does on purpose."""
    at = data.draw(st.integers(0, len(text) - 1), label="at")
    some = data.draw(st.sampled_from("\n \t\r\x00+=/—#0A9é\u00a0\u2028\ud800-"), label="some")
    length = data.draw(st.integers(1, 3), label="length")
    how = data.draw(st.sampled_from(["put", "replace", "cut", "double", "upper", "line", "end"]), label="how")
    if how == "line":
        lines = text.split("\n")
        line = data.draw(st.integers(0, len(lines) - 1), label="line")
        lines.insert(line, lines[data.draw(st.integers(0, len(lines) - 1), label="copied")])
        return "\n".join(lines)
    middle = {
        "put": some * length + text[at : at + length],
        "replace": some * length,
        "cut": "",
        "double": text[at : at + length] * 2,
        "upper": text[at : at + length].swapcase(),
        "end": "",
    }[how]
    return text[:at] + middle + ("" if how == "end" else text[at + length :])


@pytest.mark.parametrize(("parse", "text"), PARSERS)
@given(data=st.data())
@settings(max_examples=50)
def test_what_does_not_print_to_itself_is_refused(parse: Callable[[Any], Any], text: str, data: st.DataObject) -> None:
    changed = mutate(text, data)
    try:
        parsed = parse(changed)
    except Malformed:
        return
    if parse == Policy.parse:  # the one text in which people may space and comment as they like
        assert Policy.parse(printed(parsed)) == parsed
    else:
        assert printed(parsed) == changed


@given(data=st.data())
@settings(max_examples=50)
def test_no_changed_note_is_still_signed_by_all(data: st.DataObject) -> None:
    changed = mutate(str(NOTE), data)
    try:
        note = Note.parse(changed)
        assert len(verified(note, VKEYS)) < len(VKEYS) or {*note.signatures} == {*NOTE.signatures}
        assert note.text == NOTE.text or not verified(note, VKEYS)
    except Wrong:
        return


ONE = str(WITNESSES[0].verifier)
GARBLED: dict[str, tuple[Callable[[str | bytes], Any], str | bytes]] = {
    "windows' lines": (Note.parse, EXAMPLE_NOTE.replace("\n", "\r\n")),
    "no signature": (Note.parse, "text\n\n"),
    "no empty line": (Note.parse, "text\n— a NnugSzTjtVAewIS+\n"),
    "a signature without an end": (Note.parse, EXAMPLE_NOTE[:-1]),
    "another dash": (Note.parse, EXAMPLE_NOTE.replace("—", "–")),
    "a signature of four bytes": (Note.parse, "text\n\n— a NnugSw==\n"),
    "a name with a plus": (Note.parse, "text\n\n— a+b NnugSzTjtVAewIS+\n"),
    "a name with a space nobody sees": (Note.parse, "text\n\n— a\u2003b NnugSzTjtVAewIS+\n"),
    "no name": (Note.parse, "text\n\n—  NnugSzTjtVAewIS+\n"),
    "bits behind the end of base64": (Note.parse, "text\n\n— a NnugSzTjtVAewIT=\n"),
    "65 signatures": (Note.parse, "text\n\n" + "— a NnugSzTjtVAewIS+\n" * 65),
    "ten megabytes": (Note.parse, "x" * 10_000_000 + EXAMPLE_NOTE),
    "no utf-8": (Note.parse, b"\xff" + EXAMPLE_NOTE.encode()),
    "half a character": (Note.parse, "\ud800" + EXAMPLE_NOTE),
    "a zero before the size": (Checkpoint.parse, f"o\n07\n{b64encode(bytes(32)).decode()}\n"),
    "a size above all sizes": (Checkpoint.parse, f"o\n{2**63}\n{b64encode(bytes(32)).decode()}\n"),
    "a size in Persian digits": (Checkpoint.parse, f"o\n۷\n{b64encode(bytes(32)).decode()}\n"),
    "a root of 31 bytes": (Checkpoint.parse, f"o\n7\n{b64encode(bytes(31)).decode()}\n"),
    "no origin": (Checkpoint.parse, f"\n7\n{b64encode(bytes(32)).decode()}\n"),
    "an empty line more": (Checkpoint.parse, f"o\n7\n{b64encode(bytes(32)).decode()}\n\n"),
    "a checkpoint of two lines": (Checkpoint.parse, "o\n7\n"),
    "another head of a receipt": (Receipt.parse, str(RECEIPT).replace("@v1", "@v2")),
    "a receipt without an index": (Receipt.parse, str(RECEIPT).replace("index 11\n", "")),
    "an index below nothing": (Receipt.parse, str(RECEIPT).replace("index 11", "index -1")),
    "a receipt of 64 hashes": (Receipt.parse, str(Receipt(1, (bytes(32),) * 64, NOTE))),
    "a request of 64 hashes": (Request.parse, str(Request(1, (bytes(32),) * 64, NOTE))),
    "an old size with a sign": (Request.parse, str(REQUEST).replace("old 33", "old +33")),
    "a key id in capitals": (VerifierKey.parse, EXAMPLE_KEY.replace("530d903a", "530D903A")),
    "the key id of another": (VerifierKey.parse, EXAMPLE_KEY.replace("530d903a", "530d903b")),
    "another name for the key": (VerifierKey.parse, EXAMPLE_KEY.replace("foo", "fop")),
    "a vkey of two parts": (VerifierKey.parse, "example.com/foo+530d903a"),
    "an empty key": (VerifierKey.parse, "example.com/foo+530d903a+"),
    "an unknown kind": (VerifierKey.parse, "a+00000000+" + b64encode(b"\x02" + bytes(32)).decode()),
    "a private key where a public one belongs": (VerifierKey.parse, LOG.secret()),
    "a public key where a private one belongs": (SignerKey.parse, EXAMPLE_KEY),
    "a private key of another name": (SignerKey.parse, LOG.secret().replace("city", "town")),
    "a policy without a quorum": (Policy.parse, POLICY.replace("quorum both\n", "")),
    "a policy with two": (Policy.parse, POLICY + "quorum none\n"),
    "a quorum of nobody": (Policy.parse, "quorum us\n"),
    "one key as two witnesses": (Policy.parse, f"witness a {ONE}\nwitness b {ONE}\nquorum a\n"),
    "one name for two": (Policy.parse, f"witness a {ONE}\ngroup a any a\nquorum a\n"),
    "a witness that is called none": (Policy.parse, f"witness none {ONE}\nquorum none\n"),
    "a group before its members": (Policy.parse, f"group g any a\nwitness a {ONE}\nquorum g\n"),
    "two of one": (Policy.parse, f"witness a {ONE}\ngroup g 2 a\nquorum g\n"),
    "none of one": (Policy.parse, f"witness a {ONE}\ngroup g 0 a\nquorum g\n"),
    "a group of nobody": (Policy.parse, "group g all\nquorum g\n"),
    "one who counts in two groups": (Policy.parse, f"witness a {ONE}\ngroup g any a\ngroup h any a\nquorum g\n"),
    "one who counts twice": (Policy.parse, f"witness a {ONE}\ngroup g any a a\nquorum g\n"),
    "a log's key as a witness": (Policy.parse, f"witness a {LOG.verifier}\nquorum a\n"),
    "a witness's key as a log": (Policy.parse, f"log {ONE}\nquorum none\n"),
    "a line of no sort": (Policy.parse, "trust everybody\nquorum none\n"),
    "a policy whose last line has no end": (Policy.parse, "quorum none"),
    "an answer without an end": (cosignatures_in, str(NOTE.signatures[0])[:-1]),
    "an answer with an empty line": (cosignatures_in, f"{NOTE.signatures[0]}\n{NOTE.signatures[1]}"),
    "a page where an answer belongs": (cosignatures_in, "<html>\n"),
    "a size that is none": (size_in, "12 \n"),
    "a size without an end": (size_in, "12"),
}


@pytest.mark.parametrize("what", GARBLED)
def test_garbled_texts_are_refused(what: str) -> None:
    parse, text = GARBLED[what]
    with pytest.raises(Malformed):
        parse(text)


# Every point of small order, in each of its encodings; those of RFC 8032 that are not canonical are the last.
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


@pytest.mark.parametrize("weak", SMALL)
def test_nobody_signs_under_a_key_that_anybody_could_sign_under(weak: str) -> None:
    for kind in (keys.ED25519, keys.COSIGNATURE):
        with pytest.raises(Malformed, match="refused"):
            VerifierKey("a.example", kind, bytes.fromhex(weak))


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=50)
def test_every_key_that_somebody_holds_is_sound(seed: bytes) -> None:
    signer = SignerKey("a.example", keys.COSIGNATURE, seed)
    key = signer.verifier
    assert VerifierKey.parse(str(key)) == key
    assert SignerKey.parse(signer.secret()) == signer
    assert b64encode(seed).decode() not in repr(signer)


def test_about_half_of_all_numbers_are_points() -> None:
    """Those that are not would be keys that nobody can hold."""
    answers = [keys.weakness(y.to_bytes(32, "little")) for y in range(2, 202)]
    assert {each for each in answers if each} == {"it is not a point of the curve"}
    assert 60 < answers.count(None) < 140


def test_a_known_key_that_fails_spoils_the_note_and_an_unknown_one_does_not() -> None:
    first, *rest = NOTE.signatures
    broken = Signature(first.name, first.key_id, first.blob[:-1] + bytes([first.blob[-1] ^ 1]))
    note = Note(NOTE.text, (broken, *rest))
    with pytest.raises(Forged, match=ORIGIN):
        verified(note, VKEYS)
    assert len(verified(note, VKEYS[1:])) == 4
    assert verified(note, []) == []
    with pytest.raises(Forged, match="no key"):
        signed_by(note, [])
    short = Note(NOTE.text, (Signature(rest[0].name, rest[0].key_id, rest[0].blob[:5]),))
    with pytest.raises(Forged):
        verified(short, VKEYS)


def test_a_cosignature_says_when_and_only_then() -> None:
    found = {each.key: each.timestamp for each in verified(NOTE, VKEYS)}
    assert list(found.values()) == [None, *range(1_790_000_000, 1_790_000_004)]
    for position in (1, 4):  # a witness's, and ML-DSA-44
        line = NOTE.signatures[position]
        later = Signature(line.name, line.key_id, (1_790_000_009).to_bytes(8, "big") + line.blob[8:])
        with pytest.raises(Forged):
            verified(Note(NOTE.text, (later,)), VKEYS)
        impossible = Signature(line.name, line.key_id, b"\xff" * 8 + line.blob[8:])
        with pytest.raises(Forged):
            verified(Note(NOTE.text, (impossible,)), VKEYS)
    for signer, when in ((LOG, 1), (WITNESSES[0], None)):
        with pytest.raises(ValueError, match="time"):
            sign(NOTE.text, signer, when)


def test_a_newer_cosignature_takes_the_place_of_the_older() -> None:
    newer = sign(NOTE.text, WITNESSES[1], 1_799_999_999)
    note = NOTE.adding([newer])
    assert len(note.signatures) == len(NOTE.signatures)
    assert Note.parse(str(note)) == note
    times = {each.key.name: each.timestamp for each in verified(note, VKEYS)}
    assert times["ngo2.example/witness"] == 1_799_999_999
    with pytest.raises(Malformed, match="64"):
        note.adding(Signature(f"w{n}", b"0000", b"1") for n in range(64))


POLICY_READ = Policy.parse(POLICY)
AT = 1_790_000_000  # when the first of WITNESSES cosigned; the others one second after the other


@pytest.mark.parametrize(
    ("who", "witnessed", "since", "as_of"),
    [
        ((), False, None, None),
        ((0,), False, None, None),
        ((0, 1), False, None, None),
        ((2,), False, None, None),
        ((0, 2), True, AT + 1, AT),
        ((1, 2), True, AT + 1, AT),
        ((2, 0, 1), True, AT + 1, AT),
        ((0, 1, 2), True, AT + 2, AT + 1),
    ],
)
def test_the_quorum_stands_or_says_who_is_missing(
    who: tuple[int, ...], witnessed: bool, since: int | None, as_of: int | None
) -> None:
    standing = POLICY_READ.standing(signed(70, TREE.root(), *(WITNESSES[each] for each in who), at=AT))
    names = ("one", "two", "سه")
    assert standing.witnessed is witnessed
    assert (standing.since, standing.as_of) == (since, as_of)
    assert standing.who == {names[each]: AT + at for at, each in enumerate(who)}
    assert set(standing.missing) == {*names} - {names[each] for each in who}
    assert standing.checkpoint == Checkpoint(ORIGIN, 70, TREE.root())


def test_a_policy_without_witnesses_needs_none_and_still_the_log() -> None:
    alone = Policy(logs=(Log(LOG.verifier),))
    assert Policy.parse(f"log {LOG.verifier}\nquorum none\n") == alone
    assert alone.standing(NOTE).witnessed
    for note in (
        Note(NOTE.text, NOTE.signatures[1:]),
        signed(70, TREE.root(), origin="other.example/log"),
    ):
        with pytest.raises(Forged, match="no log"):
            alone.standing(note)
    with pytest.raises(Malformed):
        alone.standing(Note("no checkpoint\n", NOTE.signatures))


def test_a_receipt_holds_for_its_entry_and_no_other() -> None:
    proof = Receipt.parse(str(RECEIPT)).verify(tree.leaf_hash(entry(11)), POLICY_READ)
    assert proof.standing.witnessed
    assert proof.steps[-1][2] == proof.checkpoint.root == TREE.root()
    assert RECEIPT.extra is not None
    assert b64decode(str(RECEIPT).split("\n")[1].removeprefix("extra ")) == RECEIPT.extra
    with pytest.raises(Wrong, match="another root"):
        RECEIPT.verify(tree.leaf_hash(entry(12)), POLICY_READ)
    with pytest.raises(Wrong):
        Receipt(12, RECEIPT.path, NOTE).verify(tree.leaf_hash(entry(11)), POLICY_READ)
    with pytest.raises(Wrong):
        Receipt(70, RECEIPT.path, NOTE).verify(tree.leaf_hash(entry(11)), POLICY_READ)
    assert Receipt.parse(str(Receipt(11, RECEIPT.path, NOTE))).extra is None
