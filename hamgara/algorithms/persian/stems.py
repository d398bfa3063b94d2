"""Light stems of Persian words, for search alone: «خیابون‌ها»، «خیابانی» and «خیابان‌های» are one word to who seeks.

The endings are those of Persian grammar (plural ها، ان، ات; possessives; comparison; ی of unity and of relation: W. M.
Thackston, «An Introduction to Persian»). They are cut as light stemmers do, the longest first and never so much that
fewer than three letters stay (L. Larkey, L. Ballesteros, M. Connell, «Improving Stemming for Arabic Information
Retrieval», SIGIR 2002). Nothing here is shown to anybody, and what is sought and what is found are cut alike, so a
wrong cut costs a false neighbour now and then. Checked on the families of words in tests/algorithms.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hamgara.algorithms.persian.text import ZWNJ, key

STEMS_VERSION = 1  # raise it with every change of what a text's stems are, and run «hamgara index»

LONGEST = 40  # letters of a word that are looked at
_WORD = re.compile(r"[^\W\d]+|\d+")
_JOINED = re.compile(rf"[^\s{ZWNJ}]+(?:{ZWNJ}[^\s{ZWNJ}]+)+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing about what is asked: function words, and the verbs of every sentence.
STOP = _words("""
    و در به از که را با برای این ان تا بر یا هم نیز اما ولی اگر پس چون هر همه یک دو بی نه اره بله چه چی چرا کجا
    کی من تو او ما شما انها ایشان خود خودم خودمان خودتان خودشان اینها انجا اینجا همین همان چند چندین دیگر هیچ
    خیلی بسیار زیاد کم است هست هستم هستیم هستند نیست نیستند بود بودند نبود باشد باشند نباشد شد شدند شده شود شوند
    نشود نشده میشود میشوند نمیشود کرد کردند کرده کردن کند کنند کنید کنیم کنم میکند میکنند نمیکند بکند بکنید شدن
    شدنش بودن دارد دارند دارم داریم ندارد ندارند داشت داشتند داشته دهد دهند دهید بدهید گردد میباشد باید نباید
    شاید لطفا خواهشمند خواهشمندم خواهش ممنون سلام روی توی درباره بین پیش بعد قبل حتی فقط مثل مانند جهت مورد طبق
    بابت the of in on at to a an and or for is are was with by
