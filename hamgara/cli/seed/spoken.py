"""How a neighbour asks for what others have asked for: in other words, spoken, in haste, with half of the address.

None of these words is used for the demands themselves, so that what is found is not found by its own words.
"""

from __future__ import annotations

import random

from hamgara.cli.seed.words import Trouble

# By the first wording of each trouble in words.TROUBLES.
SPOKEN: dict[str, tuple[str, str]] = {
    "چالهٔ آسفالت": ("{where} چاله داره لاستیک ماشینمون ترکید", "آسفالت {where} سوراخ شده"),
    "لکه‌گیری آسفالت": ("آسفالت {where} داغونه", "{where} آسفالتش همه تیکه تیکه شده"),
    "نشست آسفالت بعد از حفاری": ("{where} رو کندن و ول کردن", "جای حفاری {where} نشست کرده"),
    "پیاده‌روی شکسته": ("پیاده رو {where} همه شکسته", "سنگ فرش پیاده‌رو {where} دراومده"),
    "سرعت‌گیر بلند": ("سرعت گیر {where} خیلی بلنده", "کف ماشین میخوره به سرعتگیر {where}"),
    "سرریزشدن سطل زباله": ("سطل آشغال {where} پر شده میریزه بیرون", "آشغالای {where} رو نمیبرن"),
    "جمع‌نکردن نخاله": ("نخاله ریختن {where} کسی جمع نمیکنه", "{where} پر از نخاله شده"),
    "بوی بد جوی آب": ("جوب {where} بو گرفته", "جوی {where} لجن بسته"),
    "جاروب‌نشدن کوچه": ("{where} رو جارو نمیکنن", "کوچه کثیفه کسی جارو نمیزنه {where}"),
    "بساط دست‌فروش در پیاده‌رو": ("دستفروشا پیاده رو رو بستن {where}", "{where} بساط پهن کردن نمیشه رد شد"),
    "پارک موتور در پیاده‌رو": ("موتورا رو میذارن تو پیاده رو {where}", "{where} پیاده‌رو شده پارکینگ موتور"),
    "مصالح ریخته در معبر": ("شن ریختن وسط کوچه {where}", "مصالح ساختمونی {where} راهو بسته"),
    "ساخت‌وساز بدون پروانه": ("دارن بدون مجوز میسازن {where}", "ساختمون بی پروانه {where}"),
    "داربست ناایمن": ("داربست {where} الانه که بیفته", "{where} داربستش خطرناکه"),
    "کار شبانهٔ کارگاه ساختمانی": ("شبا سر ساختمون {where} سر و صداست", "نصفه شب بتن میریزن {where}"),
    "دیرآمدن اتوبوس": ("اتوبوس {where} همیشه دیر میاد", "خیلی تو ایستگاه معطل اتوبوسیم {where}"),
    "نبود خط عابر": ("خط کشی عابر {where} پاک شده", "{where} خط عابر نداره"),
    "چراغ راهنمای خراب": ("چراغ راهنمایی {where} خرابه", "چراغ قرمز {where} کار نمیکنه"),
    "خشک‌شدن درخت‌ها": ("درختای {where} دارن خشک میشن", "به درختا آب نمیدن {where}"),
    "هرس شاخه‌های خطرناک": ("شاخه درخت {where} داره میفته", "درخت {where} رو هرس کنید شاخه هاش رسیده به سیم"),
    "خرابی وسایل بازی بوستان": ("وسایل بازی پارک {where} شکسته", "تاب و سرسره {where} خرابه"),
    "تاریکی کوچه": ("{where} شبا تاریکه", "کوچه چراغ نداره {where}"),
    "سوختن لامپ تیر": ("لامپ تیر برق {where} سوخته", "چراغ برق {where} روشن نمیشه"),
    "گلهٔ سگ‌های ولگرد": ("سگ ولگرد زیاد شده {where}", "سگای {where} به مردم حمله میکنن"),
    "زادوولد گربه‌های بیمار": ("گربه های مریض {where} زیاد شدن", "{where} پر گربه مریضه"),
    "آب‌گرفتگی معبر بعد از باران": ("بارون که میاد {where} آب جمع میشه", "{where} رو آب برمیداره"),
    "گرفتگی دریچهٔ فاضلاب": ("دریچه فاضلاب {where} گرفته", "دریچه آب {where} بسته شده"),
    "نبود رمپ ویلچر": ("ویلچر از {where} رد نمیشه", "{where} رمپ نداره"),
    "کمبود سالن مطالعه": ("سالن مطالعه کمه {where}", "جا برای درس خوندن نداریم {where}"),
    "خرابی زمین ورزشی": ("زمین فوتبال {where} خرابه", "زمین ورزش {where} تورش پاره ست"),
}


def asked(chance: random.Random, about: Trouble, count: int) -> list[str]:
    """Titles by which so many others would ask for the same."""
    return [
        _typed(chance, chance.choice(SPOKEN[about.wordings[0]]).format(where=_where(chance, about)))
        for _ in range(count)
    ]


def _where(chance: random.Random, about: Trouble) -> str:
    """What people say of a place: seldom all of it."""
    landmark, street, alley = about.spot
    return chance.choice(
        (
            f"{street} کوچه {alley}",
            f"کوچه {alley} {street}",
            f"خیابون {street} کوچه {alley} کنار {landmark}",
            f"{street} دم {landmark} کوچه {alley}",
            f"خ {street} ک {alley}",
        )
    )


def _typed(chance: random.Random, title: str) -> str:
    """As it comes out of a telephone: letters of another keyboard, one letter wrong or missing, now and then."""
    if chance.random() < 0.3:
        title = title.replace("ی", "ي").replace("ک", "ك")
    if chance.random() < 0.3:
        place = chance.randrange(1, len(title) - 1)
        swapped = title[:place] + title[place + 1] + title[place] + title[place + 2 :]
        title = chance.choice((title[:place] + title[place + 1 :], swapped))
    return title
