"""A span of a portfolio or of a part of it, day by day: values at its ends, what flowed, and how it grew between.

**Source**: docs/reference/definitions.md, sections Returns, and Daily series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tickfolio.domain.explain.considerations import consideration_node
from tickfolio.domain.explain.definitions import ATTRIBUTION, DAILY_SERIES, RETURNS
from tickfolio.domain.explain.facts import transaction_fact
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Input, Node, Unit, one, several
from tickfolio.domain.explain.standing import Standing, Standings
from tickfolio.domain.explain.values import row_value
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import EXACT, rounded
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.joined_series import JoinedSeries
from tickfolio.domain.performance.series import PortfolioSeries, ValuedDay
from tickfolio.domain.performance.twr import SubPeriod, sub_periods
from tickfolio.domain.valuation.day_change import exact_sum

ZERO = Decimal(0)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A day in its piece of a series."""

    piece: PortfolioSeries
    number: int

    def counted(self, keep: Callable[[ValueRow], bool]) -> list[str]:
        """The rows whose value is known at both ends of the day, by their keys."""
        earlier = {row.key: row for row in self.piece.before}
        found = []
        for row in self.piece.rows:
            if not keep(row) or not row.is_known[self.number]:
                continue
            before = row if self.number else earlier.get(row.key)
            if before is None or before.is_known[self.number - 1]:
                found.append(row.key)
        return found


