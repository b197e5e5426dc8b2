"""The currencies that a form offers: those that the European Central Bank publishes or published a rate of, and the euro."""

from __future__ import annotations

from collections.abc import Collection, Iterable

# **Source**: ISO 4217, names in English.
CURRENCY_NAMES = {
    "EUR": "euro",
    "USD": "US dollar",
    "GBP": "pound sterling",
    "CHF": "Swiss franc",
    "JPY": "yen",
    "AUD": "Australian dollar",
    "BRL": "Brazilian real",
    "CAD": "Canadian dollar",
    "CNY": "yuan renminbi",
    "CZK": "Czech koruna",
    "DKK": "Danish krone",
    "HKD": "Hong Kong dollar",
    "HUF": "forint",
    "IDR": "rupiah",
    "ILS": "new Israeli shekel",
    "INR": "Indian rupee",
    "ISK": "Icelandic króna",
    "KRW": "won",
    "MXN": "Mexican peso",
    "MYR": "Malaysian ringgit",
    "NOK": "Norwegian krone",
    "NZD": "New Zealand dollar",
    "PHP": "Philippine peso",
    "PLN": "zloty",
    "RON": "Romanian leu",
    "SEK": "Swedish krona",
    "SGD": "Singapore dollar",
    "THB": "baht",
    "TRY": "Turkish lira",
    "ZAR": "rand",
    "BGN": "Bulgarian lev",
    "CYP": "Cyprus pound",
    "EEK": "kroon",
    "HRK": "kuna",
    "LTL": "Lithuanian litas",
    "LVL": "Latvian lats",
    "MTL": "Maltese lira",
    "ROL": "old Romanian leu",
    "RUB": "Russian rouble",
    "SIT": "tolar",
    "SKK": "Slovak koruna",
    "TRL": "old Turkish lira",
}


def currency_choices(*, only: Collection[str] | None = None, also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Codes with their names, for a list to choose from; those of `also` that have no name here come last.

    Args:
        only: the codes to offer; all where None.
        also: what is offered in any case, such as what is chosen now.

    >>> currency_choices(also=["XAU"])[0], currency_choices(also=["XAU"])[-1]
    (('EUR', 'EUR, euro'), ('XAU', 'XAU'))
    """
    more = set(also)
    named = [
        (code, f"{code}, {name}")
        for code, name in CURRENCY_NAMES.items()
        if only is None or code in only or code in more
    ]
    return named + [(code, code) for code in sorted(more - set(CURRENCY_NAMES)) if code]


def rate_warning(code: str, rated: Collection[str] | None) -> str:
    """What is said beside a base currency without a rate; empty where it has one.

    >>> rate_warning("EEK", ["EUR"])
    'EEK has no exchange rate now: what is in another currency has no value in it.'
    """
    if not code or rated is None or code in rated:
        return ""
    return f"{code} has no exchange rate now: what is in another currency has no value in it."
