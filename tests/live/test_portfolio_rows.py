import msgspec

from tests.live.market import AAPL, OPEN, SetClock, engine, tick
from tests.live.portfolios import MINE, Library, book
from tickfolio.domain.market.quotes import Quote
from tickfolio.live.portfolio_figures import portfolio_row, portfolio_totals
from tickfolio.live.portfolio_rows import PortfolioRows
from tickfolio.live.wire.portfolio_messages import PortfolioRow, PortfolioTotals


def figures(price: str = "501.00") -> tuple[PortfolioTotals, dict[str, PortfolioRow]]:
    """Totals and the two rows of the usual portfolio."""
    clock = SetClock()
    library = Library(lambda: clock.market)
    library.keep(MINE, book())
    market = engine(clock, source=library)
    market.accept(tick(price))
    market.rows.refresh()
    loaded = library.read(MINE, None)
    assert loaded is not None
    valuation = loaded.live.value(
        quote_of=market.market.quote, quality_of=market.market.quality, rates=loaded.rates, at=clock.market
    )
    return portfolio_totals(valuation.totals), {
        row.key: portfolio_row(row, session="regular") for row in valuation.rows
    }


def keys() -> tuple[str, str]:
    _totals, rows = figures()
    holding, cash = rows
    return holding, cash


def shown(price: str = "501.00") -> PortfolioRows:
    totals, rows = figures(price)
    return PortfolioRows(totals, rows, ledger=2)


def quote(version: int) -> Quote:
    return Quote(
        symbol=AAPL,
        price=tick("501.00").price,
        previous_close=None,
        session_day=OPEN.date(),
        session=tick("501.00").session,
        source_time=OPEN.replace(second=version),
        received_time=OPEN,
        source="replay",
        version=version,
    )


def test_figures_that_are_the_same_as_before_are_no_news() -> None:
    rows = shown()
    totals, same = figures()
    rows.show(totals, same, gone=(), ledger=2)
    assert rows.version == 1
    assert not rows.has_news(since=1, totals_only=False)


def test_changed_row_is_told_by_its_changed_columns() -> None:
    rows, (holding, _cash) = shown(), keys()
    totals, changed = figures("502.00")
    rows.show(totals, changed, gone=(), ledger=2)
    (fragment,) = rows.changed_fragments(since=1)
    assert fragment.startswith(f'"{holding}":{{"price":"502.00"'.encode())
    assert b'"quantity"' not in fragment
    assert rows.added_fragments(since=1) == []


def test_row_that_comes_is_told_whole_to_those_who_did_not_have_it_and_by_columns_to_the_others() -> None:
    rows, (holding, cash) = shown(), keys()
    totals, all_rows = figures()
    rows.show(totals, {}, gone=[cash], ledger=3)
    rows.show(totals, {cash: all_rows[cash]}, gone=(), ledger=4)
    assert (rows.removed_keys(since=1), len(rows.added_fragments(since=1))) == ([], 1)
    assert (rows.removed_keys(since=3), rows.added_fragments(since=3)) == ([], [])
    assert list(rows.rows()) == [holding, cash]


def test_row_that_is_gone_is_told_to_those_who_had_it_until_everybody_knows() -> None:
    rows, (_holding, cash) = shown(), keys()
    totals, _all = figures()
    rows.show(totals, {}, gone=[cash], ledger=3)
    assert (rows.removed_keys(since=1), rows.removed_keys(since=2)) == ([cash], [])
    rows.forget_removed(before=1)
    assert rows.removed_keys(since=1) == [cash]
    rows.forget_removed(before=2)
    assert rows.removed_keys(since=1) == []


def test_ledger_that_went_on_is_news_although_no_figure_changed() -> None:
    rows = shown()
    totals, same = figures()
    rows.show(totals, same, gone=(), ledger=3)
    assert (rows.version, rows.ledger) == (2, 3)
    assert rows.has_news(since=1, totals_only=True)
    assert rows.totals_delta_fragment(since=1) == b"{}"


def test_changed_row_without_changed_totals_is_no_news_to_pages_of_totals() -> None:
    rows, (holding, _cash) = shown(), keys()
    totals, all_rows = figures()
    renamed = {holding: portfolio_row_renamed(all_rows[holding])}
    rows.show(totals, renamed, gone=(), ledger=2)
    assert rows.has_news(since=1, totals_only=False)
    assert not rows.has_news(since=1, totals_only=True)


def portfolio_row_renamed(row: PortfolioRow) -> PortfolioRow:
    return msgspec.structs.replace(row, account_name="Another")


def test_stamps_are_of_the_newest_quote_since_what_is_held() -> None:
    rows = shown()
    assert rows.stamps(sent_at="now").source is None
    rows.note_quotes([quote(3), quote(5), quote(4)])
    assert rows.stamps(sent_at="now").source == "2012-05-21T13:30:05.000Z"
    assert rows.stamps(sent_at="now", since=1).source is None
    rows.note_quotes([quote(2)])
    assert rows.stamps(sent_at="now").source == "2012-05-21T13:30:05.000Z"
