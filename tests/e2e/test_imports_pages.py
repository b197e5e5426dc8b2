"""A file as a person hands it in, decides about it, books it and takes it back, in a real browser on the running product."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.ledger_pages import Ledger, given_portfolio, overflows
from tests.servers.product import Product, running_product

AT_ONCE = 20_000
WIDTHS = (320, 390, 768, 1152, 1440)
HEADING = "date,type,symbol,quantity,price,amount,currency,fee,account,note\n"
ROWS = (
    "2012-05-02,deposit,,,,5000,USD,,Harbor,\n",
    "2012-05-03,buy,AAPL,5,582,,USD,9.95,Harbor,a first order\n",
    "2012-05-03,buy,AAPL,5,582,,USD,9.95,Harbor,and a second one like it\n",
    "2012-05-04,sell,AAPL,12,565,,USD,,Harbor,\n",
    "2012-05-07,buy,Garden shed,1,1200,,USD,,Harbor,\n",
    "2012-05-08,gift,,,,3,USD,,Harbor,\n",
)
FILE = HEADING + "".join(ROWS)
SLOW_UNDO = """() => {
  const sent = window.fetch;
  const waits = () => new Promise((done) => setTimeout(done, 6_000));
  window.fetch = (address, options) =>
    String(address).endsWith("/undo/") ? waits().then(() => sent(address, options)) : sent(address, options);
}"""
"""An undo takes as long as one of tens of thousands of rows."""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own."""
    with running_product("--speed", "1") as product:
        yield product


@pytest.fixture
def ledger(product: Product, page: Page) -> Ledger:
    """A portfolio with the account Harbor."""
    return given_portfolio(page, product)


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    """The file."""
    path = tmp_path / "trades.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def hand_in(page: Page, ledger: Ledger, path: Path) -> None:
    """Chooses a file and has it read."""
    page.goto(ledger.address("import/"))
    page.get_by_label(re.compile("choose it", re.IGNORECASE)).set_input_files(path)
    page.get_by_role("button", name="Show what it holds").click()
    page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}/$"), timeout=90_000)


def fates(page: Page) -> Locator:
    """The fates in the table."""
    return page.locator("table.fates .fate")


def drop(page: Page, name: str, content: str) -> None:
    """Drops a file on the page as a pointer does."""
    page.evaluate(
        """([name, content]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([content], name, { type: "text/csv" }));
          const area = document.getElementById("drop");
          for (const kind of ["dragenter", "dragover", "drop"]) {
            area.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
          }
        }""",
        [name, content],
    )


def test_a_file_is_shown_row_by_row_booked_and_taken_back(page: Page, ledger: Ledger, trades: Path) -> None:
    hand_in(page, ledger, trades)
    expect(fates(page)).to_have_text(["New", "New", "New", "Refused", "Needs you", "Refused"])
    table = page.locator("table.fates")
    expect(table).to_contain_text("all that is held then, was 12: 2 are missing.")
    expect(page.get_by_role("link", name="New 3")).to_be_visible()
    page.get_by_role("link", name="Refused 2").click()
    expect(fates(page)).to_have_text(["Refused", "Refused"])
    page.locator("details.raw > summary").first.click()
    expect(page.locator("details.raw > pre").first).to_have_text(ROWS[3].strip())
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="All 6").click()
    expect(page.get_by_label("Symbol for Garden shed")).to_have_value("GARDEN-SHED")
    page.get_by_label("Symbol for Garden shed").fill("shed")
    page.get_by_role("button", name="Apply").click()
    expect(fates(page)).to_have_text(["New", "New", "New", "Refused", "New", "Refused"])
    page.get_by_role("button", name="Book 4 rows").click()
    expect(page.locator(".toast")).to_contain_text("Booked 4 rows of trades.csv.")
    expect(fates(page)).to_have_text(["Booked", "Booked", "Booked", "Refused", "Booked", "Refused"])
    page.goto(ledger.address())
    expect(page.locator("#ledger [data-id]")).to_have_count(4)
    page.goto(ledger.address("import/"))
    page.get_by_role("button", name="Undo the import of trades.csv").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undone: trades.csv")
    page.goto(ledger.address())
    expect(page.locator("#ledger [data-id]")).to_have_count(0)


