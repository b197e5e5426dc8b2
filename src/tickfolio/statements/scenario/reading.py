"""The scenario format: a small portfolio with questions, read into domain values.

**Source**: docs/reference/scenario-format.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tickfolio.domain.corporate_actions import ActionFact, instruments_of
from tickfolio.domain.instruments import UNKNOWN_MIC, Instrument, InstrumentClass, Symbol, normalise_symbol
from tickfolio.domain.ledger.options import AccountOptions, ActionRule, CashMethod, CostMethod
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Deposit,
    Transaction,
    TransactionId,
    TransferIn,
    TransferOut,
    Withdrawal,
)
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency, ExchangeRate, parse_decimal
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, DayCount, HoldingPeriods
from tickfolio.errors import StatementError, TickfolioError
from tickfolio.statements.scenario.actions import corporate_action
from tickfolio.statements.scenario.document import GivenFile, GivenRate, GivenScenario
from tickfolio.statements.scenario.questions import GivenQuestion
from tickfolio.statements.scenario.trades import PlainBuy, PlainScenario, PlainSell, TradeReader
from tickfolio.statements.scenario.transactions import Surroundings, moment, transaction_from
from tickfolio.words import phrase

MAX_BYTES = 10 * 2**20


class InvalidScenario(StatementError):
    """A scenario that cannot be read; the message says where and what was expected."""

    code = "invalid_scenario"


@dataclass(frozen=True, slots=True)
class PricePoint:
    """What a unit cost from `at` until the next one."""

    at: datetime
    price: Decimal


class PairRates:
    """Exchange rates as a scenario states them, pair by pair; an inverse or a cross rate through the base is rounded once."""

    def __init__(self, base: Currency, pairs: Mapping[tuple[Currency, Currency], Sequence[PricePoint]]) -> None:
        self._base = base
        self._pairs = pairs

    def rate_at(self, base: Currency, quote: Currency, *, at: datetime) -> ExchangeRate | Unpriced:
        """How many units of `quote` one unit of `base` costs by the rates in force at `at`."""
        if base == quote:
            return ExchangeRate(base, quote, Decimal(1))
        found = self._direct(base, quote, at)
        if found is not None:
            return found
        first, second = self._direct(base, self._base, at), self._direct(self._base, quote, at)
        if first is None or second is None:
            return Unpriced(
                phrase(
                    "no exchange rate from {base} to {quote} is given by {at:%Y-%m-%d}", base=base, quote=quote, at=at
                )
            )
        return first.crossed(second)

    def _direct(self, base: Currency, quote: Currency, at: datetime) -> ExchangeRate | None:
        stated = in_force(self._pairs.get((base, quote), ()), at)
        if stated is not None:
            return ExchangeRate(base, quote, stated.price)
        inverse = in_force(self._pairs.get((quote, base), ()), at)
        return None if inverse is None else ExchangeRate(quote, base, inverse.price).inverted()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        at: as of when; None: after everything.
        since: a span begins with this moment.
        benchmark: what a figure is measured against.
        risk_free: what is earned a year without risk, as a fraction.
        expected: None where the figure must not be available.
    """

    id: str
    figure: str
    at: datetime | None
    since: datetime | None
    account: AccountId | None
    symbol: Symbol | None
    currency: Currency | None
    transaction: TransactionId | None
    in_instrument: bool
    benchmark: Symbol | None
    risk_free: Decimal
    expected: Decimal | None
    tolerance: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A small portfolio with its market, and questions about it.

    Attributes:
        flow_valuations: the value of the portfolio just before a flow, in the base currency, where it was recorded.
    """

    title: str
    base: Currency
    zone: ZoneInfo
    accounts: tuple[AccountFacts, ...]
    instruments: Mapping[Symbol, Instrument]
    transactions: tuple[Transaction, ...]
    actions: tuple[ActionFact, ...]
    prices: Mapping[Symbol, Sequence[PricePoint]]
    rates: PairRates
    flow_valuations: Mapping[TransactionId, Decimal]
    questions: tuple[Question, ...]
    periods: HoldingPeriods = DEFAULT_PERIODS

    @property
    def end(self) -> datetime:
        """After everything that the scenario tells."""
        moments = [each.at for each in self.transactions]
        moments += [point.at for points in self.prices.values() for point in points]
        return max(moments, default=datetime(1970, 1, 1, tzinfo=UTC)) + timedelta(days=1)


def read_scenario(content: bytes) -> Scenario:
    """The scenario that a file holds.

    Raises:
        InvalidScenario: it does not follow the format, or tells what cannot be.
    """
    if len(content) > MAX_BYTES:
        raise InvalidScenario(
            phrase(
                "Expected a scenario of at most {value} MiB, was {content:,} bytes.",
                value=MAX_BYTES // 2**20,
                content=len(content),
            )
        )
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, TickfolioError):
        return _scenario(msgspec.json.decode(content, type=PlainScenario))
    # Something is wrong with it: the careful way says what and where.
    try:
        given = msgspec.json.decode(content, type=GivenScenario)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidScenario(
            phrase("Expected a scenario as docs/reference/scenario-format.md says: {error}.", error=error)
        ) from error
    try:
        return _scenario(given)
    except InvalidScenario:
        raise
    except TickfolioError as error:
        raise InvalidScenario(str(error)) from error


def in_force(points: Sequence[PricePoint], at: datetime) -> PricePoint | None:
    """The last of `points`, which are in order, that was there by `at`."""
    found = None
    for point in points:
        if point.at > at:
            break
        found = point
    return found


def _scenario(given: GivenScenario | PlainScenario) -> Scenario:
    base = Currency(given.base_currency)
    instruments = _instruments(given)
    accounts = tuple(
        AccountFacts(
            AccountId(each.id),
            each.id,
            AccountOptions(
                method=CostMethod(each.method),
                cash_method=CashMethod(each.cash_method),
                fees_in_cost=each.fees_in_cost,
                allows_shorts=each.allows_shorts,
                actions=ActionRule(each.actions),
            ),
        )
        for each in given.accounts
    )
    _require_distinct("account", [each.id for each in given.accounts])
    _require_distinct("transaction", [each.id for each in given.transactions])
    _require_distinct("question", [each.id for each in given.questions])
    around = Surroundings(base=base, accounts=tuple(facts.id for facts in accounts), instruments=instruments)
    trades = TradeReader(around)
    transactions = tuple(
        trades.read(each, sequence)
        if isinstance(each, (PlainBuy, PlainSell))
        else transaction_from(each, sequence, around)
        for sequence, each in enumerate(given.transactions, start=1)
    )
    sources = {each.id for each in given.sources}
    return Scenario(
        title=given.title,
        base=base,
        zone=_zone(given.time_zone),
        accounts=accounts,
        instruments=instruments,
        transactions=transactions,
        actions=_actions(given, instruments),
        prices=_prices(given, instruments),
        rates=PairRates(base, _pairs(given.rates)),
        flow_valuations=_flow_valuations(given, transactions),
        questions=tuple(_question(each, sources, instruments) for each in given.questions),
        periods=HoldingPeriods(DayCount(given.day_count), int(given.long_term_months)),
    )


def _actions(given: GivenScenario | PlainScenario, instruments: Mapping[Symbol, Instrument]) -> tuple[ActionFact, ...]:
    found = []
    for number, each in enumerate(given.corporate_actions, start=1):
        instrument = instruments.get(normalise_symbol(each.symbol))
        try:
            action = corporate_action(each, currency=None if instrument is None else instrument.currency)
        except TickfolioError as error:
            raise InvalidScenario(
                phrase("Corporate action {number}, {symbol}: {error}", number=number, symbol=each.symbol, error=error)
            ) from error
        for symbol in instruments_of(action):
            if symbol not in instruments:
                raise InvalidScenario(
                    phrase(
                        "Corporate action {number}: expected an instrument of the scenario, was {symbol}.",
                        number=number,
                        symbol=symbol,
                    )
                )
        found.append(ActionFact(number, action))
    return tuple(found)


def _instruments(given: GivenFile) -> dict[Symbol, Instrument]:
    found: dict[Symbol, Instrument] = {}
    for each in given.instruments:
        symbol = normalise_symbol(each.symbol)
        found[symbol] = Instrument(
            symbol=symbol,
            name=each.name or each.symbol,
            mic=UNKNOWN_MIC,
            currency=Currency(each.currency),
            instrument_class=InstrumentClass(each.instrument_class),
            contract_size=parse_decimal(each.contract_size),
            quote_unit=parse_decimal(each.quote_unit),
        )
    return found


def _prices(given: GivenFile, instruments: Mapping[Symbol, Instrument]) -> dict[Symbol, list[PricePoint]]:
    prices: dict[Symbol, list[PricePoint]] = {}
    for each in given.prices:
        symbol = normalise_symbol(each.symbol)
        if symbol not in instruments:
            raise InvalidScenario(
                phrase("Expected a price of an instrument of the scenario, was one of {symbol}.", symbol=each.symbol)
            )
        prices.setdefault(symbol, []).append(PricePoint(moment(each.at), parse_decimal(each.price)))
    return {symbol: sorted(points, key=lambda point: point.at) for symbol, points in prices.items()}


def _pairs(rates: Sequence[GivenRate]) -> dict[tuple[Currency, Currency], list[PricePoint]]:
    pairs: dict[tuple[Currency, Currency], list[PricePoint]] = {}
    for each in rates:
        key = Currency(each.from_currency), Currency(each.to_currency)
        pairs.setdefault(key, []).append(PricePoint(moment(each.at), parse_decimal(each.rate)))
    return {key: sorted(points, key=lambda point: point.at) for key, points in pairs.items()}


def _question(given: GivenQuestion, sources: set[str], instruments: Mapping[Symbol, Instrument]) -> Question:
    if given.source and given.source not in sources:
        raise InvalidScenario(
            phrase(
                "Expected the id of a source of the scenario in {id}, was {source}.",
                id=given.id,
                source=repr(given.source),
            )
        )
    return Question(
        id=given.id,
        figure=given.figure,
        at=last_moment(given.at) if given.at else None,
        since=moment(given.since) if given.since else None,
        account=AccountId(given.account) if given.account else None,
        symbol=normalise_symbol(given.symbol) if given.symbol else None,
        currency=Currency(given.currency) if given.currency else None,
        transaction=TransactionId(given.transaction) if given.transaction else None,
        in_instrument=given.unit == "instrument",
        benchmark=_benchmark(given, instruments),
        risk_free=_risk_free(given),
        expected=None if given.expected is None else parse_decimal(given.expected, places=30),
        tolerance=parse_decimal(given.tolerance, places=30),
        source=given.source,
    )


def _benchmark(given: GivenQuestion, instruments: Mapping[Symbol, Instrument]) -> Symbol | None:
    if not given.benchmark:
        return None
    symbol = normalise_symbol(given.benchmark)
    if symbol not in instruments:
        raise InvalidScenario(
            phrase(
                "Expected an instrument of the scenario as benchmark of {id}, was {benchmark}.",
                id=given.id,
                benchmark=given.benchmark,
            )
        )
    return symbol


def _risk_free(given: GivenQuestion) -> Decimal:
    rate = parse_decimal(given.risk_free)
    if rate <= -1:
        raise InvalidScenario(
            phrase(
                "Expected a risk-free rate above −1 in {id}, was {risk_free}.", id=given.id, risk_free=given.risk_free
            )
        )
    return rate


def _flow_valuations(given: GivenFile, transactions: Sequence[Transaction]) -> dict[TransactionId, Decimal]:
    flows = {each.id for each in transactions if isinstance(each, (Deposit, Withdrawal, TransferIn, TransferOut))}
    _require_distinct(phrase("flow valuation"), [each.transaction for each in given.flow_valuations])
    found: dict[TransactionId, Decimal] = {}
    for each in given.flow_valuations:
        transaction = TransactionId(each.transaction)
        if transaction not in flows:
            raise InvalidScenario(
                phrase(
                    "Expected a valuation before a deposit, a withdrawal or a transfer of the scenario, was {transaction}.",
                    transaction=repr(transaction),
                )
            )
        found[transaction] = parse_decimal(each.value)
    return found


def last_moment(text: str) -> datetime:
    """A time in UTC, or the last moment of a day."""
    at = moment(text)
    return at if "T" in text else datetime.combine(at.date(), time.max, tzinfo=UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidScenario(
            phrase("Expected a time zone such as Europe/Berlin, was {name}.", name=repr(name))
        ) from error


def _require_distinct(what: str, ids: Sequence[str]) -> None:
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise InvalidScenario(
                phrase("Expected each {what} to have an id of its own, was {found} twice.", what=what, found=repr(each))
            )
        seen.add(each)