""")

# Spoken words for written ones: what no rule reaches, from demands as people write them.
_SPOKEN = {
    "میشه": "میشود", "نمیشه": "نمیشود", "بشه": "شود", "نشه": "نشود", "شه": "شود", "کنه": "کند", "میکنه": "میکند",
    "نمیکنه": "نمیکند", "میکنن": "میکنند", "کنن": "کنند", "نمیکنن": "نمیکند", "داره": "دارد", "نداره": "ندارد",
    "دارن": "دارند", "ندارن": "ندارند", "باشه": "باشد", "نباشه": "نباشد", "نیس": "نیست", "هس": "هست", "اس": "است",
    "میخوایم": "میخواهیم", "میخوام": "میخواهم", "میاد": "میاید", "نمیاد": "نمیاید", "میان": "میایند", "میره": "میرود",
    "نمیره": "نمیرود", "میگن": "میگویند", "میدن": "میدهند", "نمیدن": "نمیدهند", "بدین": "دهید", "بذارید": "بگذارید",
    "بذارین": "بگذارید", "کنین": "کنید", "بسازین": "بسازید", "نمیاین": "نمیایند", "میشن": "میشوند",
    "حموم": "حمام", "اروم": "ارام", "تموم": "تمام", "کدوم": "کدام", "شیش": "شش", "هیفده": "هفده", "هیجده": "هجده",
    "پونزده": "پانزده", "شونزده": "شانزده", "دونه": "دانه", "خونه": "خانه", "شونه": "شانه", "رودخونه": "رودخانه",
    "کتابخونه": "کتابخانه", "مدرسهمون": "مدرسه", "اشغال": "زباله", "اونجا": "انجا", "اینا": "اینها", "اونا": "انها",
    "جوب": "جوی", "چاله چوله": "چاله", "بچه": "کودک", "تاکسیرونی": "تاکسیرانی", "اتوبوسرونی": "اتوبوسرانی",
    "وایمیسه": "میایستد", "یخورده": "کمی", "خ": "خیابان", "بلوار": "بولوار",
}  # fmt: skip

# Broken plurals of the city's papers; those with a regular ending are the rules' work.
_BROKEN = {
    "مناطق": "منطقه", "معابر": "معبر", "اعضا": "عضو", "مدارس": "مدرسه", "مساجد": "مسجد", "منازل": "منزل",
    "موانع": "مانع", "مسایل": "مساله", "مسائل": "مساله", "وسایل": "وسیله", "اماکن": "مکان", "مراکز": "مرکز",
    "محلات": "محله", "جلسات": "جلسه", "قطعات": "قطعه", "حملات": "حمله", "مطالبات": "مطالبه", "نظرات": "نظر",
    "ادارات": "اداره", "موسسات": "موسسه", "مقالات": "مقاله", "لوازم": "لازمه", "حقوق": "حق", "شعب": "شعبه",
    "کتب": "کتاب", "اشخاص": "شخص", "افراد": "فرد", "اطفال": "طفل", "ایام": "روز", "اقدامات": "اقدام",
    "مشاغل": "شغل", "اصناف": "صنف", "شوارع": "شارع", "حوادث": "حادثه", "علایم": "علامت",
    "تابلوهای": "تابلو", "مزارع": "مزرعه", "مقابر": "مقبره", "امور": "امر", "زنان": "زن", "سگان": "سگ",
}  # fmt: skip

# Words that only look as if they ended in a suffix; the part of each word from here on is left whole.
_WHOLE = _words("""
    تنها بها ماهی بازی شهرداری شهردار زندگی قاضی راضی ساقی ایرانی بانی کاشی نقلی برقی گاری سواری دیوار دختر دفتر
    بستر اختر مشتری کلانتری خاکستر کبوتر موتور تیتر پوستر لیتر متر کمتر بهتر تیر دکتر مادر انتر خیابان میدان
    سازمان ساختمان درمان فرمان مهمان میهمان استان شهرستان روستان دبستان دبیرستان هنرستان کودکستان بیمارستان
    تیمارستان گلستان تابستان زمستان باستان داستان دوستان قبرستان گورستان ارمستان پستان باران ایران تهران کاشان
    زبان دندان زندان سیمان زایمان یادمان اسمان مسلمان گفتمان ایمان پیمان قهرمان پارلمان زمان همزمان رمضان شعبان
    رایگان پایان پنهان جهان جوان نوجوان کاروان ایوان دیوان حیوان عنوان بانوان ناتوان لیوان مکان امکان نشان
    اتشنشان درخشان پریشان خاندان سامان ترکمان مازندران اصفهان کرمان همدان لرستان خوزستان سلمان سلطان شیطان بنیان
    جریان بیان میان حیات ساعات لغات نبات نجات ذات اثبات ثبات مات قنات است پوست دوست بست میوه میراث میانگین میهن
    میز میل میثم میرزا میخ میش میلاد میمه میلیون میلیارد میکرو میکروب مینی
""")

# Pieces between half-spaces that are no words.
_PIECES = _words("""
    ها های هایی هایم هایت هایش هایمان هایتان هایشان هامون هاتون هاشون ای ام ات اش اند ایم اید تر ترین تری مان تان شان
    می نمی بی نا هم
