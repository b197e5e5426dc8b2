"""What a line's parts mean together: which words name the instrument, what is said twice, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.fast_entry.line import Ground, Line, Missing, Part, PartKind
from tickfolio.statements.fast_entry.tokens import tokens_of
from tickfolio.words import marked_phrase, phrase

SHOWN = 40
"""So many letters of a text that is wrong are repeated."""
TRADES = frozenset({TransactionType.BUY, TransactionType.SELL})
OF_ONE = TRADES | {TransactionType.DIVIDEND}
"""What is about an instrument always; interest, a fee and a tax may be."""
CASH_ALONE = frozenset({TransactionType.DEPOSIT, TransactionType.WITHDRAWAL})
PAID_OUT = frozenset({TransactionType.SELL, TransactionType.WITHDRAWAL, TransactionType.FEE, TransactionType.TAX})
"""A minus before their number says the same once more."""
_HAS = {
    PartKind.QUANTITY: TRADES,
    PartKind.PRICE: TRADES,
    PartKind.FEE: TRADES,
    PartKind.TAX: TRADES | {TransactionType.DIVIDEND, TransactionType.INTEREST},
    PartKind.SETTLEMENT: TRADES | {TransactionType.DIVIDEND, TransactionType.INTEREST},
    PartKind.RATE: TRADES | {TransactionType.DIVIDEND, TransactionType.INTEREST},
}
_NAMES = {
    PartKind.TYPE: "type",
    PartKind.QUANTITY: "quantity",
    PartKind.PRICE: "price",
    PartKind.AMOUNT: "amount",
    PartKind.FEE: "fee",
    PartKind.TAX: "tax",
    PartKind.DAY: "day",
    PartKind.TIME: "time",
    PartKind.ACCOUNT: "account",
    PartKind.SETTLEMENT: marked_phrase("currency that it was settled in"),
    PartKind.RATE: "rate",
    PartKind.NOTE: "note",
}
ABOVE_ZERO = frozenset({PartKind.QUANTITY, PartKind.AMOUNT, PartKind.RATE})


def settled(parts: Sequence[Part], text: str, *, ground: Ground) -> Line:
    """The line of its parts."""
    found = _runs(parts, text)
    kind = next((part.value for part in found if part.kind is PartKind.TYPE), None)
    if kind is None:
        found, kind = _by_sign(found, ground)
    found = _accounts(found, text, kind, ground=ground)
    found = _bare_prices(found, kind)
    checked = tuple(_checked(found, text, kind))
    return Line(text, checked, tuple(_missing(checked, kind, ground)) if text.strip() else ())


def named_by(text: str) -> str:
    """What names an instrument; the mark before a symbol that is a word as well is not part of it."""
    return text[1:] if text[:1] == "$" and len(text) > 1 else text


def _runs(parts: Sequence[Part], text: str) -> list[Part]:
    """Words beside each other that name the instrument, as one part."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        is_joined = last is not None and last.kind is PartKind.INSTRUMENT and part.kind is PartKind.INSTRUMENT
        if last is None or not is_joined or text[last.end : part.start].strip():
            found.append(part)
        else:
            found[-1] = replace(last, end=part.end, value=f"{last.value} {part.value}")
    return found


def _by_sign(parts: Sequence[Part], ground: Ground) -> tuple[list[Part], TransactionType | None]:
    """``AAPL +10`` buys, ``AAPL -10`` sells; without an instrument cash comes in or goes out, as with ``+2000 EUR``."""
    found = list(parts)
    at = next((at for at, each in enumerate(found) if each.is_bare and each.is_signed), None)
    number = None if at is None else found[at]
    if at is None or number is None or not isinstance(number.value, Decimal) or not number.value:
        return found, None
    after = found[at + 1] if at + 1 < len(found) else None
    code = "" if after is None or after.kind is not PartKind.INSTRUMENT else str(after.value).upper()
    if after is not None and code in ground.currencies and not any(each.kind is PartKind.PRICE for each in found):
        found[at : at + 2] = [replace(number, end=after.end, currency=code)]
    has_instrument = any(each.kind in (PartKind.INSTRUMENT, PartKind.PRICE) for each in found)
    kind = _SIGNED[has_instrument, number.value > 0]
    return [Part(PartKind.TYPE, number.start, number.start, kind), *found], kind


_SIGNED = {
    (True, True): TransactionType.BUY,
    (True, False): TransactionType.SELL,
    (False, True): TransactionType.DEPOSIT,
    (False, False): TransactionType.WITHDRAWAL,
}


