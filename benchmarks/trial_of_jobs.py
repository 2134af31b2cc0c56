"""Four public jobs done in a browser as somebody new would, from the front page: presses, characters, screens scrolled, seconds.

The jobs of a door (the app, the public site) are done by a script, in two languages, on a desktop and on a phone. The seconds
are those of the machine, plus an allowance for each thing that a person does (Card, Moran & Newell 1980, the Keystroke-Level
Model). It is no trial with people. ``tests/browser/test_jobs_browser.py`` holds the presses of each job. Prints a Markdown table:
``python -m benchmarks.trial_of_jobs APP SITE`` with the addresses of both.
"""

from __future__ import annotations

import math
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tools.serving import CHROMIUM, PATIENCE_S, SWITCHES

KEY_S: Final = 0.28  # a keystroke, or the press of a button: average typist
POINT_S: Final = 1.10  # to point at something; a screen scrolled is counted as one, too
THINK_S: Final = 1.35  # to make up one's mind, before each press and before the answer
SIZES: Final = {"desktop": (1440, 900), "phone": (390, 844)}
LANGUAGES: Final = ("zh", "en")
PLACE: Final = {"zh": "太湖广场", "en": "Taihu Square"}
ITEM: Final = "U01"  # the promise of 166 communities
OVERLAP: Final = 0.8  # of a screen is new after one scroll
RESTS_FOR: Final = 3  # looks in a row at which nothing is drawn
POLL_MS: Final = 50

