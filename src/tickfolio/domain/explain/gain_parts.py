"""What of a gain the price gave, and what the exchange rates: of closed lots, of what is held, and of cash.

**Source**: docs/reference/definitions.md, sections Gains, and Gains report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from tickfolio.domain.explain.closed import (
    closed_lot,
    closed_lots,
    lot_cost,
    lot_gain,
    lot_name,
    lot_proceeds,
    nothing,
    realized,
    realized_cost,
    realized_proceeds,
    wanted_name,
)
from tickfolio.domain.explain.considerations import consideration_node, signed_node, stated_node
from tickfolio.domain.explain.costs import row_unrealized, unrealized_of_rows
from tickfolio.domain.explain.definitions import GAINS, GAINS_REPORT
from tickfolio.domain.explain.facts import rate_node, transaction_fact
from tickfolio.domain.explain.nodes import Explained, Input, Node, one, several, unexplained
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import row_name, row_value
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.lots import ClosedLot
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.valuation.day_change import exact_sum, rate_of_sale
from tickfolio.domain.valuation.gain_rows import BaseGain, base_gain
from tickfolio.domain.valuation.gains import cost_at_rates_now, relief_result
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.valuation import Row, Worth
from tickfolio.domain.valuation.year_sums import CashPast, cash_past
from tickfolio.errors import MissingRate
from tickfolio.words import marked_phrase, phrase

ZERO = Decimal(0)
_CURRENCY_WORDS = marked_phrase("What is left of the gain after its price part.")


# ---------- Of closed lots ----------


def realized_price(standing: Standing, wanted: Wanted) -> Explained:
    """What the closed lots would have gained had no exchange rate changed."""
    known, left_out = closed_lots(standing, wanted)
    name, base = wanted_name(phrase("Price part of the realized gain"), wanted), standing.book.base.code
    prices = [gain.price for _, _, gain in known]
    lacking = next((price for price in prices if isinstance(price, NotAvailable)), None)
    if lacking is not None:
        return unexplained(name, lacking, base, GAINS_REPORT)
    return Explained(
        name,
        exact_sum((nothing(standing), *(price for price in prices if isinstance(price, Decimal)))),
        base,
        "Σ(lots)",
        phrase("The sum of the price parts of the closed lots."),
        GAINS_REPORT,
        lambda: [several("lots", [lot_price(standing, *each) for each in known])],
        left_out,
        is_gain=True,
    )


def realized_currency(standing: Standing, wanted: Wanted) -> Explained:
    """What the exchange rates gave to the gain of the closed lots."""
    name = wanted_name(phrase("Currency part of the realized gain"), wanted)
    return _currency(name, realized(standing, wanted), realized_price(standing, wanted))


def _currency(name: str, gain: Explained, price: Explained) -> Explained:
    lacking = next((each.value for each in (gain, price) if isinstance(each.value, NotAvailable)), None)
    if lacking is not None:
        return unexplained(name, lacking, gain.unit, gain.definition)
    assert isinstance(gain.value, Decimal)
    assert isinstance(price.value, Decimal)
    return Explained(
        name,
        EXACT.subtract(gain.value, price.value),
        gain.unit,
        "gain − price",
        _CURRENCY_WORDS,
        gain.definition,
        lambda: [one("gain", gain), one("price", price)],
        gain.notes,
        is_gain=True,
    )


def lot_price(standing: Standing, symbol: Symbol, lot: ClosedLot, gain: BaseGain) -> Explained:
    """What a closed lot would have gained had no exchange rate changed."""
    base, name = standing.book.base, phrase("Price part of {lot_name}", lot_name=lot_name(standing, symbol, lot))
    if isinstance(gain.price, NotAvailable):
        return unexplained(name, gain.price, base.code, GAINS_REPORT)
    if lot.cost.stated.currency == base == lot.proceeds.stated.currency:
        words = phrase("All was paid in the base currency, so all of the gain is the price's.")
        return Explained(
            name,
            gain.price,
            base.code,
            "gain",
            words,
            GAINS_REPORT,
            lambda: [one("gain", lot_gain(standing, symbol, lot, gain))],
            is_gain=True,
        )
    end, end_inputs = _at_the_end(standing, lot, lot.ended, lot.closed_by, "end")
    start, start_inputs = _at_the_end(standing, lot, lot.opened, lot.opened_by, "start")
    later, earlier = (start, end) if lot.is_short else (end, start)
    inputs = {each.symbol: each for each in (*end_inputs, *start_inputs)}
    return Explained(
        name,
        gain.price,
        base.code,
        f"round({later} − {earlier}, {standing.places})",
        phrase("What was received less what was paid, both at the rate at which the lot was closed."),
        GAINS_REPORT,
        inputs.values,
        is_gain=True,
    )


def lot_currency(standing: Standing, symbol: Symbol, lot: ClosedLot, gain: BaseGain) -> Explained:
    """What the exchange rates gave to its gain."""
    name = phrase("Currency part of {lot_name}", lot_name=lot_name(standing, symbol, lot))
    return _currency(name, lot_gain(standing, symbol, lot, gain), lot_price(standing, symbol, lot, gain))


_OF_A_LOT: Mapping[str, Callable[[Standing, Symbol, ClosedLot, BaseGain], Explained]] = {
    "realized": lot_gain,
    "realized-cost": lot_cost,
    "realized-proceeds": lot_proceeds,
    "realized-price": lot_price,
    "realized-currency": lot_currency,
}
_OF_LOTS: Mapping[str, Callable[[Standing, Wanted], Explained]] = {
    "realized": realized,
    "realized-cost": realized_cost,
    "realized-proceeds": realized_proceeds,
    "realized-price": realized_price,
    "realized-currency": realized_currency,
}
REALIZED = tuple(_OF_LOTS)


def realized_figure(standing: Standing, figure: str, wanted: Wanted) -> Explained:
    """A figure of closed lots.

    Args:
        figure: one of `REALIZED`.
    """
    return _OF_LOTS[figure](standing, wanted)


def lot_figure(standing: Standing, figure: str, key: str) -> Explained | None:
    """The same figure of one lot; None where there is no such lot."""
    found = closed_lot(standing, key)
    if found is None:
        return None
    symbol, lot = found
    gain = base_gain(lot, standing.facts)
    if isinstance(gain, NotAvailable):
        return unexplained(lot_name(standing, symbol, lot), gain, standing.book.base.code, GAINS_REPORT)
    return _OF_A_LOT[figure](standing, symbol, lot, gain)


def _at_the_end(
    standing: Standing, lot: ClosedLot, given: Consideration, transaction: TransactionId, symbol: str
) -> tuple[str, list[Input]]:
    """What was given or received, in its own currency, at the rate at which the lot was closed."""
    currency = given.stated.currency
    amount = one(symbol, stated_node(standing, given, transaction, name=symbol.capitalize()))
    if currency == standing.book.base:
        return symbol, [amount]
    rate = phrase("{currency} rate", currency=currency)
    return f"{symbol} × {rate}", [amount, one(rate, _closing_rate(standing, lot, currency))]


def _closing_rate(standing: Standing, lot: ClosedLot, currency: Currency) -> Node:
    """The rate of the trade that closed it, as it was really paid where that is stated; otherwise the published one."""
    base, ended = standing.book.base, lot.ended
    paid_in, rate = ended.settled, ended.rate
    if currency != ended.stated.currency or paid_in is None or rate is None:
        return rate_node(standing.sources, currency, base, lot.closed_at)
    fact = transaction_fact(
        standing, lot.closed_by, rate, f"{paid_in.currency}/{currency}", of=phrase("rate really paid")
    )
    if paid_in.currency == base:
        return fact
    return Explained(
        fact.name,
        rate_of_sale(lot, currency, standing.facts),
        f"{base}/{currency}",
        "paid × rate",
        phrase("The rate really paid, and the one of {currency} in force then.", currency=paid_in.currency),
        GAINS,
        lambda: [one("paid", fact), one("rate", rate_node(standing.sources, paid_in.currency, base, ended.at))],
    )


# ---------- Of what is held ----------


def row_unrealized_price(standing: Standing, row: Row) -> Explained:
    """What a holding gained in the currency of its purchases, at the rate in force."""
    return standing.once(("unrealized", "price", row.key), lambda: _row_price(standing, row))


def _row_price(standing: Standing, row: Row) -> Explained:
    name, unit = (
        phrase("Price part of the unrealized gain of {row_name}", row_name=row_name(row)),
        standing.book.base.code,
    )
    gained = row_unrealized(standing, row).value
    if isinstance(gained, NotAvailable):
        return unexplained(name, gained, unit, GAINS)
    now = _cost_now(standing, row)
    if isinstance(now.value, NotAvailable):
        return unexplained(name, now.value, unit, GAINS)
    assert isinstance(row.worth, Worth)
    assert isinstance(now.value, Decimal)
    return Explained(
        name,
        EXACT.subtract(row.worth.value, now.value),
        unit,
        "value − cost",
        phrase("What it is worth, less what it cost at the rates in force now."),
        GAINS,
        lambda: [one("value", row_value(standing, row)), one("cost", now)],
        is_gain=True,
    )


def row_unrealized_currency(standing: Standing, row: Row) -> Explained:
    """What the cost of a holding gained by the exchange rates."""
    name = phrase("Currency part of the unrealized gain of {row_name}", row_name=row_name(row))
    return _currency(name, row_unrealized(standing, row), row_unrealized_price(standing, row))


def _cost_now(standing: Standing, row: Row) -> Explained:
    name, base = phrase("Cost of {row_name} at the rates now", row_name=row_name(row)), standing.book.base.code
    assert row.symbol is not None
    position = standing.position(row.account, row.symbol)
    try:
        cost = rounded(cost_at_rates_now(position, standing.rates), places=standing.places)
    except MissingRate as missing:
        return unexplained(name, NotAvailable(str(missing)), base, GAINS)

    def lots() -> list[Node]:
        opened = [lot.transaction for lot in position.lots]
        return [
            signed_node(_at_rate_now(standing, given, transaction), position.quantity)
            for given, transaction in zip(position.costs(), opened, strict=False)
        ]

    return Explained(
        name,
        cost,
        base,
        f"round(Σ(lots), {standing.places})",
        phrase("What the open lots cost in their own currencies, at the rates in force now."),
        GAINS,
        lambda: [several("lots", lots())],
    )


def _at_rate_now(standing: Standing, given: Consideration, transaction: TransactionId) -> Node:
    base, currency = standing.book.base, given.stated.currency
    stated = stated_node(standing, given, transaction, name="Cost")
    if currency == base:
        return stated
    return Explained(
        stated.name,
        EXACT.multiply(given.stated.amount, standing.rates.rate(currency)),
        base.code,
        "amount × rate",
        phrase("At the rate in force now."),
        GAINS,
        lambda: [one("amount", stated), one("rate", rate_node(standing.sources, currency, base, standing.at))],
    )


def unrealized_price_of_rows(standing: Standing, rows: Iterable[Row], *, name: str) -> Explained:
    """What the holdings among some rows gained by their prices."""
    known = [row for row in rows if isinstance(row_unrealized(standing, row).value, Decimal)]
    nodes = [row_unrealized_price(standing, row) for row in known]
    title, base = phrase("Price part of the unrealized gain of {name}", name=name), standing.book.base.code
    lacking = next((node.value for node in nodes if isinstance(node.value, NotAvailable)), None)
    if lacking is not None:
        return unexplained(title, lacking, base, GAINS)
    return Explained(
        title,
        exact_sum((nothing(standing), *(node.value for node in nodes if isinstance(node.value, Decimal)))),
        base,
        "Σ(rows)",
        phrase("The sum of the holdings whose value and cost are known."),
        GAINS,
        lambda: [several("rows", nodes)],
        is_gain=True,
    )


def unrealized_currency_of_rows(standing: Standing, rows: Iterable[Row], *, name: str) -> Explained:
    """What their costs gained by the exchange rates."""
    chosen = list(rows)
    return _currency(
        phrase("Currency part of the unrealized gain of {name}", name=name),
        unrealized_of_rows(standing, chosen, name=name),
        unrealized_price_of_rows(standing, chosen, name=name),
    )


# ---------- Of cash ----------


def cash_currency(standing: Standing, wanted: Wanted) -> Explained:
    """What foreign cash that went out brought more than it had come in for."""
    name, base = wanted_name(phrase("Currency result on cash that went out"), wanted), standing.book.base
    if wanted.symbol is not None:
        return unexplained(
            name, NotAvailable(phrase("cash is of an account and of no instrument")), base.code, GAINS_REPORT
        )
    known: list[tuple[CashPast, Decimal]] = []
    missing: list[str] = []
    for past in cash_past([(each.facts, each.ledger) for each in standing.live.accounts()], base=base):
        if wanted.account not in (None, past.account):
            continue
        if wanted.year not in (None, past.at.astimezone(standing.book.zone).year):
            continue
        try:
            known.append((past, relief_result(past.relief, standing.facts)))
        except MissingRate as lacking:
            missing.append(phrase("One of them is left out: {lacking}.", lacking=lacking))
    return Explained(
        name,
        rounded(exact_sum(result for _, result in known), places=standing.places),
        base.code,
        f"round(Σ(parts), {standing.places})",
        phrase("What was received when it was spent, less what was given when it came in, rounded once together."),
        GAINS_REPORT,
        lambda: [several("parts", [_relief(standing, *each) for each in known])],
        tuple(missing),
        is_gain=True,
    )


def _relief(standing: Standing, past: CashPast, result: Decimal) -> Explained:
    relief = past.relief
    went_out = consideration_node(standing, relief.went_out, None, name=phrase("What it was worth when it went out"))
    came_in = consideration_node(standing, relief.came_in, None, name=phrase("What it was worth when it came in"))
    return Explained(
        phrase("Cash that went out by {date}", date=past.at.astimezone(standing.book.zone).date()),
        result,
        standing.book.base.code,
        "out − in",
        phrase("The same cash, out at one rate and in at another."),
        GAINS_REPORT,
        lambda: [one("out", went_out), one("in", came_in)],
        is_gain=True,
    )
