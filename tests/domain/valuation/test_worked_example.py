"""The example of docs/explanation/how-a-portfolio-is-valued.md, worked out by the product."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.domain.ledger.bookings import AAPL, buy, deposit, dividend, exchange, fee, sell
from tests.domain.valuation.market import NOON, RATES, book, calendar_of, fresh, quote, row_of
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Day, Row, Worth

PAGE = (Path(__file__).parents[3] / "docs/explanation/how-a-portfolio-is-valued.md").read_text(encoding="utf-8")
DUE = dividend("2012-06-09", "10 USD", tax="1.50", ex="2012-05-21 04:00")
PORTFOLIO = LivePortfolio(
    book(
        deposit("2012-05-14", "2000 EUR"),
        exchange("2012-05-15", "1600 EUR", "1980 USD"),
        buy("2012-05-16", "10", "990 USD", fees="10"),
        DUE,
        fee("2012-05-21 09:00", "4.50 EUR"),
        sell("2012-05-21 15:00", "4", "450 USD", fees="10"),
    ),
    calendar_of=calendar_of,
)
QUOTES = {AAPL: quote("110", "100")}
SHOWN = PORTFOLIO.value(quote_of=QUOTES.get, quality_of=fresh, rates=RATES, at=NOON)


def worth_and_day(row: Row) -> tuple[Worth, Day]:
    assert isinstance(row.worth, Worth)
    assert isinstance(row.worth.day, Day)
    return row.worth, row.worth.day


def row_line(name: str, row: Row) -> str:
    worth, day = worth_and_day(row)
    figures = [row.cost, worth.unrealized]
    shown = [str(figure) if isinstance(figure, Decimal) else "–" for figure in figures]
    return f"| {name} | {row.quantity} | {worth.value} | {shown[0]} | {shown[1]} | {day.total} |"


def test_the_page_shows_the_rows_and_the_totals() -> None:
    totals = SHOWN.totals
    lines = [
        row_line("share", row_of(SHOWN, "h:broker:AAPL")),
        row_line("cash in EUR", row_of(SHOWN, "c:broker:EUR")),
        row_line("cash in USD", row_of(SHOWN, "c:broker:USD")),
        row_line("dividend that is due", row_of(SHOWN, f"r:broker:{DUE.id}")),
        f"| total | | {totals.value} | {totals.cost} | {totals.unrealized} | {totals.day} |",
    ]
    assert len(SHOWN.rows) == 4
    assert [line for line in lines if line not in PAGE] == []


def test_the_page_shows_the_day_by_its_causes() -> None:
    _, day = worth_and_day(row_of(SHOWN, "h:broker:AAPL"))
    lines = [
        f"| price | {day.price} |",
        f"| income | {day.income} |",
        f"| trading | {day.trading} |",
        f"| taxes | {day.taxes} |",
        f"| currency | {day.currency} |",
        f"| day | {day.total} |",
    ]
    assert [line for line in lines if line not in PAGE] == []


def test_the_page_shows_the_percentage_of_the_day() -> None:
    assert f"is {SHOWN.totals.day_percent} %: {SHOWN.totals.day} of the {SHOWN.totals.day_opening:,.0f} " in PAGE


def test_the_page_shows_where_all_gains_come_from() -> None:
    gains = PORTFOLIO.gains(quote_of=QUOTES.get, rates=RATES, at=NOON)
    assert isinstance(gains, Gains)
    parts = {
        "realized": gains.realized,
        "unrealized": gains.unrealized,
        "income": gains.income,
        "taxes": -gains.taxes,
        "fees": -gains.fees,
        "currency result on cash": gains.cash_currency,
        "all": gains.total,
    }
    lines = [f"| {name} | {amount:.2f} |" for name, amount in parts.items()]
    assert [line for line in lines if line not in PAGE] == []
    assert gains.total == Decimal("275.15")
