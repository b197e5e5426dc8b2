"""A span of a portfolio or of a part of it, day by day: values at its ends, what flowed, and how it grew between.

**Source**: docs/reference/definitions.md, sections Returns, and Daily series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.explain.definitions import DAILY_SERIES, RETURNS
from tickfolio.domain.explain.flow_records import FlowRecord, value_after, value_before
from tickfolio.domain.explain.moved import flow_node
from tickfolio.domain.explain.nodes import Explained, Input, Node, Unit, one, several
from tickfolio.domain.explain.standing import Standing, Standings
from tickfolio.domain.explain.values import row_value
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import EXACT, rounded
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.joined_series import JoinedSeries
from tickfolio.domain.performance.series import PortfolioSeries, ValuedDay
from tickfolio.domain.performance.spans import ONE_DAY
from tickfolio.domain.performance.twr import ExternalFlow, SubPeriod, sub_periods
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.words import phrase

ZERO = Decimal(0)


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
        records: gives what was recorded with the flows that were valued, where that can be reached.
    """

    standings: Standings
    days: Sequence[ValuedDay]
    places: Sequence[Place]
    keep: Callable[[ValueRow], bool]
    name: str
    base: str
    records: Callable[[], Mapping[TransactionId, FlowRecord]] = dict
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
            name=phrase("Value at the end of {day}", day=day),
            value=value,
            unit=self.base,
            formula="Σ(rows)",
            words=phrase("The sum of the rows whose value is known at both ends."),
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
            name=phrase("Value at the end of {day}", day=day),
            value=self.opening_value if number < 0 else self.days[number].value,
            unit=self.base,
            formula="Σ(rows)",
            words=phrase("The sum of all rows that have a value."),
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
            for _, transaction, amount in self.moved(number):
                if (amount > 0) is comes_in:
                    found.append(self.flow(transaction, amount.copy_abs()))
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
        when = (
            phrase("on {first}", first=first)
            if first == last
            else phrase("from {first} to {last}", first=first, last=last)
        )
        return Explained(
            name=f"{'Came in' if comes_in else 'Went out'} {when}",
            value=exact_sum((rounded(ZERO, places=self.standings.book.base.minor_unit), *amounts)),
            unit=self.base,
            formula="Σ(flows)",
            words=phrase("What came over the border of {name}.", name=self.name)
            if comes_in
            else phrase("What left {name}.", name=self.name),
            definition=RETURNS,
            make_inputs=lambda: [several("flows", self.flows(numbers, comes_in=comes_in))],
        )

    def moved(self, number: int) -> list[tuple[datetime, TransactionId, Decimal]]:
        """What came in and, negative, what went out on a day: when, by what and how much, in the order of the day's flows."""
        place = self.places[number]
        counted = set(place.counted(self.keep))
        net: dict[tuple[datetime, TransactionId], Decimal] = {}
        for leg in place.piece.legs.get(place.number, ()):
            if leg.key in counted:
                of = leg.at, leg.transaction
                net[of] = EXACT.add(net.get(of, ZERO), leg.value)
        found = [(at, transaction, amount) for (at, transaction), amount in net.items() if amount]
        return sorted(found, key=lambda each: (each[0], place.piece.order.get(each[1], 0)))

    def flow(self, transaction: TransactionId, amount: Decimal) -> Node:
        """What one transaction moved, unsigned."""
        return flow_node(self.standings.latest(), transaction, amount)

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
        when = f"{begins.day}" if first == last else phrase("{first} to {last}", first=begins.day, last=ends.day)
        return Explained(
            name=phrase("Growth {when}", when=when),
            value=grown,
            unit=Unit.NUMBER,
            formula=f"{top} ÷ {under}",
            words=phrase("What was there at the end and went out, by what was there at the start and came in."),
            definition=RETURNS,
            make_inputs=inputs,
        )

    def _cut_day(self, number: int) -> Explained:
        day = self.days[number]
        return Explained(
            name=phrase("Growth {day}", day=day.day),
            value=day.growth,
            unit=Unit.NUMBER,
            formula="Π(parts)",
            words=phrase("The day is cut where the value before a flow was recorded."),
            definition=RETURNS,
            make_inputs=lambda: [several("parts", self._parts(number))],
        )

    def _parts(self, number: int) -> list[Explained]:
        """What grew between the cuts of a day; where nothing was there that could earn is no part."""
        day = self.days[number]
        flows = list(zip(day.flows, self.moved(number), strict=True))
        cuts = [place for place, (flow, _) in enumerate(flows) if flow.before is not None]
        begins, ends = [-1, *cuts], [*cuts, len(flows)]
        opened = [self.opening(number), *(self._after(*flows[cut]) for cut in cuts)]
        closed = [*(self._before(*flows[cut]) for cut in cuts), self.closing(number)]
        return [
            _part(period, opened[place], closed[place], self._between(day.day, flows[begins[place] + 1 : ends[place]]))
            for place, period in enumerate(sub_periods(day.opening, day.flows, day.closing))
            if period.growth is not None
        ]

    def _before(self, flow: ExternalFlow, moved: tuple[datetime, TransactionId, Decimal]) -> Node:
        return value_before(self.standings.latest(), self.records().get(moved[1]), flow, moved[1])

    def _after(self, flow: ExternalFlow, moved: tuple[datetime, TransactionId, Decimal]) -> Node:
        _, transaction, amount = moved
        if flow.after is None:
            return _plus(self._before(flow, moved), self.flow(transaction, amount.copy_abs()), flow, self.base)
        return value_after(self.standings.latest(), self.records().get(transaction), flow, transaction)

    def _between(
        self, day: date, flows: Sequence[tuple[ExternalFlow, tuple[datetime, TransactionId, Decimal]]]
    ) -> dict[bool, Explained]:
        """What came in (True) and went out (False) within a part, where something did."""
        found: dict[bool, Explained] = {}
        for comes_in, name in ((True, phrase("Came in")), (False, phrase("Went out"))):
            moved = [each for _, each in flows if (each[2] > 0) is comes_in]
            if moved:
                found[comes_in] = Explained(
                    name=phrase("{name} within the part of {day}", name=name, day=day),
                    value=exact_sum(amount.copy_abs() for _, _, amount in moved),
                    unit=self.base,
                    formula="Σ(flows)",
                    words=phrase("Flows of the part before which no value was recorded."),
                    definition=RETURNS,
                    make_inputs=lambda moved=moved: [  # type: ignore[misc]
                        several("flows", (self.flow(id_, amount.copy_abs()) for _, id_, amount in moved))
                    ],
                )
        return found

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
    records: Callable[[], Mapping[TransactionId, FlowRecord]] = dict,
) -> Measured:
    """The days from `first` to `last` of a whole portfolio or, with `keep`, of a part of it."""
    places = [Place(piece, number) for piece in series.pieces for number in range(len(piece.days))]
    days = series.whole if keep is None else series.part(keep)
    begins = (first - days[0].day).days
    ends = (last - days[0].day).days + 1
    return Measured(
        standings, days[begins:ends], places[begins:ends], keep or (lambda _row: True), name, series.base.code, records
    )


