"""What a portfolio was worth just before something crossed its border: recorded as a fact when that is entered as it happens.

With the fact a return is cut there; without it the day rule holds, for ever. So nothing is recorded of files that are read in,
of what is entered later, and of moments at which not every row had a good price.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tickfolio.domain.explain.flow_records import FlowRecord, RecordedPrice
from tickfolio.domain.explain.nodes import Fact, FactKind
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import Transaction, TransactionId, TransactionType, TransferIn, TransferOut
from tickfolio.domain.market.quotes import Quality, Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.flow_values import (
    HeldThen,
    Place,
    PriceThen,
    crosses_the_border,
    held_before,
    place_of,
    value_of_held,
)
from tickfolio.domain.performance.twr import FlowValue
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.errors import ImpossibleLedger, NotFound
from tickfolio.persistence.kept_prices import KeptPrice, KeptRate, text_of_prices, text_of_rates
from tickfolio.persistence.models import FlowValuation
from tickfolio.persistence.selectors.flow_valuations import RecordedValue, recorded_values
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.ledgers import READER, Shelf, shelf_of
from tickfolio.services.market_time import market_now
from tickfolio.services.portfolio_changes import HeldPortfolio
from tickfolio.services.valuations import RecordedMarket, recorded_market
from tickfolio.words import marked_phrase, phrase

RATES_FROM = marked_phrase("European Central Bank")
LIVE_WITHIN = timedelta(minutes=5)
"""How far the moment of a flow may be from the market's for its prices to be those of the flow."""
GOOD = frozenset(Quality) - {Quality.STALE, Quality.UNPRICED}
_FLOWS = (
    TransactionType.DEPOSIT,
    TransactionType.WITHDRAWAL,
    TransactionType.TRANSFER_IN,
    TransactionType.TRANSFER_OUT,
)


# ---------- Recorded ----------


@dataclass(frozen=True, slots=True)
class FlowGround:
    """What there is to value a portfolio with just before a flow that is about to be entered.

    Attributes:
        head: the ledger's, of which `held` is.
        held: at the moment of the flow, without it.
    """

    head: int
    book: PortfolioBook
    held: HeldThen
    market: RecordedMarket

    def as_of(self, held: HeldPortfolio) -> FlowGround | None:
        """The same of the ledger that is being written in: where it has gone on meanwhile, what is in it is read again."""
        if held.row.head == self.head:
            return self
        return _ground(self.held.at, self.market, actor=held.actor, portfolio_id=held.access.portfolio_id)


def flow_ground(draft: TransactionDraft, *, actor: Actor, portfolio_id: str) -> FlowGround | None:
    """The ground of a flow as it was typed; None where it is none, or not of this moment of the market.

    Who may not see the portfolio gets none either: that is refused where the draft is booked.
    """
    if draft.type not in _FLOWS or draft.at is None or abs(draft.at - market_now()) > LIVE_WITHIN:
        return None
    return _ground(draft.at, recorded_market(), actor=actor, portfolio_id=portfolio_id)


def flow_valuation_record(held: HeldPortfolio, flow: Transaction, ground: FlowGround) -> bool:
    """Records what the portfolio was worth just before a flow that was booked just now; whether it did.

    It does where every row has a rate and a price that is not stale, what is transferred included.
    """
    if not crosses_the_border(flow) or flow.at != ground.held.at:
        return False
    book, market, before = ground.book, ground.market, ground.held
    moved = frozenset(symbols_of(flow))
    prices = {price.symbol: price for price in _prices(before.symbols | moved, market)}
    if not prices.keys() >= before.symbols | moved:
        return False
    currencies = before.currencies(book) | {market.instruments[symbol].currency for symbol in moved}
    rates = {rate.currency: rate for rate in _rates(currencies, book.base, at=flow.at)}
    value = value_of_held(before, book, price_of=_in_force(prices), rate_of=lambda each: _rate(rates.get(each)))
    if value is None or not rates.keys() >= currencies:
        return False
    FlowValuation(
        portfolio_id=held.row.pk,
        transaction_id=uuid.UUID(flow.id),
        ledger_sequence=flow.sequence,
        at=flow.at,
        market_at=market.at,
        value=value,
        base_currency=book.base.code,
        rows=before.rows,
        priced_rows=before.rows,
        quotes=text_of_prices(prices.values()),
        rates=text_of_rates(rates.values()),
        recorded_at=held.at,
    ).save()
    return True


