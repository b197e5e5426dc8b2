"""Which trades bring a portfolio nearer to its targets, with the cash that there is. Arithmetic, and no advice.

All money is in the base currency, rounded to its smallest coin; fees and taxes of the trades are not known here.

**Source**: docs/reference/definitions.md, section Rebalancing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tickfolio.domain.money import EXACT, ROUNDING, rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.shares import shared_out
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_TWO = Decimal(2)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the portfolio, such as a class or a sector.

    Attributes:
        target: in percent of the whole; None where it has none, and then nothing of it is traded for a target's sake.
        cash: what of the portfolio's cash belongs to it.
        fixed: what of it is not traded: short holdings, dividends that are due, what cannot be sold.
    """

    key: str
    target: Decimal | None = None
    cash: Decimal = ZERO
    fixed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """A holding that can be traded: units of one instrument, over all accounts.

    Attributes:
        part: the key of the part that it belongs to.
        value: of all that is held, above zero.
        unit: what one unit costs, exact, above zero.
        step: the least quantity that can be traded.
    """

    key: str
    part: str
    quantity: Decimal
    value: Decimal
    unit: Decimal
    step: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if min(self.quantity, self.value, self.unit, self.step) <= 0:
            raise InvalidValue(phrase("Expected a holding of {key} above zero, with a price.", key=self.key))


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done.

    Attributes:
        invest: cash that may be spent; what the portfolio does not have of it is paid in first.
        withdraw: cash that is taken out; with one, nothing is invested but what sales bring beyond it.
        sells: whether more may be sold than has to be paid out.
        minimum: no trade is smaller, but for what has to be paid out.
        cash_part: the part that cash comes into.
    """

    invest: Decimal = ZERO
    withdraw: Decimal = ZERO
    sells: bool = False
    minimum: Decimal = ZERO
    cash_part: str = ""

    def __post_init__(self) -> None:
        if min(self.invest, self.withdraw, self.minimum) < 0 or (self.invest and self.withdraw):
            raise InvalidValue(phrase("Expected an amount to invest or one to withdraw, and none below zero."))


@dataclass(frozen=True, slots=True)
class Trade:
    """Units of one holding: bought where above zero, sold where below; `amount` is what they cost, of the same sign."""

    key: str
    part: str
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """What becomes of a part.

    Attributes:
        target: what it should be worth; None where it has no target.
        unplaced: what should be bought of it, while nothing of it is held that could be bought.
    """

    key: str
    before: Decimal
    after: Decimal
    target: Decimal | None
    unplaced: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Plan:
    """Trades, and what the portfolio is worth after them.

    Attributes:
        whole: the value of all after what is paid in and out.
        cash: what is left of the portfolio's cash.
        paid_in: what of the amount to invest the portfolio does not have.
    """

    trades: tuple[Trade, ...]
    parts: tuple[PlannedPart, ...]
    whole: Decimal
    cash: Decimal
    paid_in: Decimal


def rebalanced(parts: Sequence[Part], lines: Sequence[Line], wish: Wish, *, places: int) -> Plan:
    """Sales first, then purchases with what there is; never more than that.

    A part below its target is bought, one above it sold where `wish` allows that. What is to be bought and cannot be paid is
    bought in proportion. Within a part, holdings are traded in proportion to what they are worth.

    Raises:
        InvalidValue: more is to be withdrawn than cash and all that can be sold are worth, or the whole is worth nothing.
    """
    cash = exact_sum(part.cash for part in parts)
    free = max(cash, ZERO)
    paid_in = max(ZERO, EXACT.subtract(wish.invest, free))
    held = exact_sum([*(EXACT.add(part.cash, part.fixed) for part in parts), *(line.value for line in lines)])
    whole = EXACT.subtract(EXACT.add(held, paid_in), wish.withdraw)
    budget = EXACT.subtract(wish.invest, max(ZERO, EXACT.subtract(wish.withdraw, free)))
    sellable = exact_sum(line.value for line in lines)
    if EXACT.add(budget, sellable) < 0:
        most = EXACT.add(free, sellable)
        raise InvalidValue(
            phrase("Expected at most {most:f} to take out, which is cash and all that can be sold.", most=most)
        )
    if whole <= 0:
        raise InvalidValue(phrase("Expected a portfolio that is worth more than zero after what is paid in and out."))
    after_all = EXACT.subtract(EXACT.add(EXACT.subtract(cash, wish.withdraw), paid_in), budget)
    by_part: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda each: (-each.value, each.key)):
        by_part.setdefault(line.part, []).append(line)
    work = _Work(parts, by_part, wish, places, whole=whole, planned=_cash_of(parts, after_all, wish, places))
    proceeds = work.sell(needed=max(ZERO, EXACT.minus(budget)))
    spent = work.buy(EXACT.add(budget, proceeds))
    left = EXACT.subtract(EXACT.add(EXACT.add(after_all, budget), proceeds), spent)
    return Plan(work.trades(), work.planned_parts(left), whole, left, paid_in)


def _cash_of(parts: Sequence[Part], after: Decimal, wish: Wish, places: int) -> dict[str, Decimal]:
    """The cash of each part when `after` is left of all: what goes is taken from where there is some, in proportion."""
    change = EXACT.subtract(after, exact_sum(part.cash for part in parts))
    if change >= 0:
        return {part.key: EXACT.add(part.cash, change if part.key == wish.cash_part else ZERO) for part in parts}
    taken = shared_out(EXACT.minus(change), [max(part.cash, ZERO) for part in parts], places=places)
    return {part.key: EXACT.subtract(part.cash, share) for part, share in zip(parts, taken, strict=True)}


@dataclass(slots=True)
class _Work:
    """The trades as they come together, by the key of their line."""

    parts: Sequence[Part]
    lines: Mapping[str, Sequence[Line]]
    """By the key of their part, the largest first."""
    wish: Wish
    places: int
    whole: Decimal
    planned: Mapping[str, Decimal]
    done: dict[str, Trade] = field(default_factory=dict)
    unplaced: dict[str, Decimal] = field(default_factory=dict)

    @property
    def coin(self) -> Decimal:
        """The smallest amount."""
        return Decimal(1).scaleb(-self.places)

    # ---------- What is wanted ----------

    def goal(self, part: Part) -> Decimal | None:
        """What a part should be worth, to the coin."""
        if part.target is None:
            return None
        return rounded(ROUNDING.divide(EXACT.multiply(part.target, self.whole), _HUNDRED), places=self.places)

    def worth(self, part: Part, cash: Mapping[str, Decimal]) -> Decimal:
        """What a part is worth after the trades so far, with the cash that belongs to it by then."""
        lines = self.lines.get(part.key, ())
        traded = (self.done[line.key].amount for line in lines if line.key in self.done)
        return exact_sum([cash[part.key], part.fixed, *(line.value for line in lines), *traded])

    def gap(self, part: Part) -> Decimal:
        """What a part lacks of its target, below zero where it has more; 0 where it has none."""
        goal = self.goal(part)
        return ZERO if goal is None else EXACT.subtract(goal, self.worth(part, self.planned))

    # ---------- Sales ----------

    def sell(self, *, needed: Decimal) -> Decimal:
        """Sells, and returns what that brings: at least `needed`."""
        values = [exact_sum(line.value for line in self.lines.get(part.key, ())) for part in self.parts]
        gaps = [self.gap(part) for part in self.parts]
        over = [min(max(ZERO, EXACT.minus(gap)), value) for gap, value in zip(gaps, values, strict=True)]
        together = exact_sum(over)
        if together < needed:
            rest = [EXACT.subtract(value, sold) for value, sold in zip(values, over, strict=True)]
            more = shared_out(EXACT.subtract(needed, together), rest, places=self.places)
            over = [EXACT.add(sold, each) for sold, each in zip(over, more, strict=True)]
        elif not self.wish.sells:
            over = list(shared_out(needed, over, places=self.places))
        for part, amount in zip(self.parts, over, strict=True):
            lines = self._wide_enough(part, amount, capped=True)
            if needed:
                self._raise(lines, amount)
            elif amount >= self.wish.minimum:
                self._trim(lines, amount)
        return EXACT.minus(exact_sum(trade.amount for trade in self.done.values()))

    def _raise(self, lines: Sequence[Line], amount: Decimal) -> None:
        """Sells so much of each line that its share of `amount` is there."""
        for line, share in zip(lines, self._shares(lines, amount), strict=True):
            self._note(self._sold(line, _steps(line, share, ROUND_CEILING), share))

    def _trim(self, lines: Sequence[Line], amount: Decimal) -> None:
        """Sells about `amount`, as near to it as whole steps come."""
        left = amount
        for line, share in zip(lines, self._shares(lines, amount), strict=True):
            left = EXACT.add(left, self._note(self._sold(line, _steps(line, share, ROUND_FLOOR), share)))
        for line in lines:
            done = self.done.get(line.key)
            quantity = ZERO if done is None else EXACT.minus(done.quantity)
            before = ZERO if done is None else done.amount
            more = self._sold(line, EXACT.add(quantity, max(line.step, _steps(line, left, ROUND_FLOOR))), ZERO)
            gained = EXACT.subtract(before, more.amount)
            if ZERO < gained < EXACT.multiply(_TWO, left):
                self._note(more)
                left = EXACT.subtract(left, gained)
            if line.key in self.done and EXACT.minus(self.done[line.key].amount) < self.wish.minimum:
                del self.done[line.key]

    def _sold(self, line: Line, quantity: Decimal, amount: Decimal) -> Trade:
        """A sale of `quantity`; of all that is held where that or `amount` comes to it."""
        cost = self._cost(line, quantity)
        if quantity >= line.quantity or max(cost, amount) >= line.value:
            quantity, cost = line.quantity, line.value
        return Trade(line.key, line.part, EXACT.minus(quantity), EXACT.minus(cost))

    # ---------- Purchases ----------

    def buy(self, cash: Decimal) -> Decimal:
        """Buys for at most `cash`, and returns what was spent."""
        if self.wish.withdraw and not self.wish.sells:
            return ZERO
        sold = {trade.part for trade in self.done.values()}
        parts = [part for part in self.parts if part.key not in sold]
        wanted = [max(ZERO, self.gap(part)) for part in parts]
        if exact_sum(wanted) > cash:
            wanted = list(shared_out(cash, wanted, places=self.places))
        left, lacking = cash, {}
        for part, amount in zip(parts, wanted, strict=True):
            spoken_for = self._bought(part, amount) if amount >= max(self.wish.minimum, self.coin) else ZERO
            lacking[part.key] = EXACT.subtract(amount, spoken_for)
            left = EXACT.subtract(left, spoken_for)
        # What whole steps left over goes where the most of what was meant for a part was left over.
        for part in sorted(parts, key=lambda each: (lacking[each.key], self.gap(each)), reverse=True):
            left = EXACT.subtract(left, self._round_up(part, left))
        return exact_sum(trade.amount for trade in self.done.values() if trade.amount > 0)

    def _bought(self, part: Part, amount: Decimal) -> Decimal:
        """Buys of a part for at most `amount`, and returns what of the cash is spoken for."""
        lines = self._wide_enough(part, amount, capped=False)
        if not lines:
            if part.key != self.wish.cash_part:
                self.unplaced[part.key] = amount
            return amount
        left = amount
        for line, share in zip(lines, self._shares(lines, amount), strict=True):
            left = EXACT.subtract(left, self._add(line, _steps(line, share, ROUND_FLOOR), most=share))
        for line in lines:
            left = EXACT.subtract(left, self._add(line, _steps(line, left, ROUND_FLOOR), most=left))
        return EXACT.subtract(amount, left)

    def _round_up(self, part: Part, cash: Decimal) -> Decimal:
        """One step more of a part's lines, where that brings it nearer to its target and is paid for; returns what it costs."""
        spent = ZERO
        for line in self.lines.get(part.key, ()):
            nearer = EXACT.subtract(EXACT.multiply(_TWO, self.gap(part)), self.coin)
            spent = EXACT.add(spent, self._add(line, line.step, most=min(EXACT.subtract(cash, spent), nearer)))
        return spent

    def _add(self, line: Line, quantity: Decimal, *, most: Decimal) -> Decimal:
        """Buys more of a line for at most `most`, unless the trade would be below the minimum; returns what more it costs."""
        done = self.done.get(line.key)
        before = ZERO if done is None else done.amount
        quantity = EXACT.add(quantity, ZERO if done is None else done.quantity)
        cost = self._cost(line, quantity)
        more = EXACT.subtract(cost, before)
        if not ZERO < more <= most or cost < self.wish.minimum:
            return ZERO
        self._note(Trade(line.key, line.part, quantity, cost))
        return more

    # ---------- Both ----------

    def _wide_enough(self, part: Part, amount: Decimal, *, capped: bool) -> Sequence[Line]:
        """The largest lines of a part, so few that none of their shares of `amount` is below the minimum.

        Args:
            capped: whether the lines must be worth the amount together.
        """
        lines = self.lines.get(part.key, ())
        while len(lines) > 1:
            together = exact_sum(line.value for line in lines)
            is_wide = EXACT.multiply(amount, lines[-1].value) >= EXACT.multiply(self.wish.minimum, together)
            if is_wide or (capped and EXACT.subtract(together, lines[-1].value) < amount):
                break
            lines = lines[:-1]
        return lines

    def _shares(self, lines: Sequence[Line], amount: Decimal) -> tuple[Decimal, ...]:
        return shared_out(amount, [line.value for line in lines], places=self.places)

    def _cost(self, line: Line, quantity: Decimal) -> Decimal:
        return rounded(EXACT.multiply(quantity, line.unit), places=self.places)

    def _note(self, trade: Trade) -> Decimal:
        if trade.amount:
            self.done[trade.key] = trade
        return trade.amount

    # ---------- What comes of it ----------

    def trades(self) -> tuple[Trade, ...]:
        """Sales first, the largest first, then purchases likewise."""
        return tuple(sorted(self.done.values(), key=lambda each: (each.amount > 0, -abs(each.amount), each.key)))

    def planned_parts(self, cash_left: Decimal) -> tuple[PlannedPart, ...]:
        """Each part before and after."""
        after = _cash_of(self.parts, cash_left, self.wish, self.places)
        untouched = replace(self, done={})
        before = {part.key: part.cash for part in self.parts}
        return tuple(
            PlannedPart(
                key=part.key,
                before=untouched.worth(part, before),
                after=self.worth(part, after),
                target=self.goal(part),
                unplaced=self.unplaced.get(part.key, ZERO),
            )
            for part in self.parts
        )


def _steps(line: Line, amount: Decimal, rounding: str) -> Decimal:
    """How much of a line `amount` is, in whole steps."""
    exact = ROUNDING.divide(amount, EXACT.multiply(line.unit, line.step))
    return EXACT.multiply(exact.quantize(Decimal(1), rounding=rounding, context=ROUNDING), line.step)