# nothing is drawn any more, so that nothing moves: of the app and of the public site
RESTS = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const maps = [...document.querySelectorAll("iframe.atlas-frame")];
  if (!app) return document.readyState === "complete" && (!document.body.dataset.page || document.body.dataset.ready === "1");
  const { testScriptState, testConnectionState } = app.dataset;
  const hasStyles = getComputedStyle(document.documentElement).getPropertyValue("--text-body");
  return hasStyles && testScriptState === "notRunning" && testConnectionState === "CONNECTED" && maps.every((map) => map.contentDocument?.body?.dataset.ready === "1");
}"""
# how far below the window the end of a node is, in windows; a page of the app scrolls in a node of its own
SCREENS_BELOW = "(node) => (node.getBoundingClientRect().bottom - window.innerHeight) / window.innerHeight"


@dataclass(slots=True)
class Hands:
    """A person's hands and eyes on a page, and what they cost."""

    page: Any
    begun: float
    presses: int = 0
    characters: int = 0
    keys: int = 0  # keys that are no characters, such as Enter
    screens: int = 0
    waits: list[float] = field(
        default_factory=list
    )  # seconds until each thing was there; the first is the front page

    def wait(self, place: Any, begun: float) -> None:
        """Wait for the machine until something is there; then, uncounted, until nothing moves any more."""
        place.wait_for()
        self.waits.append(time.monotonic() - begun)
        rests = 0
        while rests < RESTS_FOR:
            rests = rests + 1 if self.page.evaluate(RESTS) else 0
            self.page.wait_for_timeout(POLL_MS)  # lets the messages of the browser in

    def bring(self, place: Any) -> Any:
        """Scroll until something is in view."""
        self.wait(place, self.begun)
        self.screens += max(0, math.ceil(place.evaluate(SCREENS_BELOW) / OVERLAP))
        place.scroll_into_view_if_needed()
        self.begun = time.monotonic()
        return place

    def press(self, place: Any) -> None:
        """Think, point, press."""
        self.bring(place).click()
        self.begun = time.monotonic()
        self.presses += 1

    def type(self, text: str, *, until: Any = None) -> None:
        """Type into the field that was pressed: to the end and Enter, or only until what is wanted is listed (``until``)."""
        for letter in text:
            self.page.keyboard.type(letter)
            self.characters += 1
            if until is not None and until.count():
                break
        else:
            self.page.keyboard.press("Enter")
            self.keys += 1
        self.begun = time.monotonic()

    @property
    def person_s(self) -> float:
        """The allowance: each press, key and scroll, and a thought before each press and before the answer is read."""
        keys = (self.presses + self.characters + self.keys) * KEY_S
        return keys + (self.presses + self.screens) * POINT_S + (self.presses + 1) * THINK_S


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: what stands where on its pages.

    Attributes
    ----------
    front : callable
        Address of the front page in a language.
    field, listed, answer, row : str
        Selectors: the search of the front page, what it lists, what answers the first job, the row of the promise.
    while_typing : bool
        Whether the search lists while one types; else it waits for Enter, and lists how many works are near each place, too.
    """

    front: Callable[[str], str]
    field: str
    listed: str
    answer: str
    row: str
    while_typing: bool


def app_door(url: str) -> Door:
    """The app at an address."""
    return Door(
        front=lambda lang: f"{url}/?lang={lang}",
        field=".st-key-q input",
        listed="[class*='st-key-found-']",
        answer="[data-testid='stCaptionContainer']:has-text('500')",
        row=f".st-key-home_panel tr:has(a[href*='item={ITEM}'])",
        while_typing=False,
    )


def site_door(url: str) -> Door:
    """The public site at an address, also of a folder."""
    return Door(
        front=lambda lang: f"{url}/{'' if lang == 'zh' else f'{lang}/'}index.html",
        field="#q",
        listed=".found-place-line",
        answer="#answer li:has-text('500')",
        row=f"#items tr[data-item='{ITEM}']",
        while_typing=True,
    )


def near_a_place(hands: Hands, door: Door, lang: str) -> Any:
    """What is built near Taihu Square?"""
    hands.press(hands.page.locator(door.field))
    wanted = hands.page.locator(door.listed).filter(has_text=re.compile(rf"^\s*{PLACE[lang]}"))
    hands.type(PLACE[lang], until=wanted if door.while_typing else None)
    if door.while_typing:
        hands.press(wanted.first.get_by_role("link"))
    return hands.page.locator(door.answer).first


def was_it_kept(hands: Hands, door: Door, _lang: str) -> Any:
    """Were the 166 communities renovated?"""
    return hands.page.locator(door.row)


def who_is_behind(hands: Hands, _door: Door, _lang: str) -> Any:
    """Which district is behind?"""
    return hands.page.locator(".front-more li").first


def a_quote(hands: Hands, door: Door, _lang: str) -> Any:
    """What does the plan say word for word, who says it and when?"""
    hands.press(hands.page.locator(door.row).locator("a"))
    return hands.page.locator("blockquote").first


JOBS: Final = {near_a_place: 10, was_it_kept: 5, who_is_behind: 5, a_quote: 10}
"""Each job, and the seconds in which it should be done."""


def do(job: Callable[[Hands, Door, str], Any], page: Any, door: Door, lang: str) -> tuple[Hands, str]:
    """Do a job from the front page.

    Parameters
    ----------
    job : callable
        One of :data:`JOBS`.
    page : Page
        An empty page of the browser.
    door : Door
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    (Hands, str)
        What it cost, and the text that answers; the answer is in view.
    """
    hands = Hands(page, time.monotonic())
    page.goto(door.front(lang))
    answer = hands.bring(job(hands, door, lang))
    return hands, " ".join(answer.inner_text().split())


def main() -> None:
    """Do every job and print the table."""
    from playwright.sync_api import sync_playwright

    doors = {"app": app_door(sys.argv[1].rstrip("/")), "site": site_door(sys.argv[2].rstrip("/"))}
    print(
        "| job | door | size | language | presses | characters | screens | front page s | machine s | person s | sum s | goal s |"
    )
    print("| --- " * 12 + "|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for job, goal in JOBS.items():
            for name, door in doors.items():
                for size, (width, height) in SIZES.items():
                    for lang in LANGUAGES:
                        context = browser.new_context(viewport={"width": width, "height": height})
                        context.set_default_timeout(PATIENCE_S * 1000)
                        hands, text = do(job, context.new_page(), door, lang)
                        context.close()
                        cost = (hands.presses, hands.characters, hands.screens)
                        front, later = hands.waits[0], sum(hands.waits[1:])
                        seconds = (front, later, hands.person_s, later + hands.person_s)
                        cells = [job.__name__, name, size, lang, *cost, *(f"{s:.1f}" for s in seconds), goal]
                        print(f"| {' | '.join(map(str, cells))} |", flush=True)
                        print(f"{job.__name__} {name} {size} {lang}: {text[:200]}", file=sys.stderr)
        browser.close()


if __name__ == "__main__":
    main()
