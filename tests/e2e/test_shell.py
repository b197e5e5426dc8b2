"""The shell as a person feels it, in a real browser: palette, keys, privacy mode and paper."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    NARROW,
    WIDE,
    Seeded,
    long_term,
    open_live,
    outside,
    pill,
    seeded,
    sign_in,
)
from tests.servers.product import Product, running_product

AMOUNT = re.compile(r"\d[\d,]*\.\d\d\b(?!\s?%)")
PILL_WIDTHS = """() => {
  const pill = document.querySelector('#connection');
  const [state, word] = [pill.dataset.state, pill.querySelector('#connection-word').firstChild];
  const before = word.data;
  const widths = [['connecting', 'Connecting'], ['live', 'Live'], ['replay', 'Replay'], ['offline', 'Offline']].map(([name, said]) => {
    pill.dataset.state = name;
    word.data = said;
    return pill.offsetWidth;
  });
  pill.dataset.state = state;
  word.data = before;
  return [...new Set(widths)];
}"""
"""How wide the pill is in its states: what stands beside it would move if there were more than one width."""
SHOWN_AMOUNTS = """() => [...document.querySelectorAll('main .amount')].flatMap((each) =>
  getComputedStyle(each).visibility === 'visible' ? [each.textContent] : [])"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own."""
    with running_product("--speed", "1") as product:
        yield product


@pytest.fixture(scope="module")
def data(product: Product) -> Seeded:
    """A portfolio with holdings and cash."""
    return seeded(product, long_term())


def search(page: Page, typed: str) -> None:
    """Opens the palette and types, once the page's scripts hear keys."""
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=AT_ONCE)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or run a command")).to_be_focused()
    page.keyboard.type(typed)


@pytest.mark.parametrize(("options", "theme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_the_palette_leads_anywhere_and_the_sheet_lists_the_keys(
    new_context: NewContext,
    data: Seeded,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., object],
    options: dict[str, object],
    theme: str,
) -> None:
    page = sign_in(new_context(**options, color_scheme=theme), data)
    page.goto(data.address())
    page.locator("#palette-button").focus()
    search(page, "aap")
    # The page has lists to choose from of its own.
    first = page.get_by_role("dialog").get_by_role("option").first
    expect(first).to_contain_text("AAPL")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option", name="Buy AAPL")).to_be_visible()
    expect(page.get_by_role("option", name="Watch AAPL")).to_be_visible()
    assert find_accessibility_problems(page, within="dialog[open]") == []
    assert outside(page) == []
    take_screenshot(page, f"palette-{theme}", full_page=False)
    page.keyboard.press("Escape")
    expect(page.locator("#palette-button")).to_be_focused()
    page.locator("h1").first.click()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys of this page")
    expect(sheet).to_contain_text("Hide amounts, or show them")
    assert find_accessibility_problems(page, within="dialog[open]") == []
    take_screenshot(page, f"help-sheet-{theme}", full_page=False)
    sheet.get_by_label("Listen to single keys on this device").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.keyboard.press("Shift+P")
    assert page.locator("html").get_attribute("data-privacy") is None
    expect(sheet).to_have_count(0)
    search(page, "members")
    page.get_by_role("option", name="Members Long term").click()
    expect(page).to_have_url(re.compile(r"/members/$"))
    search(page, "aap")
    page.get_by_role("option", name="Watch AAPL").click()
    expect(page.locator("body")).to_contain_text(re.compile(r"Added AAPL to|AAPL is on"))
    expect(page).to_have_url(re.compile(r"/members/$"))
    page.goto(data.address())
    pill(page).click()
    speed = page.locator("#feeds-speed")
    expect(speed).to_contain_text(re.compile(r"95 of 100 within \d+ ms\.$"), timeout=AT_ONCE)
    assert speed.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    expect(page.locator("#connection-times")).to_have_text(re.compile(r"^p50 \d+ · p95 \d+ ms$"))


def test_privacy_mode_hides_every_amount_in_all_tabs_and_from_the_first_paint(
    new_context: NewContext,
    data: Seeded,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., object],
) -> None:
    context = new_context(**WIDE)
    page = sign_in(context, data)
    open_live(page, data.address())
    other = context.new_page()
    other.goto(data.address() + "transactions/")
    expect(page).to_have_title(AMOUNT)
    page.bring_to_front()
    before = page.locator("#total-value").bounding_box()
    page.keyboard.press("Shift+P")
    expect(page.get_by_role("button", name="Hide amounts")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#total-value").bounding_box() == before
    expect(other.locator("html")).to_have_attribute("data-privacy", "on")
    for tab in (page, other):
        assert tab.evaluate(SHOWN_AMOUNTS) == []
        assert not AMOUNT.search(tab.title())
    expect(page.get_by_role("img", name=re.compile("values are hidden"))).to_be_visible()
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(SHOWN_AMOUNTS) == []
        assert len(page.evaluate(PILL_WIDTHS)) == 1, width
    page.set_viewport_size({"width": 1440, "height": 900})
    assert find_accessibility_problems(page) == []
    take_screenshot(page, "privacy-portfolio")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".print-head")).to_contain_text("Long term · Tickfolio, figures of")
    expect(page.locator(".topbar")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert page.evaluate(SHOWN_AMOUNTS) == []
    # Without scripts nothing but the first paint of the server is there.
    plain = new_context(java_script_enabled=False, storage_state=context.storage_state()).new_page()
    plain.goto(data.address() + "gains/")
    expect(plain.locator("html")).to_have_attribute("data-privacy", "on")
    assert not AMOUNT.search(plain.title())
