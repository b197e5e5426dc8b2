"""The pages of files that are read in."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.services.import_files import HEADING, ledger_of, previewed, table
from tests.services.ledger_entries import Book, book, deposit, person, purchase, share
from tests.web.visits import address, errors_on, set_market_clock, signed_in, text_of, unmarked
from tickfolio.persistence.tenancy import Role
from tickfolio.services import imports, transactions
from tickfolio.statements.archives import archived
from tickfolio.statements.rows import MAX_BYTES
from tickfolio.web.forms.imports import key_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

DEPOSIT = "2012-05-02,deposit,,,,5000,USD,,Broker,"
BUY = "2012-05-03,buy,AAPL,5,582,,USD,9.95,Broker,first"
SELL = "2012-05-04,sell,AAPL,12,565,,USD,,Broker,"
FATE = re.compile(r'<tr role="row" data-fate="(\w+)"')
WORD = re.compile(r'<td role="cell" class="m2"><span class="fate [\w-]+"><svg.*?</svg>(.*?)</span>', re.DOTALL)


@pytest.fixture
def alices() -> Book:
    """Alice's portfolio with one account."""
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    """Alice's browser."""
    return signed_in(alices.owner)


def handed_in(client: Client, alices: Book, content: bytes, *, name: str = "trades.csv", **stated: str) -> Answer:
    """What is answered to a file."""
    return client.post(address(alices, "import/"), {"file": SimpleUploadedFile(name, content), **stated})


def preview(client: Client, alices: Book, *rows: str) -> str:
    """The address of a file's preview."""
    answer = handed_in(client, alices, table(*rows))
    assert answer.status_code == 302
    return answer["Location"]


def booked(client: Client, alices: Book, at: str) -> Answer:
    """What is answered when what the page shows is booked."""
    digest = re.search(r'name="digest" value="(\w+)"', text_of(client.get(at)))
    assert digest is not None
    return client.post(f"{at}book/", {"digest": digest[1]})


def test_a_file_leads_to_its_preview_in_which_every_row_has_icon_word_and_reason(client: Client, alices: Book) -> None:
    at = preview(client, alices, DEPOSIT, BUY, SELL, "nonsense")
    page = text_of(client.get(at))
    assert FATE.findall(page) == ["new", "new", "refused", "refused"]
    assert WORD.findall(page) == ["New", "New", "Refused", "Refused"]
    assert page.count('href="#i-x"') >= 2
    assert "all that is held then, was 12: 7 are missing." in unmarked(page)
    assert f'<pre class="amount">{SELL}</pre>' in page
    assert "Book 2 rows" in page
    assert ledger_of(alices) == ()


def test_a_new_instrument_is_told_of_once_above_the_rows(client: Client, alices: Book) -> None:
    shed = BUY.replace("AAPL", "SHED")
    page = text_of(client.get(preview(client, alices, shed, shed)))
    told = "No feed offers SHED: it is kept in this portfolio, without a price."
    assert page.count(told) == 1
    assert page.index(told) < page.index("What happens to each row")


def test_what_a_file_holds_is_shown_as_text(client: Client, alices: Book) -> None:
    at = preview(client, alices, "2012-05-02,<script>alert(1)</script>,,,,5000,USD,,<b>Broker</b>,")
    page = text_of(client.get(at))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_booking_leads_to_what_was_booked_and_its_undo(client: Client, alices: Book) -> None:
    at = preview(client, alices, DEPOSIT, BUY)
    answer = booked(client, alices, at)
    assert (answer.status_code, answer["Location"]) == (302, at)
    page = text_of(client.get(at))
    assert "Booked 2 rows of trades.csv." in page
    assert WORD.findall(page) == ["Booked", "Booked"]
    assert len(ledger_of(alices)) == 2
    assert f'action="{at}undo/"' in page
    again = booked_again(client, at)
    assert again.status_code == 302
    assert len(ledger_of(alices)) == 2
    client.post(f"{at}undo/")
    assert ledger_of(alices) == ()
    page = text_of(client.get(at))
    assert WORD.findall(page) == ["Undone", "Undone"]
    assert f'action="{at}undo/"' not in page


