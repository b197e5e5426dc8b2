"""Why something cannot have happened to a position, as it is said to people."""

from __future__ import annotations

from tickfolio.words import phrase


def no_fraction_to_pay(*, paid: object, currency: object, held: object, symbol: object) -> str:
    """Cash was paid for a fraction of a unit, of which there is none."""
    return phrase(
        "Expected a fraction of a unit for which {paid} {currency} was paid, was none of {held} {symbol}.",
        paid=paid,
        currency=currency,
        held=held,
        symbol=symbol,
    )


def arrives_where_short(*, symbol: object, held: object) -> str:
    """Lots come to what is sold short."""
    return phrase("Expected {symbol} to come where none is held short, was {held}.", symbol=symbol, held=held)


def split_leaves_nothing(*, held: object, symbol: object, new: object, old: object) -> str:
    """A split would leave no unit."""
    return phrase(
        "Expected a split that leaves some of {held} {symbol}, was {new} for {old}.",
        held=held,
        symbol=symbol,
        new=new,
        old=old,
    )


def returned_in_another_currency(*, currency: object, symbol: object, returned: object) -> str:
    """Capital comes back in another currency than the one of the cost."""
    return phrase(
        "Expected a return of capital in {currency}, in which {symbol} was bought, was {returned}.",
        currency=currency,
        symbol=symbol,
        returned=returned,
    )


def nothing_held(*, symbol: object, held: object) -> str:
    """Something happens to what is not held."""
    return phrase("Expected some {symbol} to be held {{when}}, was {held}.", symbol=symbol, held=held)


def bought_in_another_currency(*, symbol: object, currency: object, bought: object) -> str:
    """One average holds costs of one currency only."""
    return phrase(
        "Expected all {symbol} to be bought in {currency} where costs are averaged, was one in {bought}.",
        symbol=symbol,
        currency=currency,
        bought=bought,
    )


def lot_too_small(*, held: object, symbol: object, chosen: object) -> str:
    """More was taken of a chosen lot than it has."""
    return phrase(
        "Expected at most {held} {symbol} of the lot that was chosen, was {chosen}.",
        held=held,
        symbol=symbol,
        chosen=chosen,
    )
