import itertools
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.statements.fast_entry.lines import ENGLISH, GERMAN, read, said, wrong
from tickfolio.statements.fast_entry.line import Ground, Line, PartKind
from tickfolio.statements.fast_entry.words import TYPES

WHOLE = [
    (
        "buy 10 AAPL at 189.20 fee 1 on 16 apr in Northbank",
        "buy 10 AAPL at 189.20 fee 1 2026-04-16 in a1",
    ),
    ("sell 60 SAP", "sell 60 SAP"),
    ("deposit 2000 EUR", "deposit 2000 EUR"),
    ("dividend JNJ 45.50 USD tax 6.83", "dividend JNJ 45.50 USD tax 6.83"),
    ("AAPL +10 @189,20", "buy 10 AAPL at 189.20"),
    ("AAPL -10 @ 190", "sell 10 AAPL at 190"),
    ("+2000 EUR", "deposit 2000 EUR"),
    ("-500€", "withdrawal 500 EUR"),
    ("BUY 10 AAPL AT 189.20 USD", "buy 10 AAPL at 189.20 USD"),
    ("bought 10 shares of AAPL 189.20", "buy 10 AAPL at 189.20"),
    ("buy AAPL 10 x 189.20", "buy 10 AAPL at 189.20"),
    ("buy 10 AAPL for 1892", "buy 10 AAPL 1892"),
    ("buy 10 AAPL in EUR rate 0.92", "buy 10 AAPL settled EUR rate 0.92"),
    ("fee 3.50 EUR", "fee 3.50 EUR"),
    ("tax 12", "tax 12"),
    ("interest EUR 12.40 tax 3.10 Harbor Light", "interest 12.40 EUR tax 3.10 in a2"),
    ('buy 1 AAPL at 9 "first  one"', "buy 1 AAPL at 9 note first one"),
    ("buy 1 AAPL at 9 note sold by mistake @ 5", "buy 1 AAPL at 9 note sold by mistake @ 5"),
    ("withdraw 20 from Northbank yesterday 9:30", "withdrawal 20 2026-04-19 09:30:00 in a1"),
    ("buy 10 $ON at 60", "buy 10 ON at 60"),
    ("buy 10 ON at 60", "buy 10 ON at 60"),
    ("buy 10 MAR at 250", "buy 10 MAR at 250"),
    ("dividend from JNJ 45.50", "dividend JNJ 45.50"),
    ("buy 5 apple inc at 3:30pm at 5", "buy 5 apple inc at 5 15:30:00"),
    ("deposit 1'000.50", "deposit 1000.50"),
]


def in_a_line(line: Line) -> str:
    """What is right in a line, in one order."""
    leads = {
        "price": "at ",
        "fee": "fee ",
        "tax": "tax ",
        "account": "in ",
        "settlement": "settled ",
        "rate": "rate ",
        "note": "note ",
    }
    order = (
        "type", "quantity", "instrument", "price", "amount", "fee", "tax", "settlement", "rate", "day", "time", "account", "note"
    )  # fmt: skip
    values = {kind.value: f"{value} {currency}".strip() for kind, (value, currency) in line.values().items()}
    return " ".join(
        f"{'' if name == 'fee' and 'type' not in values else leads.get(name, '')}{values[name]}"
        for name in order
        if name in values
    )