def _accounts(parts: Sequence[Part], text: str, kind: object, *, ground: Ground) -> list[Part]:
    """Takes for an account what names one and cannot be the instrument."""
    names = {tuple(each.word for each in tokens_of(name)): id_ for id_, name in ground.accounts}
    runs = [each for each in parts if each.kind is PartKind.INSTRUMENT]
    longest = max((len(name) for name in names), default=0)
    if not runs or any(each.kind is PartKind.ACCOUNT for each in parts):
        return list(parts)
    found: list[Part] = []
    is_open = True
    for part in parts:
        words = tokens_of(text[part.start : part.end])
        if part.kind is not PartKind.INSTRUMENT or not is_open:
            found.append(part)
            continue
        first = 0 if kind not in OF_ONE or len(runs) > 1 else 1
        first = max(first, len(words) - longest)
        cut = next((at for at in range(first, len(words)) if tuple(each.word for each in words[at:]) in names), None)
        if cut is None:
            found.append(part)
            continue
        is_open = False
        start = part.start + words[cut].start
        if cut:
            end = part.start + words[cut - 1].end
            named = [named_by(each.text) for each in words[:cut]]
            found.append(replace(part, end=end, value=" ".join(named)))
        id_ = names[tuple(each.word for each in words[cut:])]
        found.append(Part(PartKind.ACCOUNT, start, part.end, id_))
    return found


def _bare_prices(parts: Sequence[Part], kind: object) -> list[Part]:
    """The second number of a trade is its price, and that of cash is its amount, whatever it was taken for."""
    found = list(parts)
    for at, part in enumerate(found):
        if part.kind is PartKind.QUANTITY and kind is not None and kind not in TRADES:
            found[at] = replace(part, kind=PartKind.AMOUNT)
        is_bare = part.kind is PartKind.AMOUNT and part.is_bare
        if is_bare and kind in TRADES and not any(each.kind is PartKind.PRICE for each in found):
            found[at] = replace(part, kind=PartKind.PRICE)
    return found


def _checked(parts: Sequence[Part], text: str, kind: object) -> Iterator[Part]:
    seen: set[PartKind] = set()
    for part in parts:
        shown = text[part.start : part.end][:SHOWN]
        if part.fault:
            yield part
        elif _is_too_much(part, kind, seen):
            yield replace(part, kind=PartKind.UNKNOWN, fault=phrase("Did not understand “{shown}”.", shown=shown))
        elif part.kind in seen:
            yield replace(
                part, fault=phrase("Expected one {kind}, was another: {shown}.", kind=_NAMES[part.kind], shown=shown)
            )
        else:
            yield _of_kind(part, kind, shown)
        seen.add(part.kind)


def _is_too_much(part: Part, kind: object, seen: Set[PartKind]) -> bool:
    """Whether a word or a number is left over."""
    if part.kind is PartKind.INSTRUMENT:
        return part.kind in seen or kind in CASH_ALONE
    return part.is_bare and part.kind is PartKind.AMOUNT and (kind in TRADES or part.kind in seen)


def _of_kind(part: Part, kind: object, shown: str) -> Part:
    if isinstance(kind, TransactionType) and kind not in _HAS.get(part.kind, {kind}):
        return replace(
            part, fault=phrase("Expected no {names} for this type, was {shown}.", names=_NAMES[part.kind], shown=shown)
        )
    if not isinstance(part.value, Decimal):
        return part
    number = part.value
    if number < 0 and part.kind in (PartKind.QUANTITY, PartKind.AMOUNT) and kind in PAID_OUT:
        number = number.copy_abs()
    if number < 0 or (part.kind in ABOVE_ZERO and not number):
        expected = phrase("a number above 0") if part.kind in ABOVE_ZERO else phrase("0 or more")
        return replace(part, fault=phrase("Expected {expected}, was {shown}.", expected=expected, shown=shown))
    return replace(part, value=number)


def _missing(parts: Sequence[Part], kind: object, ground: Ground) -> Iterator[Missing]:
    there = {part.kind for part in parts}
    if kind is None:
        if PartKind.TYPE not in there:
            yield Missing(
                PartKind.TYPE, phrase("Expected what it is, such as buy, sell, dividend or deposit; the line has none.")
            )
        return
    if kind in TRADES and PartKind.QUANTITY not in there:
        yield Missing(PartKind.QUANTITY, phrase("Expected a quantity such as 10; the line has none."))
    if kind in OF_ONE and PartKind.INSTRUMENT not in there:
        yield Missing(PartKind.INSTRUMENT, phrase("Expected an instrument such as AAPL; the line has none."))
    if kind not in TRADES and PartKind.AMOUNT not in there:
        yield Missing(
            PartKind.AMOUNT,
            phrase("Expected an amount such as {figure}; the line has none.", figure=ground.figure(Decimal("45.50"))),
        )
