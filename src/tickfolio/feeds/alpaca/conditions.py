"""Which trades make a last price, by the conditions that the American tapes attach to them.

**Source**: the tables of sale conditions in the specifications of CTS (tapes A and B) and UTDF (tape C), as
https://docs.dxfeed.com/misc/dxFeed_TimeAndSale_Sale_Conditions.htm and
https://www.barchart.com/solutions/client/feed-specs/message-def/appendix-a give them.
"""

from __future__ import annotations

from collections.abc import Iterable

# C cash, N next day, R seller: settled otherwise. H price variation, 4 derivatively priced, P prior reference, 7 contingent,
# V stock and option: not priced by the market of the moment. B (tapes A and B) and W (tape C): averages. I: an odd lot.
# M, Q: an exchange's own official close and open, which repeat another trade. T, U: outside regular hours.
# G, L, Z, 2, 3: reported late or out of sequence.
# Some of them count where they are the first trade of a day; that cannot be known here, and the next trade tells the price.
_ON_EVERY_TAPE = frozenset("CNRH4P7VIMQTUGLZ23W")
_ON_CTS = _ON_EVERY_TAPE | {"B"}
_UTP_TAPE = "C"


def sets_last_price(conditions: Iterable[str], *, tape: str) -> bool:
    """Whether a trade with these conditions, printed on `tape` (A, B or C), is a last price.

    >>> sets_last_price(["@", "F"], tape="C"), sets_last_price(["@", "I"], tape="C")
    (True, False)
    """
    passed_over = _ON_EVERY_TAPE if tape == _UTP_TAPE else _ON_CTS
    return passed_over.isdisjoint(conditions)