def _part(period: SubPeriod, opening: Node, closing: Node, between: Mapping[bool, Node]) -> Explained:
    assert period.growth is not None
    inputs = [one("closing", closing), one("opening", opening)]
    inputs += [one("in" if comes_in else "out", node) for comes_in, node in between.items()]
    top = "(closing + out)" if False in between else "closing"
    under = "(opening + in)" if True in between else "opening"
    return Explained(
        phrase("Growth between two flows"),
        period.growth,
        Unit.NUMBER,
        f"{top} ÷ {under}",
        phrase("The value before a flow was recorded when it was entered."),
        RETURNS,
        lambda: inputs,
    )


def _plus(before: Node, moved: Node, flow: ExternalFlow, base: str) -> Explained:
    assert flow.before is not None
    return Explained(
        phrase("Value just after the flow"),
        EXACT.add(flow.before, flow.amount),
        base,
        "before + in" if flow.amount > 0 else "before − out",
        phrase("The value before it, and what it moved."),
        DAILY_SERIES,
        lambda: [one("before", before), one("in" if flow.amount > 0 else "out", moved)],
    )


def _flowed(day: ValuedDay, *, comes_in: bool) -> Decimal:
    return exact_sum(flow.amount.copy_abs() for flow in day.flows if (flow.amount > 0) is comes_in)