def test_after_an_undo_no_tile_and_no_step_says_that_something_is_booked(client: Client, alices: Book) -> None:
    at = preview(client, alices, DEPOSIT, BUY)
    booked(client, alices, at)
    page = text_of(client.get(at))
    assert '<li aria-current="step"><span class="n">3</span>Booked</li></ol>' in page
    assert "<dt>Booked</dt>" in page
    client.post(f"{at}undo/")
    page = text_of(client.get(at))
    assert '<li class="done"><span class="n">3</span>Booked</li>' in page
    assert '<li aria-current="step"><span class="n">4</span>Undone</li></ol>' in page
    assert "<dt>Booked</dt>" not in page
    assert '<dt>Booked, then taken back</dt><dd class="num">2</dd>' in page
    assert '<dt>Cash movements</dt><dd class="quiet">none</dd>' in page


def booked_again(client: Client, at: str) -> Answer:
    """What a second click on Book is answered."""
    return client.post(f"{at}book/", {"digest": "whatever"})


def test_a_changed_ledger_is_shown_before_anything_is_booked(client: Client, alices: Book) -> None:
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    at = preview(client, alices, SELL.replace(",12,", ",10,"), DEPOSIT)
    view = transactions.transactions_page(actor=alices.owner, portfolio_id=alices.portfolio_id).rows[0]
    transactions.transaction_delete(
        actor=alices.owner, portfolio_id=alices.portfolio_id, transaction_id=view.id, expected_version=1
    )
    answer = booked(client, alices, at)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Nothing is booked: 1 row has another fate than was shown" in page
    assert "Line 2: New, now Refused. Expected at most 0 AAPL" in page
    assert "Book 1 row<" in page
    assert ledger_of(alices) == ()
    assert booked(client, alices, at).status_code == 302


def test_who_would_book_what_no_feed_was_heard_of_is_warned_at_the_button(
    client: Client, alices: Book, settings: Settings
) -> None:
    settings.TICKFOLIO_IS_REPLAY = False  # and without an engine nobody answers
    rows = ("2012-05-03,buy,AAA1,5,582,,USD,,Broker,", "2012-05-03,buy,AAA2,5,582,,USD,,Broker,")
    at = preview(client, alices, *rows)
    page = text_of(client.get(at))
    assert 'aria-describedby="unheard">Book 2 rows<' in page
    assert "of 2 symbols no feed has said yet what they are. Booked now, they have no price. Feeds answer" in page
    assert '2 <span class="unit">symbols</span>' in page
    assert ">Apply</button>" in page
    booked(client, alices, at)
    assert "Before you book" not in text_of(client.get(at))


def test_a_preview_without_new_rows_has_nothing_to_book(client: Client, alices: Book) -> None:
    at = preview(client, alices, "nonsense")
    assert "/book/" not in text_of(client.get(at))
    digest = imports.import_view(
        actor=alices.owner, portfolio_id=alices.portfolio_id, batch_id=at.rstrip("/").rsplit("/", 1)[-1]
    ).digest
    answer = client.post(f"{at}book/", {"digest": digest})
    assert answer.status_code == 200
    assert "there is nothing to book" in text_of(answer)


def test_an_import_that_something_needs_says_what(client: Client, alices: Book) -> None:
    at = preview(client, alices, DEPOSIT, BUY)
    booked(client, alices, at)
    other = preview(client, alices, "2012-05-09,sell,AAPL,5,565,,USD,,Broker,")
    booked(client, alices, other)
    answer = client.post(f"{at}undo/")
    assert answer.status_code == 200
    assert "It is not undone" in text_of(answer)
    assert "Delete or change that first" in text_of(answer)
    client.post(f"{other}undo/")
    assert client.post(f"{at}undo/").status_code == 302