def _ground(at: datetime, market: RecordedMarket, *, actor: Actor, portfolio_id: str) -> FlowGround | None:
    try:
        with shelf_of(actor=actor, portfolio_id=portfolio_id) as shelf:
            known = shelf.refresh()
            live = shelf.living()
            live.ledgers(rates=rate_table_now(), at=max(at, market.at))
            place: Place = at, known.head + 1
            held = held_before(known.book, (account.ledger for account in live.accounts()), [place])[place]
            return FlowGround(known.head, known.book, held, market.beside(known.book))
    except (NotFound, ImpossibleLedger):
        return None


def _prices(symbols: Iterable[Symbol], market: RecordedMarket) -> Iterable[KeptPrice]:
    """Of those that have a good one."""
    for symbol in symbols:
        quote, quality, in_force = market.quotes.get(symbol), market.quality(symbol), market.price_in_force(symbol)
        if quote is not None and in_force is not None and quality in GOOD:
            yield KeptPrice(symbol, in_force.price, in_force.at, quote.source, quote.source_time, quality)


def _rates(currencies: Iterable[Currency], base: Currency, *, at: datetime) -> Iterable[KeptRate]:
    """Of those that have one, other than the base currency itself, whose rate is 1 on the day of the flow."""
    table = rate_table_now()
    for currency in currencies:
        rate = table.rate_at(currency, base, at=at)
        if isinstance(rate, Unpriced):
            continue
        published = (table.published(each, at=at) for each in (currency, base) if each != table.pivot)
        days = [each.published_at.date() for each in published if not isinstance(each, Unpriced)]
        yield KeptRate(currency, rate.rate, at.date() if currency == base else max(days))


# ---------- Used ----------


type FlowValues = Mapping[TransactionId, FlowValue]


@dataclass(slots=True)
class _Kept:
    book: PortfolioBook
    recorded: tuple[RecordedValue, ...]
    reached: int = -1
    values: FlowValues = field(default_factory=dict)


def valued_flows(shelf: Shelf, book: PortfolioBook, *, at: datetime) -> Mapping[TransactionId, Decimal]:
    """The value just before each valued flow up to `at`; see `flow_values`."""
    return {transaction: value.before for transaction, value in flow_values(shelf, book, at=at).items()}


def flow_values(shelf: Shelf, book: PortfolioBook, *, at: datetime) -> FlowValues:
    """What is known of external flows up to `at`, to which the shelf's portfolio has been advanced; kept with the book.

    The values are those of the ledger as it is now: by the recorded prices and rates, so that they are the recorded ones as
    long as nothing before the flow was changed. A flow that was moved to another moment or deleted has none, and neither has
    one before which something is held now that no price was recorded of.
    """
    kept = shelf.flow_values if isinstance(shelf.flow_values, _Kept) else None
    if kept is None or kept.book is not book:
        kept = shelf.flow_values = _Kept(book, recorded_values(shelf.portfolio_id, actor=READER))
    reached = bisect_right(kept.recorded, at, key=lambda each: each.at)
    if reached != kept.reached:
        kept.values = _worked_out(shelf, book, kept.recorded[:reached]) if reached else {}
        kept.reached = reached
    return kept.values


