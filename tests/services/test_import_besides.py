"""What stands beside the transactions of a portfolio: out with its file, and in again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.changes import changes
from tests.services.import_files import booked, fates, previewed, undone
from tests.services.ledger_entries import Book, add, book, person, purchase
from tickfolio.errors import ImportNotPossible, StatementError
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services import exports, imports
from tickfolio.services.allocation_parts import CASH, LABEL, Dimension, PartName
from tickfolio.services.allocation_targets import Target, targets_change, targets_of
from tickfolio.services.classifications import Chosen, classification_change, classifications_of
from tickfolio.services.import_besides import PieceKind, Standing
from tickfolio.services.import_bookings import import_book
from tickfolio.services.instrument_notes import note_of, note_write
from tickfolio.services.manual_prices import price_add, price_withdraw, prices_by_hand
from tickfolio.services.market_records import market_changes_record

pytestmark = pytest.mark.django_db
BESIDE = ("notes", "classifications", "targets", "prices")
NEWCOMERS = count()
TODAY = datetime(2012, 5, 21, 15, 0, tzinfo=UTC)
TEXTS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u2028\u2029"), max_size=40
).map(lambda text: " ".join(text.split()))
PERCENTS = st.integers(0, 5000).map(lambda hundredths: Decimal(hundredths) / 100)


@pytest.fixture(autouse=True)
def market_time() -> None:
    """A market's clock, up to whose day prices can be typed."""
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=TODAY)))


def taken(mine: Book) -> dict[str, Any]:
    """The portfolio's file, without what differs between two files that say the same."""
    pieces = exports.export_json(actor=mine.owner, portfolio_id=mine.portfolio_id).pieces
    document: dict[str, Any] = json.loads("".join(pieces))
    return document


def sent(document: Mapping[str, Any]) -> bytes:
    """The file as it is handed in."""
    return json.dumps(document, ensure_ascii=False).encode()


def invested() -> Book:
    """A portfolio of somebody new with AAPL and a house that no feed prices."""
    mine = book(person(f"somebody-{next(NEWCOMERS)}"))
    add(mine, purchase(mine))
    house = {"symbol": "HOUSE", "creates_instrument": True, "instrument_currency": "USD", "instrument_name": "House"}
    add(mine, purchase(mine, quantity="1", price="1000", **house))
    return mine


def empty() -> Book:
    """A portfolio of somebody else with nothing in it."""
    return book(person(f"somebody-{next(NEWCOMERS)}"))


def note(mine: Book, text: str, *, version: int = 0, symbol: str = "AAPL") -> None:
    note_write(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=symbol, text=text, expected_version=version)


def classify(mine: Book, symbol: str, chosen: Chosen) -> None:
    classification_change(
        actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=symbol, chosen=chosen, expected_version=0
    )


def aim(mine: Book, dimension: Dimension, targets: Sequence[Target], tolerance: str = "2.5") -> None:
    targets_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        dimension=dimension,
        targets=targets,
        tolerance=Decimal(tolerance),
        expected_version=0,
    )


def price(mine: Book, day: date, text: str) -> None:
    price_add(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="HOUSE", day=day, price=Decimal(text))


def written() -> Book:
    """A portfolio with something of each kind."""
    mine = invested()
    note(mine, "Bought for the\n\tlong run; „gut“ \N{EURO SIGN}")
    note(mine, "The roof is new.", symbol="HOUSE")
    classify(mine, "HOUSE", Chosen(class_label="Real estate", country="CH", tag="=home"))
    aim(mine, Dimension.HOLDING, [Target(PartName("AAPL"), Decimal("60.25")), Target(PartName(CASH), Decimal(10))])
    aim(mine, Dimension.TAG, [Target(PartName(f"{LABEL}=home", "=Home"), Decimal(30))], tolerance="0")
    price(mine, date(2012, 1, 2), "1050.125")
    price(mine, date(2012, 2, 1), "1100")
    price_withdraw(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        symbol="HOUSE",
        day=date(2012, 2, 1),
        expected_version=1,
    )
    return mine


def standings(mine: Book, batch: str) -> list[tuple[PieceKind, str, Standing]]:
    view = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    return [(each.kind, each.what, each.standing) for each in view.beside]


def test_everything_beside_the_transactions_comes_back() -> None:
    mine, other = written(), empty()
    document = taken(mine)
    assert document["version"] == 2
    assert document["prices"] == [{"symbol": "HOUSE", "day": "2012-01-02", "price": "1050.125"}]
    batch = previewed(other, sent(document))
    assert {standing for _, _, standing in standings(other, batch)} == {Standing.NEW}
    booked(other, batch)
    again = taken(other)
    assert {name: again[name] for name in BESIDE} == {name: document[name] for name in BESIDE}
    assert again["transactions"] == document["transactions"]
    assert note_of(actor=other.owner, portfolio_id=other.portfolio_id, symbol="AAPL").text.startswith("Bought for")
    said = classifications_of(actor=other.owner, portfolio_id=other.portfolio_id)
    assert [each.tag for each in said.values()] == ["", "=home"]
    (house,) = prices_by_hand(actor=other.owner, portfolio_id=other.portfolio_id)
    assert [(each.day, each.price) for each in house.prices] == [(date(2012, 1, 2), Decimal("1050.125"))]
    targets = targets_of(actor=other.owner, portfolio_id=other.portfolio_id, dimension=Dimension.HOLDING)
    assert (targets.of("AAPL"), targets.of(CASH), targets.tolerance) == (
        Decimal("60.25"),
        Decimal(10),
        Decimal("2.5"),
    )


