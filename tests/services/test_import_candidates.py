"""Rows that name other accounts, symbols and lots."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from tests.services.test_import_fates import BUY, GROUND, fates, judged
from tickfolio.domain.ledger.transactions import LotChoice, Sell, TransactionType, TransferOut
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.import_candidates import references_in, row_id
from tickfolio.services.import_ground import Fate, ReadRow
from tickfolio.statements.rows import EntryLot, InstrumentFacts

BANK = AccountView("00000000-0000-0000-0000-000000000009", "p", "Bank", "EUR")
WITH_BANK = replace(GROUND, accounts={**GROUND.accounts, "Bank": BANK})
LATER = datetime(2012, 5, 22, 14, tzinfo=UTC)


def test_a_transfer_asks_for_the_account_that_nobody_knows() -> None:
    out = replace(BUY, type=TransactionType.TRANSFER_OUT, at=LATER, price=None, currency="", to_account="Nobody's")
    judgement = judged(BUY, out, ground=WITH_BANK)
    assert fates(judgement) == [Fate.NEW, Fate.ASKS]
    assert judgement.verdicts[2].reason == "Choose the account that Nobody's is."
    judgement = judged(BUY, replace(out, to_account="Bank"), ground=WITH_BANK)
    assert fates(judgement) == [Fate.NEW, Fate.NEW]
    read = judgement.verdicts[2].read
    assert read is not None
    assert isinstance(read.transaction, TransferOut)
    assert read.transaction.to_account == BANK.id


def test_a_lot_is_of_the_row_that_it_names() -> None:
    sale = replace(BUY, type=TransactionType.SELL, at=LATER, lots=(EntryLot(Decimal(4), reference="r1"),))
    judgement = judged(replace(BUY, reference="r1"), sale)
    read = judgement.verdicts[2].read
    assert read is not None
    assert isinstance(read.transaction, Sell)
    assert read.transaction.lots == (LotChoice(row_id(1), Decimal(4)),)
    refused = judged(BUY, sale).verdicts[2]
    assert (refused.fate, refused.reason) == (
        Fate.REFUSED,
        "Expected a lot of a row of this file, was 'r1', which no row bears.",
    )


def test_of_several_rows_of_one_word_the_first_is_meant() -> None:
    rows = [ReadRow(number, replace(BUY, reference="r1")) for number in (1, 2)]
    assert references_in(rows) == {"r1": row_id(1)}


def test_a_file_cannot_change_how_trades_of_an_instrument_are_counted() -> None:
    for facts, reason in (
        (InstrumentFacts(contract_size=Decimal(100)), "Expected 1, the contract size that AAPL has in this portfolio"),
        (InstrumentFacts(quote_unit=Decimal(100)), "Expected 1, the quote unit that AAPL has in this portfolio"),
    ):
        verdict = judged(BUY, ground=replace(GROUND, facts={"AAPL": facts})).verdicts[1]
        assert (verdict.fate, verdict.reason) == (Fate.REFUSED, f"{reason}, was 100.")
    same = InstrumentFacts(contract_size=Decimal(1), quote_unit=Decimal("1.0"))
    assert fates(judged(BUY, ground=replace(GROUND, facts={"AAPL": same}))) == [Fate.NEW]
