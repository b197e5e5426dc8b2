"""A person's own portfolio for the tests of the live pages: made through the services, then looked at in a real browser."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.forms import send_form
from tests.servers.product import Product
from tests.servers.seed import seed

PASSWORD = "correct horse battery staple"
AT_ONCE = 20_000
HEALED_MS = 20_000
"""Rights that another process took away are noticed by the next look at the database, which comes every 5 s."""
NARROW = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1440, "height": 900}}
# What says how old prices are has other words in another state, which a busy machine can bring about at any time.
COUNT_SHIFTS = """
window.layoutShifts = [];
const tellsState = ({ node }) => Boolean((node?.parentElement ?? node)?.closest('#connection, .coverage'));
// A figure that ends where it ended, on its line, only has a digit more or less: the market moved it, and it moves nothing.
const isOtherNumber = ({ previousRect: was, currentRect: is }) =>
  was.right === is.right && was.top === is.top && was.bottom === is.bottom;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    // What is gone by now does not say where it was.
    const sources = entry.sources.filter(({ node }) => node !== null);
    const isHarmless = sources.length > 0 && sources.every((each) => tellsState(each) || isOtherNumber(each));
    if (entry.hadRecentInput || isHarmless) continue;
    window.layoutShifts.push(`${entry.value} ${entry.sources.map((source) => source.node?.nodeName + '#' +
      (source.node?.id || source.node?.parentElement?.className)).join(' ')}`);
  }
}).observe({ type: 'layout-shift', buffered: true });
"""
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Seeded:
    """People with portfolios, as the seeding answered; the first person is Alice, who owns all of it."""

    product: Product
    people: tuple[dict[str, Any], ...]

    def path(self, number: int = 0) -> str:
        """The address of one of Alice's portfolios, without the host."""
        return f"/portfolios/{self.people[0]['portfolios'][number]['id']}/"

    def address(self, number: int = 0) -> str:
        """The address of one of Alice's portfolios."""
        return self.product.origin + self.path(number)

    def transaction(self, number: int) -> dict[str, Any]:
        """A transaction of Alice's first portfolio."""
        found: dict[str, Any] = self.people[0]["portfolios"][0]["transactions"][number]
        return found


def deposit(account: str, amount: str, currency: str, *, at: str = "2009-01-05T10:00:00+00:00") -> dict[str, str]:
    """Cash that came in."""
    return {"account": account, "type": "deposit", "at": at, "amount": amount, "currency": currency}


def buy(account: str, symbol: str, quantity: str, price: str, **parts: Any) -> dict[str, Any]:
    """A purchase of 2009."""
    trade = {"account": account, "type": "buy", "at": "2009-03-10T15:00:00+00:00", "symbol": symbol}
    return {**trade, "quantity": quantity, "price": price, **parts}


def long_term() -> dict[str, Any]:
    """Two accounts, cash in two currencies, an instrument that no feed knows, a fee of the replay's first day."""
    return {
        "name": "Long term",
        "currency": "EUR",
        "accounts": [{"name": "Northbank", "currency": "EUR"}, {"name": "Harbor", "currency": "USD"}],
        "transactions": [
            deposit("Northbank", "60000.00", "EUR"),
            {
                "account": "Northbank",
                "type": "currency_exchange",
                "at": "2009-01-06T10:00:00+00:00",
                "amount": "40000.00",
                "currency": "EUR",
                "counter_amount": "54000.00",
                "counter_currency": "USD",
            },
            buy("Northbank", "AAPL", "60", "91.01", fees="9.90"),
            buy("Northbank", "IBM", "80", "87.00", fees="9.90"),
            buy("Northbank", "MSFT", "400", "22.55", fees="9.90"),
            deposit("Harbor", "15000.00", "USD"),
            buy("Harbor", "MSFT", "250", "28.80", fees="4.50"),
            buy(
                "Harbor",
                "HLX.R",
                "200",
                "0.90",
                currency="EUR",
                creates_instrument=True,
                instrument_name="Helix Bio rights",
                settlement_currency="USD",
                settlement_rate="1.43",
            ),
        ],
    }


def halves_and_thirds() -> dict[str, Any]:
    """A quantity with more decimals than a column has room for, and a gain of more than a thousand percent."""
    return {
        "name": "Halves and thirds",
        "currency": "USD",
        "accounts": [{"name": "Savings", "currency": "USD"}],
        "transactions": [
            deposit("Savings", "900000.00", "USD"),
            buy("Savings", "AAPL", "1", "91.01"),
            {
                "account": "Savings",
                "type": "split",
                "at": "2009-06-10T15:00:00+00:00",
                "symbol": "AAPL",
                "split_new": 10,
                "split_old": 3,
            },
            buy("Savings", "IBM", "4400", "87.00"),
        ],
    }


