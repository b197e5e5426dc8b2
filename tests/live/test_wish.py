from tests.live.portfolios import MINE
from tickfolio.live.wish import Wish


def test_a_wish_says_which_request_it_is_of() -> None:
    wish = Wish(MINE, totals_only=True, request_id=7)
    assert (wish.portfolio, wish.totals_only, wish.request_id) == (MINE, True, 7)
