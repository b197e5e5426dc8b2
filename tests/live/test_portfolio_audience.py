from tests.live.portfolios import MINE, SCOPE
from tests.live.test_portfolio_rows import figures, shown
from tickfolio.live.portfolio_audience import PortfolioAudience, unavailable
from tickfolio.live.portfolio_rows import PortfolioRows
from tickfolio.live.wire.codec import decode_server, encode
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import Error
from tickfolio.live.wire.portfolio_messages import PortfolioDelta, PortfolioSnapshot


def audience(rows: PortfolioRows, *, totals_only: bool = False) -> PortfolioAudience:
    made = PortfolioAudience(SCOPE, epoch="e1", is_hidden=False, totals_only=totals_only)
    made.stand_at(rows.version)
    return made


def delta_in(frame: Frame | None) -> PortfolioDelta:
    assert frame is not None
    message = decode_server(frame.payload)
    assert isinstance(message, PortfolioDelta)
    return message


def test_frames_are_the_same_bytes_as_encoding_the_whole_message() -> None:
    rows = shown()
    both = audience(rows), audience(rows, totals_only=True)
    for one in both:
        payload = one.snapshot(rows, sent_at="now", request_id=7).payload
        assert encode(decode_server(payload)) == payload
    rows.show(*figures("502.00"), gone=(), ledger=3)
    for one in both:
        frame = one.delta(rows, sent_at="now")
        assert frame is not None
        assert encode(decode_server(frame.payload)) == frame.payload


def test_sequence_counts_frames_without_gaps_and_stands_still_without_news() -> None:
    rows = shown()
    one = audience(rows)
    for number, price in enumerate(["502.00", "503.00"], start=1):
        rows.show(*figures(price), gone=(), ledger=2)
        assert delta_in(one.delta(rows, sent_at="now")).sequence == number
        assert one.delta(rows, sent_at="now") is None
    assert (one.position.epoch, one.position.sequence) == ("e1", 2)


def test_page_of_totals_is_told_no_rows() -> None:
    rows = shown()
    one = audience(rows, totals_only=True)
    _totals, all_rows = figures()
    rows.show(figures("502.00")[0], figures("502.00")[1], gone=(), ledger=2)
    rows.show(rows.totals, {}, gone=list(all_rows)[:1], ledger=3)
    told = delta_in(one.delta(rows, sent_at="now"))
    assert (told.rows, told.added, told.removed, told.ledger) == ({}, {}, [], 3)
    snapshot = decode_server(one.snapshot(rows, sent_at="now", request_id=None).payload)
    assert isinstance(snapshot, PortfolioSnapshot)
    assert snapshot.rows == {}


def test_frame_that_joins_several_beats_holds_absolute_values() -> None:
    rows = shown()
    slow = audience(rows)
    for price in ("502.00", "503.00"):
        rows.show(*figures(price), gone=(), ledger=2)
    told = delta_in(slow.delta(rows, sent_at="now"))
    assert [row.price for row in told.rows.values()] == ["503.00"]
    assert told.totals.value == rows.totals.value


def test_new_epoch_begins_at_zero() -> None:
    rows = shown()
    one = audience(rows)
    rows.show(*figures("502.00"), gone=(), ledger=2)
    one.delta(rows, sent_at="now")
    one.begin_epoch("e2")
    assert (one.position.epoch, one.position.sequence) == ("e2", 0)


def test_what_cannot_be_read_is_said_with_its_scope_and_the_request() -> None:
    message = decode_server(unavailable(MINE, 7).payload)
    assert isinstance(message, Error)
    assert (message.code, message.id, message.scope) == ("portfolio_unavailable", 7, SCOPE)
