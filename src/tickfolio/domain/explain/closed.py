"""What was realized, and what was paid and charged besides, of a year or of all years.

**Source**: docs/reference/definitions.md, section Gains report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.explain.considerations import consideration_node
from tickfolio.domain.explain.definitions import GAINS_REPORT
from tickfolio.domain.explain.nodes import Explained, Node, one, several
from tickfolio.domain.explain.paid import charge_node, gross_node, withheld_node
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.ledger.lots import ClosedLot
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import rounded
from tickfolio.domain.valuation.day_change import charges_value, exact_sum
from tickfolio.domain.valuation.gain_rows import BaseGain, base_gain, lot_key
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.incomes import income_value
from tickfolio.domain.valuation.year_sums import paid_past
from tickfolio.errors import MissingRate
from tickfolio.words import marked_phrase, phrase

ZERO = Decimal(0)


type KnownLot = tuple[Symbol, ClosedLot, BaseGain]


def realized(standing: Standing, wanted: Wanted) -> Explained:
    """What the closed lots brought more than they had cost."""
    return _summed(standing, wanted, phrase("Realized gain"), lambda gain: gain.gain, lot_gain)


def realized_cost(standing: Standing, wanted: Wanted) -> Explained:
    """What they had cost."""
    return _summed(standing, wanted, phrase("Cost of what was closed"), lambda gain: gain.cost, lot_cost)


def realized_proceeds(standing: Standing, wanted: Wanted) -> Explained:
    """What they brought."""
    return _summed(standing, wanted, phrase("Proceeds of what was closed"), lambda gain: gain.proceeds, lot_proceeds)


def _summed(
    standing: Standing,
    wanted: Wanted,
    name: str,
    value: Callable[[BaseGain], Decimal],
    node: Callable[[Standing, Symbol, ClosedLot, BaseGain], Explained],
) -> Explained:
    known, left_out = closed_lots(standing, wanted)
    return Explained(
        name=wanted_name(name, wanted),
        value=exact_sum((nothing(standing), *(value(gain) for _, _, gain in known))),
        unit=standing.book.base.code,
        formula="Σ(lots)",
        words=phrase("The sum of the closed lots, each as it stands in the gains report."),
        definition=GAINS_REPORT,
        make_inputs=lambda: [several("lots", [node(standing, *each) for each in known])],
        notes=left_out,
        is_gain=node is lot_gain,
    )


def closed_lot(standing: Standing, key: str) -> tuple[Symbol, ClosedLot] | None:
    """The closed lot of that key, as the rows of the gains report have theirs; None where there is none."""
    counted = Counter[TransactionId]()
    for symbol, lot in _closed(standing, Wanted()):
        counted[lot.closed_by] += 1
        if lot_key(lot.closed_by, counted[lot.closed_by]) == key:
            return symbol, lot
    return None


def closed_lots(standing: Standing, wanted: Wanted) -> tuple[list[KnownLot], tuple[str, ...]]:
    """The closed lots whose gain is known, and what is to say of the others."""
    known: list[KnownLot] = []
    left_out: list[str] = []
    for symbol, lot in _closed(standing, wanted):
        gain = base_gain(lot, standing.facts)
        if isinstance(gain, BaseGain):
            known.append((symbol, lot, gain))
        else:
            left_out.append(
                phrase(
                    "{lot_name}, is left out: {reason}.", lot_name=lot_name(standing, symbol, lot), reason=gain.reason
                )
            )
    return known, tuple(left_out)


def _closed(standing: Standing, wanted: Wanted) -> Iterator[tuple[Symbol, ClosedLot]]:
    for account in standing.live.accounts():
        if wanted.account not in (None, account.facts.id):
            continue
        for symbol, position in sorted(account.ledger.positions.items()):
            if wanted.symbol in (None, symbol):
                for lot in position.closed:
                    if wanted.year in (None, lot.closed_at.astimezone(standing.book.zone).year):
                        yield symbol, lot


def lot_name(standing: Standing, symbol: Symbol, lot: ClosedLot) -> str:
    """What a closed lot is called."""
    return phrase(
        "{symbol}, closed on {isoformat}",
        symbol=symbol,
        isoformat=lot.closed_at.astimezone(standing.book.zone).date().isoformat(),
    )


def lot_gain(standing: Standing, symbol: Symbol, lot: ClosedLot, gain: BaseGain) -> Explained:
    """What a closed lot brought more than it had cost."""
    return Explained(
        name=lot_name(standing, symbol, lot),
        value=gain.gain,
        unit=standing.book.base.code,
        formula="proceeds − cost",
        words=phrase("What was received, less what was paid, each rounded once."),
        definition=GAINS_REPORT,
        make_inputs=lambda: [
            one("proceeds", lot_proceeds(standing, symbol, lot, gain)),
            one("cost", lot_cost(standing, symbol, lot, gain)),
        ],
        is_gain=True,
    )


def lot_cost(standing: Standing, symbol: Symbol, lot: ClosedLot, gain: BaseGain) -> Explained:
    """What was paid for it."""
    paid_by = lot.closed_by if lot.is_short else lot.opened_by
    return _coins(
        standing, phrase("Cost of {lot_name}", lot_name=lot_name(standing, symbol, lot)), gain.cost, lot.cost, paid_by
    )


def lot_proceeds(standing: Standing, symbol: Symbol, lot: ClosedLot, gain: BaseGain) -> Explained:
    """What was received for it."""
    received_by = lot.opened_by if lot.is_short else lot.closed_by
    return _coins(
        standing,
        phrase("Proceeds of {lot_name}", lot_name=lot_name(standing, symbol, lot)),
        gain.proceeds,
        lot.proceeds,
        received_by,
    )


def _coins(
    standing: Standing, name: str, value: Decimal, given: Consideration, transaction: TransactionId
) -> Explained:
    return Explained(
        name,
        value,
        standing.book.base.code,
        f"round(amount, {standing.places})",
        phrase("At the rate of its trade, rounded once."),
        GAINS_REPORT,
        lambda: [one("amount", consideration_node(standing, given, transaction, name=name))],
    )


# ---------- Besides ----------


@dataclass(frozen=True, slots=True)
class _Besides:
    """A sum of what was paid or charged."""

    name: str
    words: str
    takes: Callable[[Income | ChargePaid], bool]
    node: Callable[[Standing, Income | ChargePaid], Node]


def _of_income(node: Callable[[Standing, Income], Node]) -> Callable[[Standing, Income | ChargePaid], Node]:
    def made(standing: Standing, paid: Income | ChargePaid) -> Node:
        assert isinstance(paid, Income)
        return node(standing, paid)

    return made


def _charged(standing: Standing, paid: Income | ChargePaid) -> Node:
    assert isinstance(paid, ChargePaid)
    return charge_node(standing, paid)


_BESIDES: Mapping[str, _Besides] = {
    "dividends": _Besides(
        "Dividends",
        marked_phrase("Gross dividends, each as it began to count, rounded once together."),
        lambda paid: isinstance(paid, Income) and not paid.is_interest,
        _of_income(gross_node),
    ),
    "interest": _Besides(
        "Interest",
        marked_phrase("Gross interest, rounded once together."),
        lambda paid: isinstance(paid, Income) and paid.is_interest,
        _of_income(gross_node),
    ),
    "withheld": _Besides(
        marked_phrase("Tax withheld"),
        marked_phrase("The tax withheld on dividends and interest, rounded once together."),
        lambda paid: isinstance(paid, Income) and bool(paid.tax.amount),
        _of_income(withheld_node),
    ),
    "fees": _Besides(
        marked_phrase("Fees outside the cost"),
        marked_phrase("Fees outside the cost less what came back, rounded once together."),
        lambda paid: isinstance(paid, ChargePaid) and not paid.is_tax,
        _charged,
    ),
    "taxes": _Besides(
        marked_phrase("Taxes outside the cost"),
        marked_phrase("Taxes outside the cost less what came back, rounded once together."),
        lambda paid: isinstance(paid, ChargePaid) and paid.is_tax,
        _charged,
    ),
}
BESIDES = tuple(_BESIDES)


def besides(standing: Standing, figure: str, wanted: Wanted) -> Explained:
    """What was paid or charged besides the sales.

    Args:
        figure: one of `BESIDES`.
    """
    chosen = _BESIDES[figure]
    amounts: list[Node] = []
    missing: list[str] = []
    for paid in _paid(standing, wanted):
        if chosen.takes(paid):
            reason = _reason(standing, paid)
            if reason:
                missing.append(phrase("One of them is left out: {reason}.", reason=reason))
            else:
                amounts.append(chosen.node(standing, paid))
    total = exact_sum(node.value for node in amounts if isinstance(node.value, Decimal))
    return Explained(
        name=wanted_name(chosen.name, wanted),
        value=rounded(total, places=standing.places),
        unit=standing.book.base.code,
        formula=f"round(Σ(amounts), {standing.places})",
        words=chosen.words,
        definition=GAINS_REPORT,
        make_inputs=lambda: [several("amounts", amounts)],
        notes=tuple(missing),
    )


def _paid(standing: Standing, wanted: Wanted) -> Iterator[Income | ChargePaid]:
    ledgers = [(account.facts, account.ledger) for account in standing.live.accounts()]
    for past in paid_past(ledgers):
        is_wanted = wanted.account in (None, past.account) and wanted.symbol in (None, past.symbol)
        if is_wanted and wanted.year in (None, past.at.astimezone(standing.book.zone).year):
            yield past.paid


def _reason(standing: Standing, paid: Income | ChargePaid) -> str:
    try:
        if isinstance(paid, Income):
            income_value(paid, standing.facts)
        else:
            charges_value([paid], standing.facts)
    except MissingRate as missing:
        return str(missing)
    return ""


def wanted_name(name: str, wanted: Wanted) -> str:
    """A figure, and what of the report it is of."""
    of = phrase(" of {symbol}", symbol=wanted.symbol) if wanted.symbol else ""
    return f"{name}{of}, {'all years' if wanted.year is None else wanted.year}"


def nothing(standing: Standing) -> Decimal:
    """0 in coins."""
    return rounded(ZERO, places=standing.places)
