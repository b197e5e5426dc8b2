"""The words of a line, in English and German, as they are after `folded`."""

from __future__ import annotations

from collections.abc import Mapping

from tickfolio.domain.ledger.transactions import TransactionType

TYPES: Mapping[str, TransactionType] = {
    word: kind
    for kind, words in {
        TransactionType.BUY: "buy bought purchase kauf kaufe kaufen gekauft",
        TransactionType.SELL: "sell sold sale verkauf verkaufe verkaufen verkauft",
        TransactionType.DIVIDEND: "dividend dividends dividende dividenden",
        TransactionType.DEPOSIT: "deposit deposited einzahlung einzahlen eingezahlt",
        TransactionType.WITHDRAWAL: "withdraw withdrawal withdrew auszahlung auszahlen ausgezahlt abhebung",
        TransactionType.INTEREST: "interest zinsen zins",
    }.items()
    for word in words.split()
}
"""What says what is booked, wherever in the line it stands."""

FEE_WORDS = frozenset(["fee", "fees", "commission", "gebühr", "gebühren", "gebuehr", "gebuehren", "provision"])
TAX_WORDS = frozenset(["tax", "taxes", "withholding", "steuer", "steuern", "quellensteuer"])
AMOUNT_WORDS = frozenset(["total", "amount", "gross", "gesamt", "betrag", "brutto"])
RATE_WORDS = frozenset(["rate", "wechselkurs", "devisenkurs"])
PRICE_WORDS = frozenset(["@", "at", "x", "×", "price", "zu", "je", "à", "preis", "kurs"])
TIME_LEADS = frozenset(["at", "um"])
DAY_LEADS = frozenset(["on", "am", "vom"])
PLACES = frozenset(["in", "into", "to", "bei", "auf", "account", "konto"])
"""What must be followed by an account, or by the currency in which it was settled."""
LOOSE_PLACES = frozenset(["from", "von", "aus"])
"""What may be followed by an account, and by what a dividend is of just as well."""
NOTE_WORDS = frozenset(["note", "notiz", "//"])
EVERYTHING = frozenset(["all", "everything", "alle", "alles"])
FILLERS = frozenset({
    "of", "for", "für", "the", "and", "und", "shares", "share", "units", "unit", "stück", "stueck", "stk", "aktien", "aktie",
    "anteile", "anteil", "uhr", "per",
})  # fmt: skip

TODAY = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1, "vorgestern": 2}
"""Days before today."""
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        ("monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag", "friday freitag",
         "saturday samstag sonnabend", "sunday sonntag")
    )
    for word in words.split()
}  # fmt: skip
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan januar jänner jän",
            "february feb februar",
            "march mar märz maerz mär mrz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for word in words.split()
}
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}


def folded(word: str) -> str:
    """A word as the tables have it, however it is written.

    >>> folded("Kauf:"), folded("GEBÜHR")
    ('kauf', 'gebühr')
    """
    return word.casefold().rstrip(":=.")


def is_keyword(word: str) -> bool:
    """Whether a word means something by itself, so that a symbol of the same letters needs its mark."""
    known = folded(word)
    return known in TYPES or any(known in words for words in _KEYWORDS)


_KEYWORDS = (
    FEE_WORDS, TAX_WORDS, AMOUNT_WORDS, RATE_WORDS, PRICE_WORDS, TIME_LEADS, DAY_LEADS, PLACES, LOOSE_PLACES, NOTE_WORDS,
    FILLERS, TODAY, WEEKDAYS, MONTHS,
)  # fmt: skip
