"""The currencies that a form offers: those that the European Central Bank publishes or published a rate of, and the euro."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tickfolio.words import marked_phrase, phrase

# **Source**: ISO 4217, names in English.
CURRENCY_NAMES = {
    "EUR": marked_phrase("euro"),
    "USD": marked_phrase("US dollar"),
    "GBP": marked_phrase("pound sterling"),
    "CHF": marked_phrase("Swiss franc"),
    "JPY": marked_phrase("yen"),
    "AUD": marked_phrase("Australian dollar"),
    "BRL": marked_phrase("Brazilian real"),
    "CAD": marked_phrase("Canadian dollar"),
    "CNY": marked_phrase("yuan renminbi"),
    "CZK": marked_phrase("Czech koruna"),
    "DKK": marked_phrase("Danish krone"),
    "HKD": marked_phrase("Hong Kong dollar"),
    "HUF": marked_phrase("forint"),
    "IDR": marked_phrase("rupiah"),
    "ILS": marked_phrase("new Israeli shekel"),
    "INR": marked_phrase("Indian rupee"),
    "ISK": marked_phrase("Icelandic króna"),
    "KRW": marked_phrase("won"),
    "MXN": marked_phrase("Mexican peso"),
    "MYR": marked_phrase("Malaysian ringgit"),
    "NOK": marked_phrase("Norwegian krone"),
    "NZD": marked_phrase("New Zealand dollar"),
    "PHP": marked_phrase("Philippine peso"),
    "PLN": marked_phrase("zloty"),
    "RON": marked_phrase("Romanian leu"),
    "SEK": marked_phrase("Swedish krona"),
    "SGD": marked_phrase("Singapore dollar"),
    "THB": marked_phrase("baht"),
    "TRY": marked_phrase("Turkish lira"),
    "ZAR": marked_phrase("rand"),
    "BGN": marked_phrase("Bulgarian lev"),
    "CYP": marked_phrase("Cyprus pound"),
    "EEK": marked_phrase("kroon"),
    "HRK": marked_phrase("kuna"),
    "LTL": marked_phrase("Lithuanian litas"),
    "LVL": marked_phrase("Latvian lats"),
    "MTL": marked_phrase("Maltese lira"),
    "ROL": marked_phrase("old Romanian leu"),
    "RUB": marked_phrase("Russian rouble"),
    "SIT": marked_phrase("tolar"),
    "SKK": marked_phrase("Slovak koruna"),
    "TRL": marked_phrase("old Turkish lira"),
}


def currency_choices(
    *, only: Collection[str] | None = None, also: Iterable[str] = (), rated: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """Codes with their names, for a list to choose from; those of `also` that have no name here come last.

    Args:
        only: the codes to offer; all where None.
        also: what is offered in any case, such as what is chosen now.
        rated: the codes that have a rate now; the others come after them and say so. All have one where None.

    >>> currency_choices(also=["XAU"])[0], currency_choices(also=["XAU"])[-1]
    (('EUR', 'EUR, euro'), ('XAU', 'XAU'))
    """
    more = set(also)
    offered = [code for code in CURRENCY_NAMES if only is None or code in only or code in more]
    dead = [] if rated is None else [code for code in offered if code not in rated]
    named = [
        (code, marked_phrase("{code}, {name}", code=code, name=CURRENCY_NAMES[code]))
        for code in offered
        if code not in dead
    ]
    named += [
        (code, marked_phrase("{code}, {name}: no rate now", code=code, name=CURRENCY_NAMES[code])) for code in dead
    ]
    return named + [(code, code) for code in sorted(more - set(CURRENCY_NAMES)) if code]


def rate_warning(code: str, rated: Collection[str] | None) -> str:
    """What is said beside a base currency without a rate; empty where it has one.

    >>> rate_warning("EEK", ["EUR"])
    'EEK has no exchange rate now: what is in another currency has no value in it.'
    """
    if not code or rated is None or code in rated:
        return ""
    return phrase("{code} has no exchange rate now: what is in another currency has no value in it.", code=code)
