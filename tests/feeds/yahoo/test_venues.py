from __future__ import annotations

import pytest

from tickfolio.domain.instruments import InstrumentClass, Publication
from tickfolio.feeds.yahoo.venues import class_of, mic_of, publication_of


@pytest.mark.parametrize(
    ("code", "mic"),
    [
        ("NMS", "XNAS"),
        ("ngm", "XNAS"),
        ("NYQ", "XNYS"),
        ("PCX", "ARCX"),
        ("SNP", "XNYS"),
        ("DJI", "XNYS"),
        ("NIM", "XNAS"),
        ("CXI", "XCBO"),
        ("LSE", "XLON"),
        ("GER", "XETR"),
        ("JPX", "XTKS"),
        ("OSA", "XTKS"),
        ("CCC", "24/7"),
        ("CCY", "24/5"),
        ("", "XXXX"),
        ("ZZZ", "XXXX"),
    ],
)
def test_exchanges(code: str, mic: str) -> None:
    assert mic_of(code) == mic


def test_kinds() -> None:
    assert [class_of(kind) for kind in ("EQUITY", "ETF", "MUTUALFUND", "CRYPTOCURRENCY", "INDEX", "")] == [
        InstrumentClass.EQUITY,
        InstrumentClass.FUND,
        InstrumentClass.FUND,
        InstrumentClass.CRYPTO,
        InstrumentClass.OTHER,
        InstrumentClass.OTHER,
    ]


def test_only_funds_that_no_exchange_trades_are_priced_once_a_day() -> None:
    assert publication_of("MUTUALFUND") is Publication.DAILY
    assert publication_of("ETF") is Publication.TICK
