from tests.live.market import SetClock, engine, tick
from tickfolio.live.tally import Histogram
from tickfolio.runtime.live_report import live_report


def test_a_report_is_of_the_running_engine() -> None:
    market = engine(SetClock())
    market.accept(tick("501.00"))
    market.accept(tick("501.00"))
    lag = Histogram()
    report = live_report(market, lag)
    assert (report.portfolios, report.rejected_ticks) == (0, 1)
    assert report.tally is market.hub.tally
    assert report.bus_lag is lag
