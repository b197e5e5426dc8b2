"""How often feeds are asked about a price that is held back."""

from __future__ import annotations

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.question_rounds import LONGEST_WAIT_US, QuestionRounds

AAPL, IBM = Symbol("AAPL"), Symbol("IBM")
SECOND = 1_000_000


def asked_at(rounds: QuestionRounds, seconds: range, symbol: Symbol = AAPL) -> list[int]:
    return [second for second in seconds if symbol in rounds.due(second * SECOND)]


def test_a_price_in_doubt_is_asked_about_at_once_and_then_after_waits_that_double_up_to_minutes() -> None:
    rounds = QuestionRounds()
    assert rounds.due(0) == ()
    rounds.begin(AAPL)
    assert asked_at(rounds, range(1000)) == [0, 30, 90, 210, 450, 690, 930]


def test_one_instrument_does_not_wait_for_another() -> None:
    rounds = QuestionRounds()
    rounds.begin(IBM)
    assert rounds.due(0) == (IBM,)
    rounds.begin(AAPL)
    assert rounds.due(SECOND) == (AAPL,)
    assert rounds.due(31 * SECOND) == (AAPL, IBM)


def test_a_price_that_comes_and_goes_is_asked_about_no_more_often() -> None:
    rounds = QuestionRounds()
    asked = []
    for second in range(100):
        rounds.begin(AAPL)
        asked += asked_at(rounds, range(second, second + 1))
        rounds.end(AAPL)
    assert asked == [0, 30, 90]
    assert rounds.due(1000 * SECOND) == ()


def test_a_doubt_of_long_after_begins_with_the_first_wait() -> None:
    rounds = QuestionRounds()
    rounds.begin(AAPL)
    assert asked_at(rounds, range(31)) == [0, 30]
    rounds.end(AAPL)
    later = 90 + LONGEST_WAIT_US // SECOND + 1
    rounds.begin(AAPL)
    assert asked_at(rounds, range(later, later + 100)) == [later, later + 30, later + 90]