def test_the_same_file_again_adds_nothing(page: Page, ledger: Ledger, trades: Path) -> None:
    hand_in(page, ledger, trades)
    page.get_by_role("button", name=re.compile("^Book 3 rows")).click()
    expect(page.locator(".toast")).to_be_visible()
    hand_in(page, ledger, trades)
    expect(page.get_by_role("note")).to_contain_text("This very file was imported before.")
    expect(fates(page).first).to_have_text("Already booked")
    expect(page.get_by_role("button", name=re.compile("^Book"))).to_have_count(0)


def test_a_file_is_dropped(page: Page, ledger: Ledger) -> None:
    page.goto(ledger.address("import/"))
    drop(page, "dropped.csv", FILE)
    page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Import dropped.csv")


def test_a_file_that_is_too_large_is_told_before_it_travels(page: Page, ledger: Ledger) -> None:
    page.goto(ledger.address("import/"))
    drop(page, "large.csv", "x" * (10 * 1024 * 1024 + 1))
    expect(page.locator("#file-fault")).to_have_text("Expected a file of at most 10 MiB, was one of 11 MiB. Split it.")
    drop(page, "small.csv", FILE)
    page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}/$"))


def test_a_file_of_several_mebibytes_is_taken(page: Page, ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text(HEADING + ("2012-05-02,deposit,,,,5000,USD,,Harbor," + "n" * 400 + "\n") * 8000, encoding="utf-8")
    assert path.stat().st_size > 3 * 1024 * 1024
    hand_in(page, ledger, path)
    expect(page.locator(".stats dd").first).to_have_text("8,000")


def test_a_file_that_cannot_be_read_says_why(page: Page, ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 100)
    page.goto(ledger.address("import/"))
    page.get_by_label(re.compile("choose it", re.IGNORECASE)).set_input_files(path)
    page.get_by_role("button", name="Show what it holds").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    link = summary.get_by_role("link")
    expect(link).to_have_count(1)
    expect(link).to_contain_text("File: Expected CSV, JSON or a ZIP of an export, was a spreadsheet, or an archive")


def test_it_works_without_scripts(product: Product, page: Page, new_context: NewContext, trades: Path) -> None:
    ledger = given_portfolio(page, product)
    plain = new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    plain.goto(ledger.address("import/"))
    expect(plain.get_by_text("Drop it here")).to_be_hidden()
    plain.locator("input[type=file]").set_input_files(trades)
    plain.get_by_role("button", name="Show what it holds").click()
    plain.get_by_role("button", name="Book 3 rows").click()
    expect(plain.locator("table.fates .fate").first).to_have_text("Booked")
    plain.get_by_role("button", name="Undo this import").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Undone: trades.csv")


@pytest.mark.parametrize(("link", "beginning"), [("CSV", "tickfolio,type,at"), ("JSON", '{\n "format": "tickfolio"')])
def test_an_export_is_a_file_that_is_known_when_it_is_read_in(
    page: Page, ledger: Ledger, trades: Path, link: str, beginning: str, tmp_path: Path
) -> None:
    hand_in(page, ledger, trades)
    page.get_by_role("button", name=re.compile("^Book")).click()
    expect(page.locator(".toast")).to_be_visible()
    page.goto(ledger.address("import/"))
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    assert re.fullmatch(rf"long-term-\d{{4}}-\d\d-\d\d\.{link.lower()}", download.value.suggested_filename)
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.read_text(encoding="utf-8").startswith(beginning)
    hand_in(page, ledger, saved)
    expect(fates(page)).to_have_text(["Already booked"] * 3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_the_pages_are_pictured(
    product: Product,
    new_context: NewContext,
    trades: Path,
    theme: str,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    page = new_context(color_scheme=theme).new_page()
    ledger = given_portfolio(page, product)
    with page.expect_navigation():
        page.goto(ledger.address("import/"))
    look(page, f"import-empty-{theme}", find_accessibility_problems, take_screenshot)
    page.locator("details.drop-details > summary").click()
    look(page, f"import-file-{theme}", find_accessibility_problems, take_screenshot)
    hand_in(page, ledger, trades)
    page.locator("details.raw > summary").nth(3).click()
    look(page, f"import-preview-{theme}", find_accessibility_problems, take_screenshot)
    page.get_by_role("button", name="Book 3 rows").click()
    page.locator(".toast").wait_for()
    look(page, f"import-booked-{theme}", find_accessibility_problems, take_screenshot)
    page.goto(ledger.address("import/"))
    look(page, f"import-again-{theme}", find_accessibility_problems, take_screenshot)


def look(page: Page, name: str, problems: Callable[..., list[str]], take: Callable[..., Path]) -> None:
    """Looks at a page in every width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page), f"{name} scrolls sideways at {width}"
        if width in (WIDTHS[0], WIDTHS[-1]):
            assert problems(page) == []
            take(page, f"{name}-{width}")


def test_a_page_complains_of_nothing(page: Page, ledger: Ledger, trades: Path, complaints: Complaints) -> None:
    hand_in(page, ledger, trades)
    assert complaints.unexpected() == []


def large(folder: Path) -> Path:
    """A file that takes seconds to read."""
    path = folder / "large.csv"
    row = "2012-05-{:02},buy,AAPL,5,{},,USD,9.95,Harbor,order {}\n"
    path.write_text(
        HEADING + "".join(row.format(1 + number % 28, 500 + number, number) for number in range(30_000)),
        encoding="utf-8",
    )
    return path


def test_a_large_file_says_how_far_it_is_and_is_cancelled_from_here_or_another_tab(
    page: Page,
    ledger: Ledger,
    tmp_path: Path,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    path = large(tmp_path)

    def begin() -> None:
        page.goto(ledger.address("import/"))
        page.get_by_label(re.compile("choose it", re.IGNORECASE)).set_input_files(path)
        page.get_by_role("button", name="Show what it holds").click()

    job, cancelled = page.locator("#job"), "Cancelled: nothing of large.csv is kept."
    begin()
    expect(job.get_by_role("heading")).to_have_text("Reading large.csv")
    expect(job.get_by_role("progressbar", name="Reading large.csv")).to_be_visible()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page)
        take_screenshot(page, f"import-running-{width}", full_page=False)
    job.get_by_role("button", name="Cancel").click()
    expect(page.locator(".toast")).to_contain_text(cancelled, timeout=AT_ONCE)
    expect(job).to_be_hidden()
    begin()
    expect(job.get_by_role("heading")).to_have_text("Reading large.csv")
    other = page.context.new_page()
    other.goto(ledger.address("import/"))
    expect(other.locator("#job").get_by_role("heading")).to_have_text("Reading large.csv")
    assert find_accessibility_problems(other, within="#job") == []
    other.locator("#job").get_by_role("button", name="Cancel").click()
    for each in (page, other):
        expect(each.locator("#job")).to_be_hidden(timeout=AT_ONCE)
        expect(each.get_by_text("Nothing yet")).to_be_visible()
    other.close()


def test_an_undo_from_the_message_tells_how_far_it_is_and_a_killed_server_is_told_of_to_who_comes_back(
    product: Product,
    page: Page,
    ledger: Ledger,
    trades: Path,
    tmp_path: Path,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    hand_in(page, ledger, trades)
    page.get_by_role("button", name="Book 3 rows").click()
    page.locator(".toast").wait_for()
    page.evaluate(SLOW_UNDO)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    job = page.locator("#job")
    expect(job.get_by_role("heading")).to_have_text(re.compile("Undoing"))
    expect(job).to_be_in_viewport(ratio=1)
    expect(job.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Undone: the import of trades.csv.")

    page.goto(ledger.address("import/"))
    page.get_by_label(re.compile("choose it", re.IGNORECASE)).set_input_files(large(tmp_path))
    page.get_by_role("button", name="Show what it holds").click()
    expect(job.get_by_role("heading")).to_have_text("Reading large.csv")
    page.goto("about:blank")
    product.kill()
    product.start()
    page.goto(product.origin)
    note = page.locator("#notes").get_by_role("link", name="Reading large.csv did not finish")
    expect(note).to_be_visible()
    note.click()
    told = page.get_by_role("note").filter(
        has_text="Reading large.csv did not finish: the server was stopped meanwhile."
    )
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        expect(told).to_contain_text("Nothing of it is kept or booked: hand the file in again.")
        assert not overflows(page)
        assert find_accessibility_problems(page) == []
        take_screenshot(page, f"import-killed-{width}")
    told.get_by_role("button", name="Hide").press("Enter")
    expect(page.get_by_role("button", name="Show what it holds")).to_be_visible()
    expect(told).to_be_hidden()
    page.goto(product.origin)
    expect(page.locator("#concerns-title")).to_be_visible()
    expect(note).to_be_hidden()