def dollars() -> dict[str, Any]:
    """A portfolio of another base currency."""
    return {
        "name": "In dollars",
        "currency": "USD",
        "accounts": [{"name": "Savings", "currency": "USD"}],
        "transactions": [deposit("Savings", "20000.00", "USD"), buy("Savings", "AAPL", "20", "96.46")],
    }


def nothing_yet() -> dict[str, Any]:
    """A portfolio with an account and nothing in it."""
    return {"name": "Nothing yet", "currency": "EUR", "accounts": [{"name": "Bank", "currency": "EUR"}]}


def seeded(product: Product, *portfolios: dict[str, Any], viewer: bool = False) -> Seeded:
    """Somebody new, Alice, with those portfolios; a new Bob who may view the first of them where one is wanted."""
    number = next(_NUMBERS)
    people: list[dict[str, Any]] = [{"email": f"alice{number}@example.net", "password": PASSWORD}]
    if viewer:
        people.insert(0, {"email": f"bob{number}@example.net", "password": PASSWORD})
        portfolios = ({**portfolios[0], "members": {f"bob{number}@example.net": "viewer"}}, *portfolios[1:])
    people[-1]["portfolios"] = list(portfolios)
    made = seed(product, {"people": people})["people"]
    return Seeded(product, tuple(reversed(made)))


def sign_in(context: BrowserContext, data: Seeded, *, who: int = 0) -> Page:
    """Signs somebody in, in a browser of their own. Returns its tab, still empty."""
    leads_to = send_form(context, data.product, "/sign-in/", login=data.people[who]["email"], password=PASSWORD)
    assert leads_to == "/"
    return context.new_page()


def open_live(page: Page, address: str) -> None:
    """Opens a page and waits until the socket has given its first word."""
    page.goto(address)
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=AT_ONCE)


def open_portfolio(new_context: NewContext, data: Seeded, number: int = 0, **options: Any) -> Page:
    """Signs Alice in and opens one of her portfolios, live."""
    page = sign_in(new_context(**options), data)
    open_live(page, data.address(number))
    return page


def figure(holding: Locator, name: str) -> Locator:
    """A figure of a row."""
    return holding.locator(f'[data-figure="{name}"]')


def chart(page: Page) -> Locator:
    """Today's chart."""
    return page.locator("#chart [role=img]")


def two_frames(page: Page) -> None:
    """Waits until what the page has been told by now is painted."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def pill(page: Page) -> Locator:
    """The connection pill."""
    return page.locator("#connection")


def value(page: Page) -> Locator:
    """The large value of a portfolio's page."""
    return page.locator(".stat-value .amount")


def row(page: Page, symbol: str, *, account: str = "") -> Locator:
    """The row of an instrument or a currency, in an account where there are several."""
    rows = page.locator(f'[data-group="{account}"] [data-row]' if account else "#holdings [data-row]")
    return rows.filter(has=page.locator(".symbol").get_by_text(symbol, exact=True))


def expect_moving(page: Page, figure: Locator) -> None:
    """Waits until a figure is another one."""
    expect(figure).not_to_have_text(figure.inner_text(), timeout=AT_ONCE)


def overprinting(page: Page) -> list[str]:
    """Figures of the holdings that are wider than their column, or a column without words to see."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('#holdings tr:not([hidden]) > :is(th, td):not([colspan], .c-name, .c-quality, .c-spark)')]"
        ".filter((cell) => { const range = document.createRange(); range.selectNodeContents(cell);"
        " const [text, own] = [range.getBoundingClientRect(), cell.getBoundingClientRect()];"
        " const right = own.right - parseFloat(getComputedStyle(cell).paddingRight);"
        " return !cell.checkVisibility() || text.left < own.left - 0.5 || text.right > right + 0.5; })"
        ".map((cell) => `${cell.className}: ${cell.innerText}`)"
    )
    return found


def outside(page: Page) -> list[str]:
    """What reaches over the right edge of the page; the holdings may scroll in a box of their own, which itself fits."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('body *')].filter((element) => element.checkVisibility()"
        " && !(getComputedStyle(element.closest('.holdings-box') ?? element).overflowX === 'auto'"
        " && element.closest('.holdings-box') && !element.matches('.holdings-box'))"
        " && !element.closest('.visually-hidden, .skip-link, svg, .tabs, .mover-name, [popover]')"
        " && element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)"
        ".map((element) => element.outerHTML.slice(0, 120))"
    )
    return found