@dataclass(slots=True)
class Measured:
    """The days of a span.

    Attributes:
        days: what was measured of each; at least one.
        places: where each is, in the same order.
        keep: whether a row is of what is measured.
        name: of what is measured, as a sentence goes on with it.
    """

    standings: Standings
    days: Sequence[ValuedDay]
    places: Sequence[Place]
    keep: Callable[[ValueRow], bool]
    name: str
    base: str
    _periods: dict[tuple[int, int], Explained] = field(default_factory=dict)

    @property
    def first(self) -> date:
        """The first day."""
        return self.days[0].day

    @property
    def start_day(self) -> date:
        """The day before the first, at whose end the value at the start is taken."""
        return self.days[0].day - ONE_DAY

    @property
    def last(self) -> date:
        """The last day."""
        return self.days[-1].day

    def start(self, number: int) -> Standing:
        """The portfolio before a day."""
        place = self.places[number]
        ends = place.piece.days.begins[place.number] - timedelta.resolution
        return self.standings.end_of(self.days[number].day - ONE_DAY, ends)

    def end(self, number: int) -> Standing:
        """The portfolio at the end of a day."""
        place = self.places[number]
        return self.standings.end_of(self.days[number].day, place.piece.days.ends[place.number])

    # ---------- Values ----------

    def opening(self, number: int) -> Explained:
        """The value before a day of the rows that count on it."""
        day = self.days[number]
        return self._value(day.opening, day.day - ONE_DAY, number, lambda: self.start(number))

    def closing(self, number: int) -> Explained:
        """The value at the end of a day of the same rows."""
        day = self.days[number]
        return self._value(day.closing, day.day, number, lambda: self.end(number))

    def _value(self, value: Decimal, day: date, number: int, standing: Callable[[], Standing]) -> Explained:
        def rows() -> list[Input]:
            at = standing()
            known = [row for key in self.places[number].counted(self.keep) if (row := at.row(key)) is not None]
            return [several("rows", [row_value(at, row) for row in known])]

        return Explained(
            name=f"Value at the end of {day}",
            value=value,
            unit=self.base,
            formula="Σ(rows)",
            words="The sum of the rows whose value is known at both ends.",
            definition=DAILY_SERIES,
            make_inputs=rows,
        )

    def whole_value(self, number: int) -> Explained:
        """The value at the end of a day of all rows that have one; of the number −1, before the first day."""

        def rows() -> list[Input]:
            place = self.places[max(number, 0)]
            at = self.start(0) if number < 0 else self.end(number)
            kept = {row.key for row in (*place.piece.rows, *place.piece.before) if self.keep(row)}
            valued = [row_value(at, row) for row in at.valuation.rows if row.key in kept]
            return [several("rows", [each for each in valued if isinstance(each.value, Decimal)])]

        day = self.first - ONE_DAY if number < 0 else self.days[number].day
        return Explained(
            name=f"Value at the end of {day}",
            value=self.opening_value if number < 0 else self.days[number].value,
            unit=self.base,
            formula="Σ(rows)",
            words="The sum of all rows that have a value.",
            definition=DAILY_SERIES,
            make_inputs=rows,
        )

    @property
    def opening_value(self) -> Decimal:
        """The value of all rows at the end of the day before the first."""
        place = self.places[0]
        rows = place.piece.rows if place.number else place.piece.before
        coins = sum(int(row.values[place.number - 1]) for row in rows if self.keep(row))
        return Decimal(coins).scaleb(-place.piece.base.minor_unit)

    # ---------- Flows ----------

    def flows(self, numbers: Iterable[int], *, comes_in: bool) -> list[Node]:
        """What came in, or went out, on some days; unsigned."""
        found: list[Node] = []
        for number in numbers:
            for transaction, amount in self._moved(number):
                if (amount > 0) is comes_in:
                    found.append(self._flow(transaction, amount.copy_abs()))
        return found

    def flow_sum(self, numbers: Sequence[int], *, comes_in: bool) -> Explained:
        """Their sum."""
        amounts = [
            flow.amount.copy_abs()
            for number in numbers
            for flow in self.days[number].flows
            if (flow.amount > 0) is comes_in
        ]
        first, last = self.days[numbers[0]].day, self.days[numbers[-1]].day
        when = f"on {first}" if first == last else f"from {first} to {last}"
        return Explained(
            name=f"{'Came in' if comes_in else 'Went out'} {when}",
            value=exact_sum((rounded(ZERO, places=self.standings.book.base.minor_unit), *amounts)),
            unit=self.base,
            formula="Σ(flows)",
            words=f"What came over the border of {self.name}." if comes_in else f"What left {self.name}.",
            definition=RETURNS,
            make_inputs=lambda: [several("flows", self.flows(numbers, comes_in=comes_in))],
        )

    def _moved(self, number: int) -> list[tuple[TransactionId, Decimal]]:
        place = self.places[number]
        counted = set(place.counted(self.keep))
        net: dict[TransactionId, Decimal] = {}
        for leg in place.piece.legs.get(place.number, ()):
            if leg.key in counted:
                net[leg.transaction] = EXACT.add(net.get(leg.transaction, ZERO), leg.value)
        return [(transaction, amount) for transaction, amount in net.items() if amount]

    def _flow(self, transaction: TransactionId, amount: Decimal) -> Node:
        standing = self.standings.latest()
        found = (
            flow
            for account in standing.live.accounts()
            for cash in account.ledger.cash.values()
            for flow in cash.flows
            if flow.transaction == transaction
            and flow.pays is None
            and rounded(standing.facts.value(flow.value), places=standing.places) == amount
        )
        flow = next(found, None)
        if flow is None:
            return transaction_fact(standing, transaction, amount, self.base, of="as it counts")
        moved = consideration_node(standing, flow.value, transaction, name="What moved")
        return _flow_node(standing, moved, amount)

    # ---------- Growth ----------

    def period(self, first: int, last: int) -> Explained:
        """How much the first day's opening had grown to by the end of the last; nothing came in after it began or left before it ended."""
        key = first, last
        if key not in self._periods:
            self._periods[key] = self._period(first, last)
        return self._periods[key]

    def _period(self, first: int, last: int) -> Explained:
        begins, ends = self.days[first], self.days[last]
        if any(flow.before is not None for flow in begins.flows):
            return self._cut_day(first)
        inflow, outflow = _flowed(begins, comes_in=True), _flowed(ends, comes_in=False)
        grown = SubPeriod(begins.opening, inflow, outflow, ends.closing).growth
        assert grown is not None

        def inputs() -> list[Input]:
            found = [one("closing", self.closing(last))]
            if outflow:
                found.append(one("out", self.flow_sum([last], comes_in=False)))
            found.append(one("opening", self.opening(first)))
            if inflow:
                found.append(one("in", self.flow_sum([first], comes_in=True)))
            return found

        top, under = ("(closing + out)" if outflow else "closing"), ("(opening + in)" if inflow else "opening")
        when = f"{begins.day}" if first == last else f"{begins.day} to {ends.day}"
        return Explained(
            name=f"Growth {when}",
            value=grown,
            unit=Unit.NUMBER,
            formula=f"{top} ÷ {under}",
            words="What was there at the end and went out, by what was there at the start and came in.",
            definition=RETURNS,
            make_inputs=inputs,
        )

    def _cut_day(self, number: int) -> Explained:
        day = self.days[number]
        parts = [each for each in sub_periods(day.opening, day.flows, day.closing) if each.growth is not None]
        return Explained(
            name=f"Growth {day.day}",
            value=day.growth,
            unit=Unit.NUMBER,
            formula="Π(parts)",
            words="The day is cut where the value before a flow was recorded.",
            definition=RETURNS,
            make_inputs=lambda: [several("parts", [self._part(each) for each in parts])],
        )

    def _part(self, period: SubPeriod) -> Explained:
        def amount(label: str, value: Decimal) -> Fact:
            return Fact(FactKind.VALUED_FLOW, label, value, self.base)

        assert period.growth is not None
        return Explained(
            "Growth between two flows",
            period.growth,
            Unit.NUMBER,
            "(closing + out) ÷ (opening + in)",
            "The value before a flow was recorded when it was entered.",
            RETURNS,
            lambda: [
                one("closing", amount("Value at the end of the part", period.closing)),
                one("out", amount("Went out", period.outflow)),
                one("opening", amount("Value at the start of the part", period.opening)),
                one("in", amount("Came in", period.inflow)),
            ],
        )

    def periods(self, first: int, last: int) -> list[Explained]:
        """The growths of the days that have one, those joined between which nothing flows and the same rows count."""
        found: list[tuple[int, int]] = []
        for number in range(first, last + 1):
            if self.days[number].is_skipped:
                continue
            if found and found[-1][1] == number - 1 and self._goes_on(number):
                found[-1] = found[-1][0], number
            else:
                found.append((number, number))
        return [self.period(*each) for each in found]

    def _goes_on(self, number: int) -> bool:
        before, day = self.days[number - 1], self.days[number]
        is_cut = any(flow.before is not None for flow in (*before.flows, *day.flows))
        flows_between = any(flow.amount < 0 for flow in before.flows) or any(flow.amount > 0 for flow in day.flows)
        return not is_cut and not flows_between and before.closing == day.opening


