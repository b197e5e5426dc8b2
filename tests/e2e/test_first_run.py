"""A new person on a phone: from the first page to a live value, without reading anything."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.ledger_pages import PASSWORD, overflows
from tests.e2e.portfolio_pages import NARROW, expect_moving
from tests.servers.product import Product, running_product

MOST_STEPS = 9
"""Presses and filled fields together."""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The product as it is started, with its demo."""
    with running_product("--speed", "60", is_first_start=True) as product:
        yield product


class Steps:
    """What the person does, counted; every page on the way is looked at."""

    def __init__(self, page: Page, problems_of: Callable[..., list[str]]) -> None:
        self._page, self._problems_of = page, problems_of
        self.count = 0

    def press(self, role: str, name: str) -> None:
        """Presses a link or a button of that name."""
        self.count += 1
        self._page.get_by_role(role, name=re.compile(f"^{name}")).first.click()  # type: ignore[arg-type]  # a role

    def fill(self, label: str, text: str) -> None:
        """Fills a field."""
        self.count += 1
        self._page.get_by_label(label, exact=True).fill(text)

    def look(self) -> None:
        """Looks at the page."""
        assert not overflows(self._page)
        assert self._problems_of(self._page) == []


def test_a_new_person_sees_a_live_value_after_few_steps(
    product: Product, new_context: NewContext, find_accessibility_problems: Callable[..., list[str]]
) -> None:
    page = new_context(**NARROW).new_page()
    steps = Steps(page, find_accessibility_problems)
    page.goto(product.origin + "/")
    steps.press("link", "Sign up")
    steps.fill("E-mail", "newcomer@example.org")
    steps.fill("Password", PASSWORD)
    steps.press("button", "Create the account")
    expect(page.get_by_text("Welcome", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Open the demo portfolio"))).to_be_visible()
    steps.look()
    steps.press("link", "Create a portfolio")
    expect(page.get_by_label("Name", exact=True)).to_have_value("My portfolio")
    steps.look()
    steps.press("button", "Make the portfolio")
    expect(page.get_by_label("The money came from outside: book what it costs as a deposit, too")).to_be_checked()
    steps.look()
    below = page.get_by_role("button", name="Book", exact=True)
    before = below.bounding_box()
    steps.fill("Instrument", "AAPL")
    page.get_by_label("Instrument", exact=True).press("Escape")
    steps.fill("Quantity", "10")
    page.get_by_label("Quantity", exact=True).blur()
    expect(page.locator("[name=price]")).not_to_have_value("")
    expect(page.locator("#price-advice")).to_contain_text("filled in")
    assert below.bounding_box() == before
    steps.press("button", "Book$")
    page.wait_for_url(re.compile(r"/portfolios/[0-9a-f-]{36}/$"))
    value = page.locator(".stat-value .amount").first
    # Ten shares are worth thousands, and no overdraft is against them.
    expect(value).to_have_text(re.compile(r"^\d,\d{3}\.\d\d$"))
    expect_moving(page, value)
    assert steps.count <= MOST_STEPS
    steps.look()


def test_who_only_wants_to_look_is_in_the_demo_with_one_press(product: Product, new_context: NewContext) -> None:
    page = new_context(**NARROW).new_page()
    page.goto(f"{product.origin}/sign-up/")
    page.get_by_label("E-mail").fill("visitor@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("button", name=re.compile("^Open the demo portfolio")).click()
    expect(page.locator("[data-worth]").first).to_be_visible()
    expect_moving(page, page.locator(".stat-value .amount").first)
