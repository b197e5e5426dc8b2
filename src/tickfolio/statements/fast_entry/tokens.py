"""A line cut into words, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tickfolio.statements.fast_entry.words import SIGNS, folded

# Narrow and fixed spaces group digits, so they part no words.
_SPACE = "(?:(?![\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}])\\s)"
_TOKEN = re.compile(rf'"(?P<quoted>[^"]*)(?:"|\Z)|@|(?:(?!{_SPACE})[^"@])+')
_MARKS = "".join(SIGNS)
_NUMBER = re.compile(
    rf"(?P<sign>[+\-\N{{MINUS SIGN}}]?)(?P<before>[{_MARKS}]?)"
    r"(?P<digits>[0-9.,][0-9.,'\N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]*)"
    rf"(?P<after>[{_MARKS}]|[A-Za-z]{{3}})?\Z"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, the text in quotes, or a sign that stands by itself."""

    text: str
    start: int
    end: int
    is_quoted: bool = False

    @property
    def word(self) -> str:
        """As the tables of words have it."""
        return self.text if self.is_quoted else folded(self.text)

    @property
    def is_capital(self) -> bool:
        """Whether it is written as symbols are."""
        return self.text.isupper()


@dataclass(frozen=True, slots=True)
class Spelt:
    """A number as it is spelt: its sign, its digits and marks, and the currency that is joined to it."""

    sign: str
    digits: str
    currency: str


def tokens_of(text: str) -> list[Token]:
    """The words of a text; a comma or semicolon at the end of one belongs to none."""
    found = []
    for match in _TOKEN.finditer(text):
        quoted = match["quoted"]
        if quoted is not None:
            found.append(Token(quoted.strip(), match.start(), match.end(), is_quoted=True))
            continue
        word = match[0].rstrip(",;")
        if word:
            found.append(Token(word, match.start(), match.start() + len(word)))
    return found


def spelt_number(token: Token, currencies: frozenset[str]) -> Spelt | None:
    """A token that is to be a number, right or wrong; None where it is a word."""
    match = None if token.is_quoted else _NUMBER.match(token.text)
    if match is None or not any(each.isdigit() for each in match["digits"]):
        return None
    after = match["after"] or ""
    if len(after) == 3 and after.upper() not in currencies:
        return None
    mark = match["before"] or after
    return Spelt(match["sign"].replace("\N{MINUS SIGN}", "-"), match["digits"], SIGNS.get(mark, mark.upper()))
