import pytest

from tests.statements.fast_entry.lines import CURRENCIES
from tickfolio.statements.fast_entry.tokens import Spelt, Token, spelt_number, tokens_of


def test_a_line_is_cut_at_spaces_signs_and_quotes() -> None:
    words = [(each.text, each.is_quoted) for each in tokens_of('buy 1, AAPL@5 "a b" "open')]
    assert words == [
        ("buy", False),
        ("1", False),
        ("AAPL", False),
        ("@", False),
        ("5", False),
        ("a b", True),
        ("open", True),
    ]


def test_spaces_that_group_digits_part_nothing() -> None:
    assert [each.text for each in tokens_of("1\N{NARROW NO-BREAK SPACE}000,5 x")] == [
        "1\N{NARROW NO-BREAK SPACE}000,5",
        "x",
    ]


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("10", Spelt("", "10", "")),
        ("\N{MINUS SIGN}4.5", Spelt("-", "4.5", "")),
        ("+€12", Spelt("+", "12", "EUR")),
        ("12usd", Spelt("", "12", "USD")),
        ("12ABC", None),
        ("3M", None),
        ("...", None),
        ("AAPL", None),
    ],
)
def test_a_word_that_is_to_be_a_number_is_told_from_others(text: str, spelt: Spelt | None) -> None:
    assert spelt_number(Token(text, 0, len(text)), CURRENCIES) == spelt


def test_what_stands_in_quotes_is_no_number() -> None:
    assert spelt_number(Token("10", 0, 4, is_quoted=True), CURRENCIES) is None
