"""What open pages and new ones say while PostgreSQL is away, in a real browser: how old portfolios are, and when they go on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, NewContext, in_both_themes
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    COUNT_SHIFTS,
    NARROW,
    WIDE,
    Seeded,
    dollars,
    expect_moving,
    long_term,
    open_live,
    outside,
    pill,
    row,
    seeded,
    sign_in,
    value,
)
from tests.servers.postgres import PostgresServer
from tests.servers.product import Product

BACK_MS = 60_000
"""A hang is found out; a machine that others use too may take its time."""
BEHIND = (
    "Portfolios may be out of date. Since HH:MM the server has not been able to read what is booked."
    " They follow by themselves as soon as it can. Prices go on."
)
WITHHELD = (
    "Portfolios stand still. Since HH:MM the server has not been able to check who may see them."
    " They go on by themselves as soon as it can. Prices go on."
)
NOTE_NOTICES = """
() => {
  const notice = document.getElementById('notice');
  window.told = [];
  new MutationObserver(() => {
    const told = notice.hidden ? '' : notice.innerText.replace(/\\s+/g, ' ').replace(/\\d\\d:\\d\\d/, 'HH:MM').trim();
    // On a busy machine there may be a word of silence in between.
    if (/^(Portfolios|$)/.test(told) && told !== (window.told.at(-1) ?? '')) window.told.push(told);
  }).observe(notice, { attributes: true, characterData: true, childList: true, subtree: true });
}
"""
NOTICE_STANDS_OUT = """
() => {
  const notice = document.getElementById('notice');
  const [own, bar] = [notice, document.querySelector('.tabbar')].map((each) => each.getBoundingClientRect());
  return notice.scrollWidth > notice.clientWidth || own.left < 0 || (bar.height > 0 && own.bottom > bar.top);
}
"""
"""Words beside its box, or ways to other pages beneath it."""


def open_noted(new_context: NewContext, data: Seeded, path: str, **options: object) -> tuple[Page, list[str]]:
    """Alice's page, live, which notes what its notice says; and the kinds of messages that it sends, as it sends them."""
    context = new_context(**options, reduced_motion="reduce")
    context.add_init_script(COUNT_SHIFTS)
    page, sent = sign_in(context, data), []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(json.loads(text)["type"])))
    open_live(page, data.product.origin + path)
    expect_moving(page, value(page).first)
    page.evaluate(NOTE_NOTICES)
    return page, sent


def time_passes(page: Page) -> None:
    """Waits until the replay has gone on: prices have, too."""
    clock = page.locator("#replay-time")
    expect(clock).not_to_have_text(clock.inner_text(), timeout=AT_ONCE)


def test_portfolios_say_that_they_are_old_then_that_they_stand_still_and_go_on_without_a_reload(
    own_postgres: PostgresServer,
    start_product: Callable[..., Product],
    new_context: NewContext,
    complaints: Complaints,
    find_accessibility_problems: Callable[..., list[str]],
) -> None:
    complaints.expect("the server responded with a status of 503")
    product = start_product("--speed", "60", environment={"DATABASE_URL": own_postgres.url})
    data = seeded(product, long_term(), dollars())
    pages = [
        open_noted(new_context, data, path, **options)
        for path, options in (("/", NARROW), (data.path(), WIDE), (data.path(), NARROW))
    ]
    own_postgres.kill()
    for page, sent in pages:
        expect(page.locator("#notice")).to_contain_text("Portfolios stand still.", timeout=BACK_MS)
        # Read out with the state, and not each time that its age is another.
        expect(page.locator("#notice-text")).to_have_attribute("aria-live", "off")
        stands = value(page).first.inner_text()
        sent.clear()
        time_passes(page)
        time_passes(page)
        # A machine that is busy may come to the one before it could say the other.
        assert page.evaluate("window.told") in ([BEHIND, WITHHELD], [WITHHELD])
        assert value(page).first.inner_text() == stands
        expect(page).to_have_title(re.compile(r"^⏸ \d\d:\d\d · "))
        expect(page.locator("#notice-retry")).to_be_hidden()
        expect(pill(page)).to_have_attribute("data-state", "replay")
        assert "refresh" not in sent
        assert (outside(page), page.evaluate(NOTICE_STANDS_OUT)) == ([], False)
        for _theme in in_both_themes(page):
            assert find_accessibility_problems(page) == []
    (home, _), (portfolio, _), _ = pages
    expect(home.locator("main")).to_contain_text("5 stale")
    expect(portfolio.locator("#connection-note")).to_have_text(re.compile(r"^portfolios of \d\d:\d\d$"))
    expect(row(portfolio, "AAPL").locator(".quality")).to_have_attribute("data-quality", "stale")

    late = asked_for_now(portfolio, product)
    for _theme in in_both_themes(late):
        assert (outside(late), find_accessibility_problems(late)) == ([], [])

    own_postgres.start()
    for page, _ in pages:
        expect(page.locator("#notice")).to_be_hidden(timeout=BACK_MS)
        expect_moving(page, value(page).first)
        expect(page).not_to_have_title(re.compile("⏸"))
        # Who may see them may be known again before what is booked.
        told = page.evaluate("window.told")
        assert told[told.index(WITHHELD) + 1 :] in ([""], [BEHIND, ""])
        assert page.evaluate("window.layoutShifts") == []
    late.get_by_role("link", name="Try again").click()
    expect(value(late).first).to_be_visible(timeout=AT_ONCE)


def asked_for_now(page: Page, product: Product) -> Page:
    """A page that is asked for now, on a phone, in the browser of `page`: all that it says is that there is no database."""
    late = page.context.new_page()
    late.set_viewport_size({"width": 390, "height": 844})
    answer = late.goto(f"{product.origin}/")
    assert answer is not None
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    expect(late.get_by_role("heading", level=1)).to_have_text("The database is out of reach")
    expect(late.locator("main")).to_contain_text("look whether it was saved before you send it again")
    return late