def test_rows_are_filtered_by_fate_and_paged(client: Client, alices: Book) -> None:
    at = preview(client, alices, *(DEPOSIT.replace("5000", str(number)) for number in range(1, 251)), "nonsense")
    assert len(FATE.findall(text_of(client.get(at)))) == 100
    assert FATE.findall(text_of(client.get(f"{at}?fate=refused"))) == ["refused"]
    last = text_of(client.get(f"{at}?fate=new&page=3"))
    assert len(FATE.findall(last)) == 50
    assert "201–250 of 250" in last
    assert 'href="?fate=new&amp;page=2"' in last
    assert len(FATE.findall(text_of(client.get(f"{at}?fate=nothing&page=x")))) == 100
    assert "No row of the file has this fate." in text_of(client.get(f"{at}?fate=known"))


def test_choices_are_made_in_the_page_and_kept(client: Client, alices: Book) -> None:
    at = preview(client, alices, "03/04/2012,deposit,,,,1,USD,,Harbor,", "2012-05-07,buy,Garden shed,1,2,,USD,,Harbor,")
    page = text_of(client.get(at))
    assert 'value="GARDEN-SHED"' in page
    assert "a new account Harbor" in page
    answer = client.post(
        f"{at}choices/",
        {
            "answer_day_order": "month_first",
            f"account_{key_of('Harbor')}": alices.account_id,
            f"symbol_{key_of('Garden shed')}": "shed",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, at)
    page = text_of(client.get(at))
    assert FATE.findall(page) == ["new", "new"]
    assert "4 Mar 2012" in page
    assert f'<option value="{alices.account_id}" selected>' in page


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("answer_day_order", "year_first", "Expected an answer of the list, was year_first."),
        (f"account_{key_of('Harbor')}", "another", "Expected an account of the list, was another."),
        (f"symbol_{key_of('Garden shed')}", "S" * 40, "Expected a symbol of at most 32 characters, was 40."),
    ],
)
def test_a_choice_that_there_is_not_is_refused_at_its_field(
    client: Client, alices: Book, field: str, value: str, error: str
) -> None:
    at = preview(client, alices, "03/04/2012,deposit,,,,1,USD,,Harbor,", "2012-05-07,buy,Garden shed,1,2,,USD,,Harbor,")
    answer = client.post(f"{at}choices/", {field: value})
    assert answer.status_code == 200
    assert errors_on(answer) == {field: error}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "Expected a file with rows, was an empty one."),
        (b"colour\nblue\n", "Expected columns for the date and the type among the headings, was &#x27;colour&#x27;."),
        (b"%PDF-1.7", "Expected CSV or JSON, was a PDF. Ask where it is from for CSV or JSON."),
        (b"x" * (MAX_BYTES + 1), "Expected a file of at most 10 MiB, was 10,485,761 bytes. Split it."),
    ],
)
def test_a_file_that_cannot_be_read_says_why_at_its_field(
    client: Client, alices: Book, content: bytes, error: str
) -> None:
    answer = handed_in(client, alices, content)
    assert answer.status_code == 200
    assert errors_on(answer) == {"file": error}
    assert imports.imports_of(actor=alices.owner, portfolio_id=alices.portfolio_id) == ()


def test_nothing_handed_in_says_so(client: Client, alices: Book) -> None:
    answer = client.post(address(alices, "import/"))
    assert errors_on(answer) == {"file": "Expected a file; none was chosen."}


def test_what_is_stated_about_a_file_counts(client: Client, alices: Book) -> None:
    content = table("02.05.2012;deposit;;;;5.000;USD;;Broker;", heading=HEADING.replace(",", ";"))
    answer = handed_in(client, alices, content, separator=";", decimal_mark=",", day_order="day_first")
    page = text_of(client.get(answer["Location"]))
    assert "semicolons between columns; decimals after a comma; the day before the month" in page
    assert "+5,000.00" in page
    other = handed_in(client, alices, content, separator="tab")
    assert "file" in errors_on(other)