def test_a_file_read_in_again_adds_nothing_and_says_so() -> None:
    mine, other = written(), empty()
    content = sent(taken(mine))
    booked(other, previewed(other, content))
    before = taken(other)
    batch = previewed(other, content)
    assert set(fates(other, batch)) == {"known"}
    assert {standing for _, _, standing in standings(other, batch)} == {Standing.SAME}
    with pytest.raises(ImportNotPossible, match="nothing to book"):
        booked(other, batch)
    after = taken(other)
    assert {**after, "exported_at": ""} == {**before, "exported_at": ""}


def test_what_somebody_wrote_here_stays_and_what_is_empty_is_filled() -> None:
    mine, other = written(), empty()
    document = taken(mine)
    booked(other, previewed(other, sent({**document, **{name: [] for name in BESIDE}})))
    note(other, "Mine")
    batch = previewed(other, sent(document))
    assert (PieceKind.NOTE, "AAPL", Standing.OTHER) in standings(other, batch)
    assert booked(other, batch).booked == 0
    again = taken(other)
    assert again["notes"] == [{"symbol": "AAPL", "text": "Mine"}, {"symbol": "HOUSE", "text": "The roof is new."}]
    assert again["targets"] == document["targets"]
    undone(other, batch)
    assert taken(other)["targets"] == document["targets"]


def test_a_note_that_was_written_since_the_preview_is_shown_first() -> None:
    mine, other = written(), empty()
    document = taken(mine)
    batch = previewed(other, sent(document))
    shown = imports.import_view(actor=other.owner, portfolio_id=other.portfolio_id, batch_id=batch)
    note(other, "Mine")
    booking = import_book(actor=other.owner, portfolio_id=other.portfolio_id, batch_id=batch, digest=shown.digest)
    assert (booking.booked, booking.changed) == (0, 1)
    assert taken(other)["transactions"] == []


def test_a_piece_that_cannot_be_costs_nothing_but_itself() -> None:
    other = empty()
    document = taken(written())
    document["notes"].append({"symbol": "NOWHERE", "text": "of something that nobody knows"})
    document["classifications"].append({"symbol": "AAPL", "country": "XX"})
    document["targets"].append({"dimension": "mood", "tolerance": "1", "parts": []})
    document["targets"].append({"dimension": "class", "tolerance": "NaN", "parts": []})
    document["prices"].append({"symbol": "AAPL", "day": "2012-01-02", "price": "5"})
    document["prices"].append({"symbol": "HOUSE", "day": "2032-01-02", "price": "5"})
    batch = previewed(other, sent(document))
    left = [what for _, what, standing in standings(other, batch) if standing is Standing.LEFT_OUT]
    assert left == ["NOWHERE", "AAPL", "mood", "class", "AAPL 2012-01-02", "HOUSE 2032-01-02"]
    booked(other, batch)
    assert len(taken(other)["prices"]) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"notes": [{"symbol": "AAPL"}]},
        {"notes": [{"symbol": "AAPL", "text": "a" * 4001}]},
        {"notes": [{"symbol": "AAPL", "text": "a\0"}]},
        {"notes": [{"symbol": "AAPL", "text": "a", "mood": "good"}]},
        {"notes": {"AAPL": "a"}},
        {"classifications": ["AAPL"]},
        {"prices": [{"symbol": "AAPL", "day": "yesterday", "price": "1"}]},
        {"prices": [{"symbol": "AAPL", "day": "2012-01-02", "price": "one"}]},
        {"files": [{"transaction": "r1", "name": "a.pdf", "sha256": "../../etc/passwd"}]},
    ],
)
def test_a_file_that_is_not_as_the_format_has_it_is_refused_whole(bad: dict[str, Any]) -> None:
    other = empty()
    with pytest.raises(StatementError, match="Expected"):
        previewed(other, sent({**taken(other), **bad}))
    assert imports.imports_waiting(actor=other.owner, portfolio_id=other.portfolio_id) == ()


def test_a_file_of_version_1_is_read_as_before() -> None:
    other = empty()
    document = {name: each for name, each in taken(written()).items() if name not in BESIDE} | {"version": 1}
    batch = previewed(other, sent(document | {"notes": []}))
    assert standings(other, batch) == []
    view = imports.import_view(actor=other.owner, portfolio_id=other.portfolio_id, batch_id=batch)
    assert view.notices == ("Members that are not read: notes.",)
    assert booked(other, batch).booked == 2


def test_a_version_to_come_is_refused() -> None:
    other = empty()
    with pytest.raises(StatementError, match=r"Expected version 2, was 3\. Update Tickfolio first\."):
        previewed(other, sent({**taken(other), "version": 3}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(
    text=TEXTS,
    said=st.tuples(TEXTS, TEXTS, st.sampled_from(["", "CH", "US"]), TEXTS),
    weights=st.tuples(PERCENTS, PERCENTS),
    prices=st.dictionaries(
        st.dates(date(1990, 1, 1), date(2012, 5, 1)), st.decimals("0.0001", "99999", places=4), max_size=5
    ),
)
def test_out_in_and_out_again_is_the_same_file(
    text: str,
    said: tuple[str, str, str, str],
    weights: tuple[Decimal, Decimal],
    prices: dict[date, Decimal],
) -> None:
    mine, other = invested(), empty()
    note(mine, text)
    classify(mine, "AAPL", Chosen(*said))
    aim(
        mine,
        Dimension.HOLDING,
        [Target(PartName(each), weight) for each, weight in zip(("AAPL", "HOUSE"), weights, strict=True)],
    )
    for day, number in prices.items():
        price(mine, day, f"{number:f}")
    document = taken(mine)
    booked(other, previewed(other, sent(document)))
    assert {**taken(other), "exported_at": ""} == {**document, "exported_at": ""}
