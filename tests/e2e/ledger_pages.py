"""A person at the pages of a portfolio, in a real browser: what the tests of these pages do again and again."""

import itertools
import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.forms import send_form
from tests.servers.product import Product

PASSWORD = "correct horse battery staple"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Ledger:
    """A portfolio that somebody has made, and its address."""

    product: Product
    path: str
    email: str

    def address(self, rest: str = "transactions/") -> str:
        """A page below the portfolio."""
        return f"{self.product.origin}{self.path}{rest}"


def sign_up(page: Page, product: Product, name: str = "alice") -> str:
    """Signs somebody up whom nobody has signed up before. Returns their address."""
    email = f"{name}{next(_NUMBERS)}@example.org"
    page.goto(f"{product.origin}/sign-up/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url(lambda address: "/sign-up/" not in address)
    return email


def given_portfolio(page: Page, product: Product) -> Ledger:
    """What `make_portfolio` does, for tests of what comes after: without looking at the pages for it."""
    email = f"alice{next(_NUMBERS)}@example.org"
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    send_form(page.context, product, "/sign-up/", email=email, password1=PASSWORD, time_zone=zone)
    made = {"name": "Long term", "account_name": "Harbor", "account_currency": "USD"}
    path = send_form(page.context, product, "/portfolios/new/", **made)
    assert re.fullmatch(r"/portfolios/[0-9a-f-]{36}/", path)
    return Ledger(product, path, email)


def make_portfolio(page: Page, product: Product, *, name: str = "Long term", currency: str = "USD") -> Ledger:
    """Signs somebody up, who makes a portfolio with the account Harbor."""
    email = sign_up(page, product)
    page.goto(f"{product.origin}/portfolios/new/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("First account").fill("Harbor")
    page.get_by_label("Its currency").select_option(currency)
    page.get_by_role("button", name="Make the portfolio").click()
    page.wait_for_url(re.compile(r"/portfolios/[0-9a-f-]{36}/$"))
    return Ledger(product, page.url.removeprefix(product.origin), email)


def open_form(page: Page, ledger: Ledger, kind: str = "buy") -> None:
    """Opens the form of a type."""
    page.goto(ledger.address(f"transactions/new/?type={kind}"))


def book(page: Page, ledger: Ledger, kind: str, **fields: str) -> None:
    """Types a transaction and books it; fields by their names."""
    open_form(page, ledger, kind)
    for name, value in fields.items():
        type_in(page, name, value)
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(ledger.address())


def given_transaction(page: Page, ledger: Ledger, kind: str, **fields: str) -> None:
    """What `book` does, for tests of what comes after: without looking at the form."""
    path = f"{ledger.path}transactions/new/"
    send_form(page.context, ledger.product, path, f"?type={kind}", **fields)


def type_in(page: Page, name: str, value: str) -> None:
    """Types in a field, which may be among those that few transactions need."""
    field = page.locator(f"[name={name}]")
    expect(field).to_be_attached()
    if not field.is_visible():
        field.locator("xpath=ancestor::details/summary").click()
    if field.evaluate("(field) => field instanceof HTMLSelectElement"):
        field.select_option(value)
    else:
        field.fill(value)
    if name == "symbol":
        field.press("Escape")
        field.blur()


def rows(page: Page) -> Locator:
    """The rows of the list."""
    return page.locator("#ledger [data-id]")


def total(page: Page) -> Locator:
    """What the form comes to."""
    return page.locator("#total-text")


def expect_errors(page: Page, *errors: str) -> None:
    """Waits for the summary of errors, which has the focus."""
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(list(errors))


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
