"""The pages in German, in a real browser: what the server says and what the scripts say, and that it has room on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, NewContext
from tests.e2e.portfolio_pages import NARROW, WIDE, Seeded, long_term, open_live, seeded, sign_in
from tests.servers.product import Product, running_product

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""By how much the page is wider than the window; what scrolls in a box of its own is not."""
TOLD = """(body) => [...body.querySelectorAll('*')].flatMap((each) =>
  ['aria-label', 'aria-description', 'aria-roledescription', 'title', 'placeholder', 'alt', 'data-label']
    .map((name) => each.getAttribute(name) ?? ''))"""
"""What is not written on the page but told of its parts."""
CATALOGUE = ROOT / "frontend" / "src" / "words" / "de.po"


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for both widths."""
    with running_product("--speed", "1") as product:
        yield product


@pytest.fixture(scope="module")
def data(product: Product) -> Seeded:
    """A portfolio with holdings and cash."""
    return seeded(product, long_term())


@pytest.fixture(scope="module")
def english() -> list[str]:
    """The English sentences of three words and more without values, which are said otherwise in German."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="de")
    return [
        message.id
        for message in catalogue
        if isinstance(message.id, str)
        and message.id.count(" ") > 1
        and not {"{", "%", "&", "<"} & {*message.id}
        and message.id != message.string
    ]


@pytest.mark.parametrize(("options", "theme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_pages_speak_german_and_have_room_for_it(
    new_context: NewContext,
    data: Seeded,
    english: list[str],
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., object],
    options: dict[str, object],
    theme: str,
) -> None:
    page = sign_in(new_context(**options, color_scheme=theme, locale="de-DE"), data)
    home = data.product.origin
    for name, address in {
        "home": f"{home}/",
        "portfolio": data.address(),
        "gains": f"{data.address()}gains/",
        "transactions": f"{data.address()}transactions/",
        "performance": f"{data.address()}performance/",
        "allocation": f"{data.address()}allocation/",
        "new": f"{data.address()}transactions/new/",
        "instrument": f"{data.address()}instruments/AAPL/",
        "stocks": f"{home}/stocks/",
        "watchlists": f"{home}/watchlists/",
    }.items():
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", "de")
        expect(page.locator("body")).to_be_visible()
        assert said(page, english) == [], name
        assert page.evaluate(SIDEWAYS) <= 0, name
        assert find_accessibility_problems(page) == [], name
        take_screenshot(page, f"german-{name}-{theme}")


def test_the_palette_and_its_keys_speak_german(new_context: NewContext, data: Seeded, english: list[str]) -> None:
    page = sign_in(new_context(locale="de-DE"), data)
    open_live(page, data.address())
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Suchen oder Befehl ausführen")).to_be_focused()
    assert said(page, english) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Beträge")
    assert said(page, english) == []


def said(page: Page, english: list[str]) -> list[str]:
    """The English sentences that can be read on the page, or are told of a part of it."""
    told = " ".join(page.locator("body").evaluate(TOLD))
    shown = f"{page.locator('body').inner_text()} {page.title()} {told}"
    return [sentence for sentence in english if sentence in shown]
