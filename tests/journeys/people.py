"""A person in front of a browser: signs in, reads, fills in, presses."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from playwright.sync_api import Browser, Page

from hamgara.algorithms.persian import calendar, digits
from hamgara.cli import sample
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.people import commands as people


class Visitor:
    """One browser of one person of the sample city."""

    def __init__(self, browser: Browser, site: str, *, width: int, scripts: bool) -> None:
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="fa-IR"
        )
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, code: str) -> Visitor:
        """By a one-time link, and for officers with the code that the outbox shows in place of an app."""
        person = sample.person(code)
        token = people.issue_sign_in_link(by=FOUNDERS, person=person)
        self.open(f"/accounts/link/{token}/")
        self.press("ورود", within="main")
        self.page.wait_for_url(re.compile("/me/|/2fa/"))
        if "/2fa/" in self.page.url:
            second_step = self.page.url
            self.open("/outbox/")
            row = self.page.locator("#apps dl div", has_text=person.name)
            shown = digits.to_ascii(row.locator("bdi[dir=ltr]").inner_text())
            self.page.goto(second_step)
            self.page.fill("[name=code]", digits.to_persian(shown))
            self.press("ورود", within="main")
        self.page.wait_for_url("**/me/")
        return self

    def open(self, path: str) -> Visitor:
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self

    def write(self, within: str = "main", **fields: Any) -> Visitor:
        """Fill in the fields of these names; lists are chosen from."""
        for name, value in fields.items():
            if self.page.locator(f"{within} select[name={name}]").count():
                self.page.select_option(f"{within} select[name={name}]", value)
            else:
                self.page.fill(f"{within} [name={name}]", value)
        return self

    def write_date(self, day: date, name: str = "due", within: str = "main") -> Visitor:
        """In the three boxes, as people here write dates."""
        year, month, number = calendar.parts(day)
        boxes = {f"{name}_day": digits.to_persian(str(number)), f"{name}_year": digits.to_persian(str(year))}
        return self.write(within, **boxes, **{f"{name}_month": str(month)})

    def choose(self, **radios: str) -> Visitor:
        for name, value in radios.items():
            self.page.locator(f"main [name={name}][value={value}]").check()
        return self

    def unfold(self, anchor: str) -> Visitor:
        self.page.locator(f"#{anchor} > summary").click()
        return self

    def press(self, label: str, within: str = "main") -> Visitor:
        """Press the button that reads so."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("button", name=label, exact=True).first.click()
        return self

    def send(self, form: str) -> Visitor:
        """Press the button of the form in this part of the page."""
        with self.page.expect_navigation():
            self.page.locator(f"{form} button[type=submit], {form} button:not([type])").first.click()
        return self

    def reads(self, words: str) -> bool:
        return words in self.page.locator("body").inner_text()

    def fits(self) -> bool:
        """Nothing is wider than the screen."""
        box = self.page.locator("main").bounding_box()
        assert box is not None
        viewport = self.page.viewport_size
        assert viewport is not None
        return box["x"] >= -1 and box["x"] + box["width"] <= viewport["width"] + 1