def flow_records(
    portfolio_id: str, book: PortfolioBook, ledgers: Sequence[AccountLedger], *, at: datetime
) -> dict[TransactionId, FlowRecord]:
    """What the values of `flow_values` are made of, by the same records and the same ledger.

    Args:
        ledgers: of the accounts of `book` at `at` or later.
    """
    recorded = [each for each in recorded_values(portfolio_id, actor=READER) if each.at <= at]
    return {
        flow.id: FlowRecord(
            before,
            after,
            {each.symbol: _price_fact(each, book) for each in record.prices},
            {
                each.currency: _rate_fact(each, book)
                for held in (before, after)
                for each in _rates_of(held, book, record).values()
            },
        )
        for flow, record, before, after in _around(book, ledgers, recorded)
    }


def _price_fact(kept: KeptPrice, book: PortfolioBook) -> RecordedPrice:
    label, unit = (
        phrase("Price of {symbol}, as it was recorded", symbol=kept.symbol),
        book.instrument(kept.symbol).currency.code,
    )
    return RecordedPrice(Fact(FactKind.PRICE, label, kept.price, unit, kept.source_time, kept.source), kept.basis)


def _rate_fact(kept: KeptRate, book: PortfolioBook) -> Fact:
    label = phrase(
        "Rate of {currency} in {base}, as it was published on {day}",
        currency=kept.currency,
        base=book.base,
        day=kept.day,
    )
    return Fact(FactKind.RATE, label, kept.rate, f"{book.base}/{kept.currency}", source=RATES_FROM)


def _around(
    book: PortfolioBook, ledgers: Iterable[AccountLedger], recorded: Iterable[RecordedValue]
) -> Iterator[tuple[Transaction, RecordedValue, HeldThen, HeldThen]]:
    """Each flow that is still where it was recorded, and what was held before and after it."""
    by_id = {each.transaction_id: each for each in recorded}
    flows = [
        (each, by_id[each.id])
        for each in book.transactions
        if each.id in by_id and by_id[each.id].at == each.at and crosses_the_border(each)
    ]
    places = {place for flow, _ in flows for place in (place_of(flow), _behind(flow))}
    held = held_before(book, ledgers, places)
    for flow, record in flows:
        yield flow, record, held[place_of(flow)], held[_behind(flow)]


def _worked_out(shelf: Shelf, book: PortfolioBook, recorded: Iterable[RecordedValue]) -> FlowValues:
    ledgers = [account.ledger for account in shelf.living().accounts()]
    found = dict[TransactionId, FlowValue]()
    for flow, record, held_first, held_then in _around(book, ledgers, recorded):
        before, after = _value(held_first, book, record), _value(held_then, book, record)
        if before is not None and after is not None:
            found[flow.id] = FlowValue(before, after if isinstance(flow, (TransferIn, TransferOut)) else None)
    return found


def _behind(flow: Transaction) -> Place:
    return flow.at, flow.sequence + 1


def _value(held: HeldThen, book: PortfolioBook, record: RecordedValue) -> Decimal | None:
    prices, rates = {price.symbol: price for price in record.prices}, _rates_of(held, book, record)
    return value_of_held(held, book, price_of=_in_force(prices), rate_of=lambda each: _rate(rates.get(each)))


def _rates_of(held: HeldThen, book: PortfolioBook, record: RecordedValue) -> dict[Currency, KeptRate]:
    kept = {rate.currency: rate for rate in record.rates} if record.base == book.base else {}
    # A rate that nobody needed then was published all the same, and stays.
    needed = held.currencies(book) - kept.keys()
    return kept | {rate.currency: rate for rate in _rates(needed, book.base, at=record.at)}


def _in_force(prices: Mapping[Symbol, KeptPrice]) -> PriceThen:
    def price_of(symbol: Symbol) -> PriceInForce | None:
        kept = prices.get(symbol)
        return None if kept is None else PriceInForce(kept.price, kept.basis)

    return price_of


def _rate(kept: KeptRate | None) -> Decimal | None:
    return None if kept is None else kept.rate