""")
_PLURAL = re.compile(r"(?P<word>\w{2,}?)ها(?:ی(?:ی|م|ت|ش|مان|تان|شان)?|م|ت|ش|مان|تان|شان)?$")
_VERB = re.compile(r"ن?می(?P<root>\w{2,}?)(?:ند|یم|ید|ستند|ست|ن|د|م|ی|ه)?$")
_AFTER_H = re.compile(r"(?P<word>\w{2,}ه)(?:ای|ام|ات|اش|اند|ایم|اید|است|مان|تان|شان|م|ش)$")


def stems(text: str, keyed: str | None = None) -> list[str]:
    """What `text` may be found by, in the order of its words: their stems; stop words and single letters go.

    A word whose ending can be read in two ways has two («کوچه‌ای» and «کوچ‌های» are one run of letters). A compound
    written with half-spaces also has its parts, for others write it as two words. `keyed` is `key(text)`, where that
    is at hand.
    """
    found = [stem for word in _WORD.findall(key(text) if keyed is None else keyed) for stem in of_word(word)]
    for joined in _JOINED.findall(text):
        found += [stem for part in _parts(joined) for stem in of_word(part)]
    return found


# Each way in which one word may be meant: all these stems together.
Wish = tuple[tuple[str, ...], ...]


def sought(text: str) -> list[Wish]:
    """What each word of a search asks for: any of several readings, each of which is stems that must all be there.

    «پیاده‌رو» is also «پیاده رو», and of «پیاده رو» each word is also «پیاده‌رو»: people join and part words at will.
    """
    wishes: list[Wish] = []
    words = _WORD.findall(key(text))
    compounds = {key(joined): _parts(joined) for joined in _JOINED.findall(text)}
    for at, word in enumerate(words):
        readings: list[tuple[str, ...]] = [(stem,) for stem in of_word(word)]
        if not readings:
            continue
        if parts := tuple(stem for part in compounds.get(word, ()) for stem in of_word(part)[:1]):
            readings.append(parts)
        before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        if word.isalpha() and not word.isascii():
            readings += [(stem,) for stem in of_word(before + word) if before.isalpha()]
            readings += [(stem,) for stem in of_word(word + after) if after.isalpha()]
        wishes.append(tuple(dict.fromkeys(readings)))
    return wishes


def _parts(joined: str) -> list[str]:
    """The words of a compound written with half-spaces; none where all but one piece are endings."""
    parts = [part for piece in joined.split(ZWNJ) if (part := key(piece)).isalnum() and part not in _PIECES]
    return parts if len(parts) > 1 else []


@lru_cache(maxsize=65536)
def of_word(word: str) -> tuple[str, ...]:
    """The stems of one word of a key; none for a stop word and for a single letter, itself for a number."""
    word = word[:LONGEST]
    if word.isdecimal():
        return (word.lstrip("0") or "0",)
    word = _SPOKEN.get(word, word)
    if len(word) < 2 or word in STOP:
        return ()
    if word.isascii():
        return (word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word,)
    plain = _written(word)
    readings = {_noun(plain)}
    # «های» after ه: a plural whose ه was lost, or «ای» after the word's own ه.
    if (seen := _AFTER_H.fullmatch(plain)) and plain not in _WHOLE:
        readings.add(_noun(seen["word"]))
    return tuple(sorted(each for each in readings if each not in STOP))


def _written(word: str) -> str:
    """The spoken ending «ونا» of «خیابونا» as it is written."""
    if word.endswith(("ونا", "ونی")):
        return f"{word[:-3]}ان{'ها' if word.endswith('ا') else 'ی'}"
    return word


def _noun(word: str) -> str:
    """`word` without what is added to it: one ending after another, from the outside in."""
    if word in _WHOLE:
        return word
    if word in _BROKEN:
        return _BROKEN[word]
    if (verb := _VERB.fullmatch(word)) and not any(word.startswith(each) for each in _WHOLE if each.startswith("می")):
        return verb["root"]
    if (plural := _PLURAL.fullmatch(word)) and word not in _WHOLE:
        return _noun(_SPOKEN.get(plural["word"], plural["word"]))
    for cut, left in _ENDINGS:
        shorter = word[: -len(cut)] + left
        if word.endswith(cut) and len(shorter) >= 3:
            return _noun(shorter) if shorter not in _SPOKEN else _noun(_SPOKEN[shorter])
    return word


# Ending → what stands in its place; the longest first, each at most where three letters stay.
_ENDINGS = (
    ("ترین", ""), ("تری", ""), ("تر", ""),
    ("یهای", ""),
    ("گانی", "ه"), ("گان", "ه"), ("نگی", "نگ"), ("رگی", "رگ"), ("گی", "ه"),
    ("مان", ""), ("شان", ""),
    ("ایی", "ا"), ("ویی", "و"), ("یی", ""),
    ("ی", ""),
    ("جات", ""), ("یات", ""), ("ات", ""), ("ان", ""),
)  # fmt: skip