def test_a_dropped_preview_is_gone(client: Client, alices: Book) -> None:
    at = preview(client, alices, BUY)
    assert client.post(f"{at}drop/")["Location"] == address(alices, "import/")
    assert client.get(at).status_code == 404
    kept = preview(client, alices, BUY)
    booked(client, alices, kept)
    assert client.post(f"{kept}drop/")["Location"] == kept


def test_booked_files_are_listed_with_their_undo_and_the_way_out(client: Client, alices: Book) -> None:
    at = preview(client, alices, DEPOSIT)
    page = text_of(client.get(address(alices, "import/")))
    assert "Files that were booked stand here" in page
    booked(client, alices, at)
    page = text_of(client.get(address(alices, "import/")))
    assert f'href="{at}">trades.csv</a>' in page
    assert "1 row of CSV, " in page
    assert "alice@example.org" in page
    assert f'href="{address(alices, "export.csv")}"' in page


def test_a_known_row_leads_to_what_is_booked(client: Client, alices: Book) -> None:
    added = transactions.transaction_add(
        actor=alices.owner, portfolio_id=alices.portfolio_id, draft=deposit(alices, "5000")
    )
    page = text_of(client.get(preview(client, alices, DEPOSIT.replace("2012-05-02", "2011-03-01T15:00:00Z"))))
    assert FATE.findall(page) == ["known"]
    assert address(alices, f"transactions/{added.id}/") in page


def test_another_editor_does_not_see_a_preview(client: Client, alices: Book) -> None:
    bob = signed_in(share(alices, "bob", Role.EDITOR))
    batch = previewed(alices, table(BUY))
    for rest in ("", "choices/", "book/", "undo/", "drop/"):
        at = address(alices, f"import/{batch}/{rest}")
        assert (bob.post(at) if rest else bob.get(at)).status_code == 404
    assert client.get(address(alices, f"import/{batch}/")).status_code == 200


def test_a_viewer_is_told_that_the_role_is_too_weak(alices: Book) -> None:
    vera = signed_in(share(alices, "vera", Role.VIEWER))
    assert vera.get(address(alices, "import/")).status_code == 403
    assert handed_in(vera, alices, table(BUY)).status_code == 403


def test_a_page_of_rows_asks_for_few_things(
    client: Client, alices: Book, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    at = preview(client, alices, *(DEPOSIT.replace("5000", str(number)) for number in range(1, 121)))
    client.get(at)
    with django_assert_max_num_queries(39):
        client.get(at)


def test_what_stands_beside_the_rows_is_shown_and_written_without_any_row(client: Client, alices: Book) -> None:
    content = b"""{"format": "tickfolio", "version": 2, "transactions": [],
    "notes": [{"symbol": "AAPL", "text": "Long run"}, {"symbol": "NOWHERE", "text": "a"}]}"""
    at = handed_in(client, alices, content, name="mine.json")["Location"]
    page = client.get(at).content.decode()
    assert "Will be written: 1 note of an instrument." in page
    assert "Note of NOWHERE: left out." in page
    assert "Write what is beside the rows" in page
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    page = client.post(f"{at}book/", {"digest": digest}, follow=True).content.decode()
    assert "Written: 1 note of an instrument." in page


def test_a_zip_is_handed_in_and_brings_its_files(client: Client, alices: Book) -> None:
    content = b"%PDF-1.7 note"
    digest = hashlib.sha256(content).hexdigest()
    document = f"""{{"format": "tickfolio", "version": 2, "transactions": [{{"type": "deposit", "at": "2012-05-21", "amount": "5",
    "currency": "USD", "reference": "r1"}}], "files": [{{"transaction": "r1", "name": "note.pdf", "sha256": "{digest}"}}]}}"""
    packed = b"".join(archived([document], [(digest, content)]))
    page = client.get(handed_in(client, alices, packed, name="mine.zip")["Location"]).content.decode()
    assert "Will be written: 1 attached file." in page
    refused = handed_in(client, alices, packed[:-30], name="mine.zip")
    assert "was a spreadsheet, or an archive that is damaged or another one." in refused.content.decode()
