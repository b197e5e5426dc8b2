"""The day of a holding: what was held, bought and sold since the reference gained.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tickfolio.domain.explain.amounts import quantity_node
from tickfolio.domain.explain.considerations import consideration_node, signed_node, sum_node
from tickfolio.domain.explain.day_parts import DayParts, Terms
from tickfolio.domain.explain.definitions import DAY
from tickfolio.domain.explain.facts import conversion
from tickfolio.domain.explain.holding_facts import HoldingFacts
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Input, Node, Unit, one, several
from tickfolio.domain.explain.paid import fees_node, incomes_node, taxes_node
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.ledger.lots import ClosedLot, Lot
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.day_change import exact_sum, is_bought_after, price_gain
from tickfolio.domain.valuation.valuation import Day, Row
from tickfolio.words import phrase

ZERO = Decimal(0)


def holding_day(standing: Standing, row: Row, day: Day) -> DayParts:
    """What the day of a holding is made of."""
    return HoldingDay(standing, row, day).parts()


class HoldingDay(HoldingFacts):
    """The terms of a holding's day."""

    def parts(self) -> DayParts:
        """All parts."""
        standing, after, position = self.standing, self.after, self.position
        incomes = [each for each in position.incomes if each.counts_at > after]
        charges = [each for each in position.charges if each.at > after]
        income, fees = incomes_node(standing, incomes), fees_node(standing, charges)
        taxes = taxes_node(standing, incomes, charges)
        arrived = self._arrived()
        return DayParts(
            total=Terms(
                phrase("What was held, bought and sold since the reference gained, with income, fees and taxes.")
            )
            .plus("held", self._held_change())
            .plus("sold", self._sold_change())
            .plus("arrived", arrived)
            .plus("bought", self._bought_change())
            .plus("turned", self._turned(is_price=False))
            .plus("income", income)
            .minus("fees", fees)
            .minus("taxes", taxes),
            price=Terms(
                phrase("What all that was held at the reference gained by its price, had none of it been traded.")
            )
            .plus("held", self._held_price())
            .plus("sold", self._sold_untraded())
            .plus("arrived", arrived),
            all_price=Terms()
            .plus("held", self._held_price())
            .plus("sold", self._sold_price())
            .plus("arrived", arrived)
            .plus("bought", self._bought_price())
            .plus("turned", self._turned(is_price=True)),
            income=Terms(phrase("Gross, since the reference.")).plus("income", income),
            fees=Terms(phrase("Fees outside the cost, since the reference.")).minus("fees", fees),
            taxes=Terms(phrase("Taxes withheld or outside the cost, since the reference.")).minus("taxes", taxes),
        )

    # ---------- What was held ----------

    def _held_change(self) -> Node | None:
        if not self.counts_since or not self.sums.held:
            return None
        held, close = self.sums.held, self.close_price()
        now = self.valued(held, self.price(), self.rate_now())
        then = self.valued(held, close, self.rate_then())
        return self.node(
            phrase("What was held at the reference"),
            EXACT.subtract(now, then),
            f"{self.split_formula('held × price', 'rate')} − {self.split_formula('held × close', 'rate then')}",
            phrase("Its value now, less its value at the reference."),
            lambda: [
                *self._held(),
                *self.prices(),
                *self.rates("rate"),
                *self.rates("rate then"),
                *self.splits(),
            ],
        )

    def _held_price(self) -> Node | None:
        if not self.counts_since or not self.sums.held:
            return None
        held, rate = self.sums.held, self.rate_now()
        value = EXACT.subtract(self.valued(held, self.price(), rate), self.valued(held, self.close_price(), rate))
        if self.ratio[0] == self.ratio[1]:
            formula = f"held × (price − close){self.factor()}{self.into('rate')}"
        else:
            formula = f"{self.split_formula('held × price', 'rate')} − {self.split_formula('held × close', 'rate')}"
        return self.node(
            phrase("What was held at the reference, by its price"),
            value,
            formula,
            phrase("What its price moved, at the rate now."),
            lambda: [*self._held(), *self.prices(), *self.rates("rate"), *self.splits()],
        )

    def _held(self) -> list[Input]:
        row, sums = self.row, self.sums
        assert row.symbol is not None
        quantity = quantity_node(self.standing, row.account, row.symbol)
        later = [lot for lot in self.position.lots if is_bought_after(lot, self.after)]
        if not later and not sums.arrived:
            return [one("held", quantity)]
        taken = [_lot_units(lot) for lot in later]
        if sums.arrived:
            taken.append(Fact(FactKind.LOT, phrase("Units that a spin-off brought since"), sums.arrived, Unit.UNITS))
        return [
            one(
                "held",
                Explained(
                    phrase("Units held since the reference"),
                    sums.held,
                    Unit.UNITS,
                    "quantity − Σ(later)",
                    phrase("What is held, less what came since."),
                    DAY,
                    lambda: [one("quantity", quantity), several("later", taken)],
                ),
            )
        ]

    def _arrived(self) -> Node | None:
        if self.quote is None or not self.sums.arrived:
            return None
        units = Fact(
            FactKind.LOT, phrase("Units that a spin-off brought since the reference"), self.sums.arrived, Unit.UNITS
        )
        return self.node(
            phrase("What a spin-off brought"),
            self.valued(self.sums.arrived, self.price(), self.rate_now()),
            self.split_formula("arrived × price", "rate"),
            phrase("All that it is worth is gained, as what it left lost it."),
            lambda: [one("arrived", units), *self.prices(with_close=False), *self.rates("rate"), *self.splits()],
        )

    # ---------- What was bought ----------

    def _bought_change(self) -> Node | None:
        cost = self._bought_cost()
        if cost is None:
            return None
        value = EXACT.subtract(self._bought_now(), self.sums.bought_cost)
        return self._bought_node(
            phrase("What was bought since"), value, phrase("The value now, less what it cost."), cost, "cost"
        )

    def _bought_price(self) -> Node | None:
        if self._bought_cost() is None:
            return None
        amounts = []
        for currency, amount in self.sums.bought_stated:
            amounts.append(self._cost_now(currency, amount))
        cost = sum_node(
            phrase("What was paid, at the rates now"),
            amounts,
            unit=self.base,
            symbol="amounts",
            words=phrase("By each currency."),
        )
        assert isinstance(cost.value, Decimal)
        value = EXACT.subtract(self._bought_now(), cost.value)
        words = phrase("The value now, less what it cost at the rates now.")
        return self._bought_node(phrase("What was bought since, by its price"), value, words, cost, "cost")

    def _bought_node(self, name: str, value: Decimal, words: str, cost: Node, symbol: str) -> Node:
        lots = [lot for lot in self.position.lots if is_bought_after(lot, self.after)]
        units = Explained(
            phrase("Units bought since"),
            self.sums.bought,
            Unit.UNITS,
            "Σ(lots)",
            phrase("What is left of the purchases since the reference."),
            DAY,
            lambda: [several("lots", [_lot_units(lot) for lot in lots])],
        )
        return self.node(
            name,
            value,
            f"{self.split_formula('bought × price', 'rate')} − {symbol}",
            words,
            lambda: [
                one("bought", units),
                *self.prices(with_close=False),
                *self.rates("rate"),
                *self.splits(),
                one(symbol, cost),
            ],
        )

    def _bought_cost(self) -> Node | None:
        lots = [lot for lot in self.position.lots if is_bought_after(lot, self.after)]
        if not lots:
            return None
        costs = [
            signed_node(consideration_node(self.standing, lot.cost, lot.transaction, name="Cost"), lot.quantity)
            for lot in lots
        ]
        return sum_node(
            phrase("What it cost"),
            costs,
            unit=self.base,
            symbol="lots",
            words=phrase("Each at the rate of its purchase."),
        )

    def _bought_now(self) -> Decimal:
        return self.valued(self.sums.bought, self.price(), self.rate_now())

    def _cost_now(self, currency: Currency, amount: Decimal) -> Node:
        fact = Fact(
            FactKind.LOT,
            phrase("What was paid in {currency}", currency=currency),
            amount,
            currency.code,
            source="ledger",
        )
        into, rates = conversion(self.standing.sources, currency, self.standing.book.base, self.standing.at)
        if not rates:
            return fact
        value = EXACT.multiply(amount, self.standing.rates.rate(currency))
        words = phrase("At the rate in force now.")
        return self.node(fact.name, value, f"amount{into}", words, lambda: [one("amount", fact), *rates])

    # ---------- What was sold ----------

    def _closed(self, *, is_turned: bool) -> list[ClosedLot]:
        return [
            lot
            for lot in self.position.closed
            if lot.closed_at > self.after and (lot.acquired_at > self.after and lot.own.is_known) is is_turned
        ]

    def _proceeds(self, lots: Sequence[ClosedLot]) -> Explained:
        nodes = [
            signed_node(consideration_node(self.standing, lot.ended, lot.closed_by, name="Proceeds"), lot.quantity)
            for lot in lots
        ]
        return sum_node(
            phrase("What the sales brought"),
            nodes,
            unit=self.base,
            symbol="lots",
            words=phrase("Each at the rate of its sale."),
        )

    def _sold_change(self) -> Node | None:
        lots = self._closed(is_turned=False)
        if not lots:
            return None
        proceeds = self._proceeds(lots)
        if not self.counts_since or not self.sums.sold:
            return proceeds
        then = self.flat(self.sums.sold, self.close_price(), self.rate_then())
        return self.node(
            phrase("What was sold since"),
            EXACT.subtract(self.sums.sold_proceeds, then),
            f"proceeds − units × close{self.factor()}{self.into('rate then')}",
            phrase("What it brought, less its value at the reference."),
            lambda: [
                one("proceeds", proceeds),
                *self._sold_units(lots),
                *self.prices(with_price=False),
                *self.rates("rate then"),
            ],
        )

    def _sold_price(self) -> Node | None:
        lots = self._closed(is_turned=False)
        if not lots:
            return None
        label = phrase("What the sales brought, each at the rate of its trade")
        brought = Fact(FactKind.LOT, label, self.sums.sold_price, self.base, source="ledger")
        if not self.counts_since or not self.sums.sold:
            return brought
        at_rates = EXACT.multiply(EXACT.multiply(self.sums.sold_at_rates, self.close_price()), self.unit_value())
        label = phrase("Units sold, each times the rate of its sale")
        units = Fact(FactKind.LOT, label, self.sums.sold_at_rates, Unit.NUMBER, source="ledger")
        return self.node(
            phrase("What was sold since, by its price"),
            EXACT.subtract(self.sums.sold_price, at_rates),
            f"proceeds − units × close{self.factor()}",
            phrase("What it brought, less its close at the rate of the sale."),
            lambda: [one("proceeds", brought), one("units", units), *self.prices(with_price=False)],
        )

    def _sold_untraded(self) -> Node | None:
        if not self.counts_since or not self.sums.sold:
            return None
        move = EXACT.subtract(self.price(), self.close_price())
        return self.node(
            phrase("What was sold since, had it been kept"),
            self.flat(self.sums.sold, move, self.rate_now()),
            f"units × (price − close){self.factor()}{self.into('rate')}",
            phrase("What its price moved until now, at the rate now."),
            lambda: [*self._sold_units(self._closed(is_turned=False)), *self.prices(), *self.rates("rate")],
        )

    def _sold_units(self, lots: Sequence[ClosedLot]) -> list[Input]:
        sums = self.sums
        if exact_sum(lot.quantity for lot in lots) != sums.sold:
            label = phrase("Units sold since, on the basis of the price")
            return [one("units", Fact(FactKind.LOT, label, sums.sold, Unit.UNITS, source="ledger"))]
        facts = [_closed_units(lot) for lot in lots]
        return [
            one(
                "units",
                Explained(
                    phrase("Units sold since"),
                    sums.sold,
                    Unit.UNITS,
                    "Σ(lots)",
                    phrase("What the sales took."),
                    DAY,
                    lambda: [several("lots", facts)],
                ),
            )
        ]

    def _turned(self, *, is_price: bool) -> Node | None:
        lots = self._closed(is_turned=True)
        if not lots:
            return None
        standing = self.standing
        if is_price:
            facts = [self._turned_price(lot) for lot in lots]
            return sum_node(
                phrase("What was bought and sold since, by its price"),
                facts,
                unit=self.base,
                symbol="lots",
                words=phrase("End less start in the currency of the trade, at the rate of the end."),
            )
        costs = [
            signed_node(consideration_node(standing, lot.own, lot.opened_by, name="Cost"), lot.quantity) for lot in lots
        ]
        proceeds = self._proceeds(lots)
        cost = sum_node(
            phrase("What it cost"),
            costs,
            unit=self.base,
            symbol="lots",
            words=phrase("Each at the rate of its purchase."),
        )
        return self.node(
            phrase("What was bought and sold since"),
            self.sums.turned,
            "proceeds − cost",
            phrase("What it brought, less what it cost."),
            lambda: [one("proceeds", proceeds), one("cost", cost)],
        )

    def _turned_price(self, lot: ClosedLot) -> Fact:
        value = price_gain(lot, lot.own, self.standing.facts)
        label = phrase("Price part of a lot bought and sold since")
        return Fact(FactKind.LOT, label, value, self.base, lot.closed_at, "ledger", lot.closed_by)


def _closed_units(lot: ClosedLot) -> Fact:
    label = phrase("Units of the lot of {acquired_at:%Y-%m-%d}", acquired_at=lot.acquired_at)
    return Fact(FactKind.LOT, label, lot.quantity, Unit.UNITS, lot.closed_at, "ledger", lot.closed_by)


def _lot_units(lot: Lot) -> Fact:
    label = phrase("Units of the lot of {acquired_at:%Y-%m-%d}", acquired_at=lot.acquired_at)
    return Fact(FactKind.LOT, label, lot.quantity, Unit.UNITS, lot.acquired_at, "ledger", lot.transaction)
