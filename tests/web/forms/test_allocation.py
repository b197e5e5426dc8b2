"""Targets, what an instrument is, and how much is to be invested, as they are typed."""

from __future__ import annotations

from decimal import Decimal

from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.persistence.selectors.classifications import Said
from tickfolio.services.allocation_parts import Dimension, PartName
from tickfolio.services.allocation_targets import Target, Targets
from tickfolio.services.allocations import Asked
from tickfolio.services.classifications import Chosen, Classification
from tickfolio.web.forms.allocation import ClassificationForm, RebalanceForm, TargetsForm

SHARES = PartName("equity")


def rebalance(**typed: str) -> RebalanceForm:
    return RebalanceForm(typed or None, mark=",", base="EUR", free="100,00")


def targets(sent: dict[str, str] | None = None, **offered: PartName) -> TargetsForm:
    kept = Targets(Dimension.CLASS, (Target(SHARES, Decimal("12.5")),), Decimal(3), 2)
    return TargetsForm(sent, targets=kept, parts=[(SHARES, "Shares")], offered=offered, mark=",")


def test_without_a_word_the_free_cash_is_invested_by_buying_only() -> None:
    assert rebalance().asked() == Asked()
    assert 'placeholder="100,00"' in str(rebalance()["amount"])


def test_amounts_are_read_with_the_marks_of_the_person() -> None:
    form = rebalance(what="withdraw", amount="1.234,50", how="both", minimum="25")
    assert form.asked() == Asked(None, Decimal("1234.50"), sells=True, minimum=Decimal(25))
    assert rebalance(what="invest", amount="0").asked() == Asked(Decimal(0))
    assert rebalance(what="withdraw").asked() == Asked(None, Decimal(0))


def test_what_cannot_be_read_counts_as_nothing_and_is_named() -> None:
    form = rebalance(amount="-5", minimum="many")
    assert form.asked() == Asked()
    assert set(form.errors) == {"amount", "minimum"}


def test_the_targets_that_there_are_stand_in_the_form() -> None:
    form = targets()
    ((part, field),) = form.rows
    assert (part, field.value()) == (SHARES, "12,5")
    assert (form["version"].value(), form["tolerance"].value()) == (2, "3")
    assert len(form.new_rows) == 3


def test_what_was_sent_is_read_by_the_keys_that_were_sent_with_it() -> None:
    sent = {
        "version": "2",
        "tolerance": "3",
        "key-0": "l:gold",
        "label-0": "Gold",
        "percent-0": "7,5",
        "key-1": "equity",
    }
    form = targets({**sent, "name-0": "BONDS", "new-0": "2"}, Bonds=PartName("bond"))
    assert form.is_valid(), form.errors
    assert form.targets() == [
        Target(PartName("l:gold", "Gold"), Decimal("7.5")),
        Target(PartName("bond"), Decimal(2)),
    ]


def test_what_the_service_refuses_stands_at_its_line() -> None:
    form = targets({"version": "2", "tolerance": "3", "key-0": "equity", "percent-0": "70"})
    assert form.is_valid()
    form.refuse({"equity": "No.", "targets": "Too much."})
    assert form.errors == {"percent-0": ["No."], "__all__": ["Too much."]}


def test_an_instrument_shows_what_was_said_and_what_it_is_known_as() -> None:
    said = Said("", "Food", "", "core", 4)
    apple = Classification(Symbol("AAPL"), "Apple", InstrumentClass.EQUITY, "", "Food", "US", "USD", "core", said)
    form = ClassificationForm(None, of=apple, known={"class_label": "Shares", "country": "United States"})
    assert (form["sector"].value(), form["country"].value(), form["version"].value()) == ("Food", "", 4)
    assert "As known: United States" in str(form["country"])
    assert 'placeholder="Shares"' in str(form["class_label"])
    sent = ClassificationForm({"version": "4", "sector": " Food ", "country": "CH"}, of=apple, known={})
    assert sent.is_valid()
    assert sent.chosen() == Chosen("", "Food", "CH", "")
    assert "Unclassified" in str(sent["country"])
