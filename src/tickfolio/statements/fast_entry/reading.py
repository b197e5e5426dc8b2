"""A line of text, read as a transaction: from left to right, each word as the first thing that it can be.

It never raises: what makes no sense is a part with a fault. Words that nothing else claims name the instrument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidNumber
from tickfolio.statements.fast_entry import words
from tickfolio.statements.fast_entry.days import read_day, read_time
from tickfolio.statements.fast_entry.line import Ground, Line, Part, PartKind, Value
from tickfolio.statements.fast_entry.settling import CASH_ALONE, SHOWN, TRADES, named_by, settled
from tickfolio.statements.fast_entry.tokens import Spelt, Token, spelt_number, tokens_of
from tickfolio.statements.typed_numbers import parse_typed
from tickfolio.words import marked_phrase, phrase

SHORTEST_ABBREVIATION = 3
LONGEST_DAY = 3


def read_line(text: str, *, ground: Ground) -> Line:
    """What a text says, and what is wrong with it or missing."""
    return settled(_Reader(text, ground).read(), text, ground=ground)


class _Reader:
    def __init__(self, text: str, ground: Ground) -> None:
        self._text = text
        self._ground = ground
        self._tokens = tokens_of(text)
        self._accounts = [
            (id_, [each.word for each in tokens_of(name)]) for id_, name in ground.accounts if tokens_of(name)
        ]
        self._accounts.sort(key=lambda account: -len(account[1]))
        self._at = 0
        self._parts: list[Part] = []
        said = (words.TYPES.get(each.word) for each in self._tokens if not each.is_quoted)
        self._kinds: set[TransactionType] = {kind for kind in said if kind is not None}

    def read(self) -> list[Part]:
        readings: tuple[Callable[[], bool], ...] = (
            self._note, self._type, self._labelled, self._price, self._led_time, self._day, self._time, self._place,
            self._loose_place, self._number, self._everything, self._filler,
        )  # fmt: skip
        while self._at < len(self._tokens):
            if not any(reads() for reads in readings):
                self._put(PartKind.INSTRUMENT, 1, value=named_by(self._here.text))
        return self._parts

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _put(self, kind: PartKind, count: int, *, value: Value = None, fault: str = "") -> bool:
        """Makes the next `count` words a part."""
        first, last = self._tokens[self._at], self._tokens[self._at + count - 1]
        self._parts.append(Part(kind, first.start, last.end, value, fault=fault))
        self._at += count
        return True

    def _is(self, known: frozenset[str]) -> bool:
        return not self._here.is_quoted and self._here.word in known

    def _after(self, count: int = 1) -> list[Token]:
        return self._tokens[self._at + count : self._at + count + LONGEST_DAY]

    # ---------- Words ----------

    def _note(self) -> bool:
        if self._here.is_quoted:
            return self._put(PartKind.NOTE, 1, value=" ".join(self._here.text.split()))
        if not self._is(words.NOTE_WORDS) or (self._here.is_capital and not self._after()):
            return False
        rest = " ".join(self._text[self._here.end :].split())
        fault = "" if rest else phrase("Expected a note; the line has none.")
        return self._put(PartKind.NOTE, len(self._tokens) - self._at, value=rest or None, fault=fault)

    def _type(self) -> bool:
        """A fee and a tax are what is booked where they come first and nothing else is."""
        word = self._here.word
        if self._here.is_quoted:
            return False
        kind = words.TYPES.get(word)
        if kind is None and not self._kinds and self._at == 0 and "@" not in self._text:
            is_fee, is_tax = word in words.FEE_WORDS, word in words.TAX_WORDS
            kind = TransactionType.FEE if is_fee else TransactionType.TAX if is_tax else None
        if kind is None:
            return False
        self._kinds.add(kind)
        return self._put(PartKind.TYPE, 1, value=kind)

    def _filler(self) -> bool:
        if not self._is(words.FILLERS) or self._here.is_capital:
            return False
        self._at += 1
        return True

    # ---------- Numbers ----------

    def _labelled(self) -> bool:
        for kind, known in _LABELS:
            if self._is(known):
                return self._money(kind)
        return self._is(_FOR) and self._number_at(1) is not None and self._money(PartKind.AMOUNT)

    def _price(self) -> bool:
        if not self._is(words.PRICE_WORDS) or (self._is(words.TIME_LEADS) and read_time(self._after()) is not None):
            return False
        if self._here.text != "@" and self._number_at(1) is None and self._account(self._at + 1) is not None:
            return self._put_account(lead=1)
        return self._money(PartKind.PRICE)

    def _money(self, kind: PartKind) -> bool:
        """A label and what stands after it: a number, with its currency before or after it."""
        after = self._after()
        lead = 1
        before = after[0].text.upper() if after else ""
        if before in self._ground.currencies and self._number_at(2) is not None:
            lead = 2
        else:
            before = ""
        spelt = self._number_at(lead)
        if spelt is None:
            if self._here.is_capital and len(self._here.text) < 4:
                return False
            return self._no_money(kind)
        return self._put_number(kind, spelt, lead=lead, currency=before)

    def _no_money(self, kind: PartKind) -> bool:
        """A label without its number, and the word in the place of that where nothing else claims it."""
        expected, figure = _EXPECTED[kind], self._ground.figure(_EXAMPLE)
        after = self._after()
        if any(part.kind is PartKind.INSTRUMENT for part in self._parts) and self._is_left_over(self._at + 1):
            text = self._text[self._here.start : after[0].end][:SHOWN]
            fault = phrase(
                "Did not understand “{text}”: expected {expected} such as {figure}.",
                text=text,
                expected=expected,
                figure=figure,
            )
            return self._put(kind, 2, fault=fault)
        was = after[0].text[:SHOWN] if after else phrase("the end of the line")
        fault = phrase("Expected {expected} such as {figure}, was {was}.", expected=expected, figure=figure, was=was)
        return self._put(kind, 1, fault=fault)

    def _is_left_over(self, at: int) -> bool:
        """Whether a word is there that means nothing by itself."""
        if at >= len(self._tokens) or self._tokens[at].is_quoted or words.is_keyword(self._tokens[at].text):
            return False
        ahead = self._tokens[at : at + LONGEST_DAY]
        is_when = read_day(ahead, today=self._ground.today, is_led=False) or read_time(ahead)
        return is_when is None and self._account(at) is None

    def _number_at(self, ahead: int) -> Spelt | None:
        place = self._at + ahead
        return spelt_number(self._tokens[place], self._ground.currencies) if place < len(self._tokens) else None

    def _put_number(self, kind: PartKind, spelt: Spelt, *, lead: int, currency: str = "") -> bool:
        count = lead + 1
        found = {each for each in (currency, spelt.currency) if each}
        after = self._tokens[self._at + count] if self._at + count < len(self._tokens) else None
        if not found and kind is not PartKind.QUANTITY and after is not None and not after.is_quoted:
            code = words.SIGNS.get(after.text, after.text.upper())
            if code in self._ground.currencies:
                found, count = {code}, count + 1
        number, fault = self._read(spelt)
        if len(found) > 1:
            fault = phrase("Expected one currency, was {sorted}.", sorted=phrase(" and ").join(sorted(found)))
        self._put(kind, count, value=number, fault=fault)
        code = "".join(sorted(found)[:1])
        self._parts[-1] = replace(self._parts[-1], currency=code, is_bare=not lead, is_signed=bool(spelt.sign))
        return True

    def _read(self, spelt: Spelt) -> tuple[Decimal | None, str]:
        try:
            return parse_typed(spelt.sign + spelt.digits, mark=self._ground.mark), ""
        except InvalidNumber as error:
            return None, str(error)

    def _number(self) -> bool:
        """A number by itself is the quantity of a trade first and then its price; of all else it is the amount."""
        spelt = self._number_at(0)
        if spelt is not None:
            is_trade = not self._kinds or bool(self._kinds & TRADES)
            has_quantity = any(part.kind is PartKind.QUANTITY for part in self._parts)
            is_quantity = is_trade and not has_quantity and not spelt.currency
            return self._put_number(PartKind.QUANTITY if is_quantity else PartKind.AMOUNT, spelt, lead=0)
        # ``EUR 2000``, where no instrument can be meant.
        code = self._here.text.upper()
        following = self._number_at(1)
        is_cash = bool(self._kinds) and self._kinds <= _OF_CASH
        is_code = is_cash and not self._here.is_quoted and code in self._ground.currencies
        if not is_code or following is None:
            return False
        return self._put_number(PartKind.AMOUNT, following, lead=1, currency=code)

    def _everything(self) -> bool:
        """``sell all``: a quantity is a number, and a symbol of these letters comes after one or in capitals."""
        has_quantity = any(part.kind is PartKind.QUANTITY for part in self._parts)
        if not self._is(words.EVERYTHING) or self._here.is_capital or has_quantity or self._number_at(1) is not None:
            return False
        fault = phrase("Did not understand “{text}”: expected a quantity such as 10.", text=self._here.text)
        return self._put(PartKind.QUANTITY, 1, fault=fault)

    # ---------- Days, times and places ----------

    def _led_time(self) -> bool:
        found = read_time(self._after()) if self._is(words.TIME_LEADS) else None
        return found is not None and self._put(PartKind.TIME, 1 + found.count, value=found.value, fault=found.fault)

    def _day(self) -> bool:
        lead = 1 if self._is(words.DAY_LEADS) else 0
        found = read_day(self._after(lead), today=self._ground.today, is_led=lead > 0)
        if found is not None:
            return self._put(PartKind.DAY, lead + found.count, value=found.value, fault=found.fault)
        if not lead or self._here.is_capital:
            return False
        after = self._after()
        was = after[0].text[:SHOWN] if after else phrase("the end of the line")
        return self._put(
            PartKind.DAY, 1, fault=phrase("Expected a day such as 16 Apr or 2012-04-16, was {was}.", was=was)
        )

    def _time(self) -> bool:
        found = read_time(self._tokens[self._at : self._at + 1])
        return found is not None and self._put(PartKind.TIME, found.count, value=found.value, fault=found.fault)

    def _place(self) -> bool:
        if not self._is(words.PLACES):
            return False
        after = self._after()
        if self._account(self._at + 1) is not None:
            return self._put_account(lead=1)
        if after and after[0].text.upper() in self._ground.currencies and self._here.word == "in":
            return self._put(PartKind.SETTLEMENT, 2, value=after[0].text.upper())
        if self._here.is_capital:
            return False
        example = self._ground.accounts[0][1] if self._ground.accounts else "Broker"
        was = after[0].text[:SHOWN] if after else phrase("the end of the line")
        fault = phrase("Expected an account of this portfolio such as {example}, was {was}.", example=example, was=was)
        return self._put(PartKind.ACCOUNT, 2 if after else 1, fault=fault)

    def _loose_place(self) -> bool:
        if not self._is(words.LOOSE_PLACES):
            return False
        if self._account(self._at + 1) is None:
            self._at += 1
            return True
        return self._put_account(lead=1)

    def _account(self, start: int) -> tuple[str, int] | None:
        """The account that the words from `start` on name, by its whole name or by its beginning, and how many they are."""
        for id_, name in self._accounts:
            if [each.word for each in self._tokens[start : start + len(name)]] == name:
                return id_, len(name)
        word = self._tokens[start].word if start < len(self._tokens) else ""
        begun = [id_ for id_, name in self._accounts if name[0].startswith(word)]
        return (begun[0], 1) if len(begun) == 1 and len(word) >= SHORTEST_ABBREVIATION else None

    def _put_account(self, *, lead: int) -> bool:
        found = self._account(self._at + lead)
        assert found is not None
        id_, count = found
        return self._put(PartKind.ACCOUNT, lead + count, value=id_)


_FOR = frozenset({"for", "für"})
_LABELS = (
    (PartKind.FEE, words.FEE_WORDS),
    (PartKind.TAX, words.TAX_WORDS),
    (PartKind.AMOUNT, words.AMOUNT_WORDS),
    (PartKind.RATE, words.RATE_WORDS),
)
_EXPECTED = {
    PartKind.FEE: marked_phrase("a fee"),
    PartKind.TAX: marked_phrase("a tax"),
    PartKind.AMOUNT: marked_phrase("an amount"),
    PartKind.RATE: marked_phrase("a rate"),
    PartKind.PRICE: marked_phrase("a price"),
}
_EXAMPLE = Decimal("12.5")
_OF_CASH = CASH_ALONE | {TransactionType.INTEREST, TransactionType.FEE, TransactionType.TAX}
