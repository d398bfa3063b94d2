"""Persian text: what is saved for display, what is searched, and what is sorted.

Three functions, because their wishes are opposite: `clean` changes nothing a reader could miss, `key` throws away all
in which two spellings of one wish may differ, `sort_key` makes plain byte order the Persian alphabet.
Why an own key: docs/decisions/persian-key.md. The Unicode forms are those of UAX #15.
"""

from __future__ import annotations

import re
import unicodedata

from hamgara.algorithms.persian import digits

KEY_VERSION = 1  # raise it with every change of `key`, and re-index

ZWNJ = "\u200c"
ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

# --- display ---------------------------------------------------------------------------------------------------------

_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls cannot be stored or read; embeddings and overrides turn the text around them (Unicode TR #36); lone
# surrogates are not text.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ADDRESS = re.compile(
    r"(?i:https?://|www\.)\S+|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
# More marks on one letter are no script's, and putting towers of them in order takes quadratic time.
_MOST_MARKS = 8
_ZWNJ_RUN = re.compile(f"{ZWNJ}{{2,}}")
_ZWNJ_AT_SPACE = re.compile(rf"{ZWNJ}+(?=\s)|(?<=\s){ZWNJ}+")
_BARE_ENDS = "\u200e\u200f\u061c\ufeff\u00ad\u200b" + ZWNJ + "".join(c for c in map(chr, range(0x3001)) if c.isspace())


def clean(text: str) -> str:
    """`text` as it is saved and shown: canonical composition (NFC), Persian ی and ک, no invisible litter.

    Repeated ZWNJ and ZWNJ beside a space go; marks of direction, BOM, soft hyphens and spaces go at the ends; control
    characters go, except the newline, and so does a ninth mark on one letter. Addresses (URLs, e-mail) keep their
    letters. Idempotent; never raises.
    """
    text = _legible(text)
    pieces, at = [], 0
    for address in _ADDRESS.finditer(text):
        pieces += [_clean_prose(text[at : address.start()]), address[0]]
        at = address.end()
    pieces.append(_clean_prose(text[at:]))
    return _without_towers("".join(pieces)).strip(_BARE_ENDS)


def _legible(text: str) -> str:
    return _without_towers(_CONTROLS.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " ")))


def _without_towers(text: str) -> str:
    if not any(map(unicodedata.combining, set(text))):
        return text
    kept, height = [], 0
    for letter in text:
        height = height + 1 if unicodedata.combining(letter) else 0
        if height <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _clean_prose(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    return _ZWNJ_AT_SPACE.sub("", _ZWNJ_RUN.sub(ZWNJ, text))


# --- search ----------------------------------------------------------------------------------------------------------

_FOLDED = str.maketrans(
    {"آ": "ا", "ٱ": "ا", "ي": "ی", "ى": "ی", "ے": "ی", "ې": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ۃ": "ه"}
    | {"ە": "ه", "ہ": "ه", "ھ": "ه", "ۇ": "و", "ۆ": "و", "ء": None, "ـ": None}
)
_GROUPED = re.compile("(?<=[0-9])[,٬](?=[0-9]{3})")
_UNSEEN = frozenset({"Mn", "Mc", "Me", "Cf"})
_NOT_WORD = re.compile(rf"[^\w{ZWNJ}]+|_")
_EZAFE = re.compile(rf"(?<=ه)[ {ZWNJ}]ی(?= |$)")
_PREFIXES = frozenset({"می", "نمی"})
_OWNERS = ("م", "ت", "ش", "مان", "تان", "شان")
_SUFFIXES = frozenset(
    {"ها", "های", "هایی", "ای", "ام", "ات", "اش", "اند", "ایم", "اید", "تر", "ترین", "تری"}
    | {f"های{owner}" for owner in _OWNERS}
)
# Kashan writes as it speaks: «خیابون»، «کوچه‌هامون»، «اگه».
_SPOKEN = {"یه": "یک", "اگه": "اگر", "دیگه": "دیگر", "مگه": "مگر", "واسه": "برای"}
_SPOKEN_AN = re.compile(rf"(?<=\w\w)ون(?=[ {ZWNJ}]|$)")
_SPOKEN_OWNER = re.compile(r"ها(?=(?:مان|تان|شان)$)")


def key(text: str) -> str:
    """The search key of `text`, never shown: words of folded letters and digits, one space between them.

    Compatibility decomposition (NFKD) and case folding; marks, tatweel and hamza go; آأإٱ→ا, ؤ→و, ئيى→ی, ك→ک, ةۀ→ه;
    digits become ASCII and lose their grouping; punctuation becomes a space; «می»، «نمی» and suffixes join their word
    however they were written; a few spoken endings become the written ones. Idempotent; never raises.
    """
    text = _GROUPED.sub("", digits.to_ascii(_bare(text).translate(_FOLDED)))
    text = " ".join(_NOT_WORD.sub(" ", text).split())
    text = _SPOKEN_AN.sub("ان", _EZAFE.sub("", text)).replace(ZWNJ, "")
    while (joined := _join(text)) != text:  # a join can make a word that joins again; each turn leaves fewer words
        text = joined
    return text


def _bare(text: str) -> str:
    """Decomposed, case folded, without marks and invisible signs; آ alone keeps what makes it a letter, ZWNJ stays."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _legible(text)).casefold())
    text = text.replace("ا\u0653", "آ")
    unseen = [c for c in set(text) if not c.isascii() and c != ZWNJ and unicodedata.category(c) in _UNSEEN]
    return text.translate(dict.fromkeys(map(ord, unseen))) if unseen else text


def _join(text: str) -> str:
    joined: list[str] = []
    waiting, after_letters = False, False  # for the verb of a «می»; a suffix joins letters only
    for word in map(_written, text.split()):
        suffix = after_letters and word in _SUFFIXES
        joined += [word] if waiting or suffix else [" ", word]
        after_letters = word.isalpha() and (after_letters or not suffix)
        waiting = not waiting and not suffix and word in _PREFIXES
    return "".join(joined).strip()


def _written(word: str) -> str:
    word = _SPOKEN.get(word, word)
    return _SPOKEN_OWNER.sub("های", _SPOKEN_AN.sub("ان", word))


# --- order -----------------------------------------------------------------------------------------------------------

# 33 letters fill ASCII from ':' to 'Z': above the digits, below Latin letters, which are in lower case by then.
_ORDER = str.maketrans({letter: chr(ord(":") + place) for place, letter in enumerate(ALPHABET)})
_FOLDED_BUT_ALEF = {code: to for code, to in _FOLDED.items() if code != ord("آ")}


def sort_key(text: str) -> str:
    """An ASCII-first key whose byte order (ORDER BY under C or C.UTF-8) is the Persian order of `text`.

    Space, then numbers by their value (منطقهٔ ۲ before منطقهٔ ۱۰), then آ to ی, then Latin, then the rest; marks, ZWNJ
    and punctuation count for nothing, and hamza counts as the letter it sits on. Equal keys are alike to a reader, so
    add the row's own key to the ORDER BY. Never raises.
    """
    text = _GROUPED.sub("", digits.to_ascii(_bare(text).translate(_FOLDED_BUT_ALEF))).replace(ZWNJ, "")
    text = " ".join(_NOT_WORD.sub(" ", text).split())
    return re.sub("[0-9]+", lambda run: run[0].lstrip("0").zfill(12), text).translate(_ORDER)