def measured(
    standings: Standings,
    series: JoinedSeries,
    *,
    first: date,
    last: date,
    keep: Callable[[ValueRow], bool] | None,
    name: str,
) -> Measured:
    """The days from `first` to `last` of a whole portfolio or, with `keep`, of a part of it."""
    places = [Place(piece, number) for piece in series.pieces for number in range(len(piece.days))]
    days = series.whole if keep is None else series.part(keep)
    begins = (first - days[0].day).days
    ends = (last - days[0].day).days + 1
    return Measured(
        standings, days[begins:ends], places[begins:ends], keep or (lambda _row: True), name, series.base.code
    )


def _flowed(day: ValuedDay, *, comes_in: bool) -> Decimal:
    return exact_sum(flow.amount.copy_abs() for flow in day.flows if (flow.amount > 0) is comes_in)


def _flow_node(standing: Standing, moved: Node, amount: Decimal) -> Node:
    if isinstance(moved, Fact) and moved.value == amount:
        return moved
    return Explained(
        moved.name if isinstance(moved, Fact) else "What moved, rounded",
        amount,
        standing.book.base.code,
        f"round(moved, {standing.places})",
        "Rounded once, to the smallest coin.",
        ATTRIBUTION,
        lambda: [one("moved", moved)],
    )
