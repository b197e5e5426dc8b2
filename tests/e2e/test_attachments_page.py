"""Many transactions changed at once, and files attached to one, in a real browser on the running product."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.ledger_pages import given_portfolio, given_transaction, overflows, rows
from tests.servers.product import Product, running_product

PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
FILES: list[FilePayload] = [
    {"name": "Contract note 4711.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b" " * 90_000},
    {"name": "statement.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"},
]


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product, whose market stands in May 2012."""
    with running_product("--speed", "1") as product:
        yield product


def test_many_are_noted_and_undone_and_one_gets_files(
    product: Product,
    page: Page,
    find_accessibility_problems: Callable[[Page], list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    def expect_sound(name: str) -> None:
        for size in (PHONE, WIDE):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
                assert find_accessibility_problems(page) == []
                assert not overflows(page)
                take_screenshot(page, f"{name}-{size['width']}-{theme}")

    page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})
    ledger = given_portfolio(page, product)
    given_transaction(page, ledger, "deposit", amount="5000", day="2012-05-17")
    given_transaction(page, ledger, "buy", symbol="AAPL", day="2012-05-18", quantity="2", price="530")
    page.goto(ledger.address())
    boxes = rows(page).get_by_role("checkbox")
    boxes.first.click()
    boxes.last.click(modifiers=["Shift"])
    expect(page.locator("#bulk-count")).to_contain_text("2")
    page.get_by_label("Do with them").select_option("note_append")
    page.locator("#bulk_note").fill("of the plan")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.locator("table.bulk tbody tr")).to_have_count(2)
    expect_sound("bulk")
    page.locator("button[name=confirm]").click()
    expect(page.locator(".toast")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone")

    rows(page).first.get_by_role("link").first.click()
    page.get_by_label("Attach contract notes or statements").set_input_files(FILES)
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Attached: 2 files.")
    expect_sound("attachments")
    with page.expect_download() as download:
        page.get_by_role("link", name="statement.html.txt").click()
    assert download.value.path().read_bytes() == b"<script>alert(1)</script>"
    page.get_by_role("button", name="Remove Contract note 4711.pdf").click()
    expect(page.get_by_role("link", name="Contract note 4711.pdf")).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Contract note 4711.pdf")).to_be_visible()

    page.goto(ledger.address("transactions/new/?type=deposit"))
    page.get_by_label("Amount", exact=True).fill("10")
    page.get_by_text("Attach files", exact=True).click()
    page.get_by_label("Contract notes or statements").set_input_files(FILES[:1])
    expect_sound("attachments-new")
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Attached: 1 file.")
    expect(rows(page).filter(has=page.locator("[href='#i-clip']"))).to_have_count(2)
    expect_sound("attachments-list")