@pytest.mark.parametrize(("typed", "meant"), WHOLE)
def test_a_line_in_english_says_what_a_person_means(typed: str, meant: str) -> None:
    assert (in_a_line(read(typed)), wrong(typed)) == (meant, [])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kauf 10 AAPL zu 189,20 am 16.4. gebühr 1,50", "buy 10 AAPL at 189.20 fee 1.50 2026-04-16"),
        ("Verkauf 60 Stück SAP je 243,11 € bei Northbank", "sell 60 SAP at 243.11 EUR in a1"),
        ("einzahlung 2000 EUR auf Harbor Light gestern", "deposit 2000 EUR 2026-04-19 in a2"),
        ("dividende von JNJ 45,50 USD quellensteuer 6,83", "dividend JNJ 45.50 USD tax 6.83"),
        ("gebühr 3,50", "fee 3.50"),
        ("Auszahlung 1.234,56 EUR 3. März", "withdrawal 1234.56 EUR 2026-03-03"),
        ("Kauf 1.000 AAPL", "buy 1000 AAPL"),
        ("zinsen 12,40 steuer 3,10 um 9:15 uhr", "interest 12.40 tax 3.10 09:15:00"),
    ],
)
def test_a_line_in_german_says_the_same(typed: str, meant: str) -> None:
    assert (in_a_line(read(typed, GERMAN)), wrong(typed, GERMAN)) == (meant, [])


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ("buy", ["Expected a quantity such as 10; the line has none.", "Expected an instrument such as AAPL; the line has none."]),
        ("AAPL 10", ["Expected what it is, such as buy, sell, dividend or deposit; the line has none."]),
        ("buy 5 ibm at ten", ["Did not understand “at ten”: expected a price such as 12.5."]),
        ("buy 5 ibm @ 100 @ 200", ["Expected one price, was another: @ 200."]),
        ("buy 5 ibm fee abc", ["Did not understand “fee abc”: expected a fee such as 12.5."]),
        ("buy 5 ibm 2012-13-45", ["Expected a day that there is, was 2012-13-45."]),
        ("buy 5 ibm at fee 2", ["Expected a price such as 12.5, was fee."]),
        ("sell all aapl", ["Did not understand “all”: expected a quantity such as 10."]),
        ("buy 0 AAPL", ["Expected a number above 0, was 0."]),
        ("buy -3 AAPL", ["Expected a number above 0, was -3."]),
        ("buy 1 AAPL fee -1", ["Expected 0 or more, was fee -1."]),
        ("buy 1 AAPL at", ["Expected a price such as 12.5, was the end of the line."]),
        ("buy 1 AAPL fee 1 fee 2", ["Expected one fee, was another: fee 2."]),
        ("buy 1 AAPL 2 3", ["Did not understand “3”."]),
        ("buy sell 1 AAPL", ["Expected one type, was another: sell."]),
        ("buy 1 AAPL in Nowhere", ["Expected an account of this portfolio such as Northbank, was Nowhere."]),
        ("buy 1 AAPL in Nort", ["Expected an account of this portfolio such as Northbank, was Nort."]),
        ("buy 1 AAPL on", ["Expected a day such as 16 Apr or 2012-04-16, was the end of the line."]),
        ("deposit 5 AAPL", ["Did not understand “AAPL”."]),
        ("deposit 5 at 3", ["Expected no price for this type, was at 3."]),
        ("buy 1 AAPL at EUR 5 USD", ["Did not understand “USD”."]),
        ("buy 1 AAPL at EUR 5€", []),
        ("buy 1 AAPL at EUR 5$", ["Expected one currency, was EUR and USD."]),
        ("note", ["Expected a note; the line has none.",
                  "Expected what it is, such as buy, sell, dividend or deposit; the line has none."]),
    ],
)  # fmt: skip
def test_what_is_wrong_or_missing_is_said_with_what_was_expected(typed: str, faults: list[str]) -> None:
    assert wrong(typed) == faults


def test_each_part_knows_where_it_stands_in_the_text() -> None:
    typed = "kauf 10  AAPL @ 189.20 USD, fee 1"
    stands = [(part.kind.value, typed[part.start : part.end]) for part in read(typed).parts]
    assert stands == [
        ("type", "kauf"), ("quantity", "10"), ("instrument", "AAPL"), ("price", "@ 189.20 USD"), ("fee", "fee 1")
    ]  # fmt: skip


def test_an_account_is_known_by_its_beginning_unless_two_begin_so() -> None:
    assert said("deposit 5 to harb")["account"] == "a2"
    assert said("deposit 5 to northb")["account"] == "a1"
    assert "account" not in said("deposit 5 to north")


def test_an_account_without_a_word_before_it_is_never_taken_for_the_instrument_alone() -> None:
    named = Ground(today=ENGLISH.today, accounts=[("a1", "SAP")], currencies=ENGLISH.currencies, mark=".")
    assert said("buy 5 SAP at 100", named)["instrument"] == "SAP"
    assert said("buy 5 SAP SAP at 100", named) == {
        "type": "buy", "quantity": "5", "instrument": "SAP", "account": "a1", "price": "100"
    }  # fmt: skip


# ---------- Laws ----------

VOCABULARY = st.sampled_from(
    [
        *TYPES, "fee", "tax", "@", "at", "on", "am", "in", "from", "rate", "total", "note", "//", '"', "AAPL", "SAP", "$X",
        "apple", "EUR", "usd", "€5", "5€", "Northbank", "Harbor", "Light", "north", "10", "1.5", "1,5", "1,234", "-3", "+7",
        "16", "apr", "Mai", "16.4.", "2026-04-16", "30.2.2026", "3/4", "9:30", "25:00", "3pm", "heute", "montag", "2026", ":",
        "=", ".", ",", "\N{MINUS SIGN}4", "1\N{NO-BREAK SPACE}000", "ß", "İ", "\N{ZERO WIDTH JOINER}", "\x00", "\U0001f4b6",
    ]
)  # fmt: skip
LINES = st.one_of(
    st.text(max_size=80), st.lists(VOCABULARY, max_size=14).map(" ".join), st.lists(VOCABULARY).map("".join)
)


@given(LINES, st.sampled_from([ENGLISH, GERMAN]))
@example("@", ENGLISH)
@example('"', ENGLISH)
@example("١٠ AAPL", ENGLISH)
@example("buy １０ AAPL", ENGLISH)
def test_any_text_is_a_line_whose_parts_stand_in_it_in_order(text: str, ground: Ground) -> None:
    line = read(text, ground)
    places = [(part.start, part.end) for part in line.parts if part.kind is not PartKind.TYPE]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(places))
    assert all(part.value is not None or part.fault for part in line.parts)
    assert line.is_whole == (not wrong(text, ground))


@pytest.mark.parametrize(
    "unit",
    [
        "buy ",
        "10 ",
        "in ",
        "@",
        '"',
        "AAPL ",
        "Harbor ",
        "16 apr ",
        "1,2.",
        "fee 1 ",
        "€",
        "-",
        "\N{COMBINING ACUTE ACCENT}",
    ],
)
def test_a_line_of_ten_thousand_characters_takes_no_time(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 5
