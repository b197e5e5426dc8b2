import pytest

from benchmarks.__main__ import names_here
from benchmarks.report import read_goals
from benchmarks.web_frames import CELLS_OF, TICKS_A_SECOND, cells_in, frame_figures, grown, minutes, tick_to_pixel
from benchmarks.web_trace import Frame


class Told:
    """A page, as far as the benchmark reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.waited = 0.0
        self.is_open = False

    def locator(self, _selector: str) -> "Told":
        return self

    def click(self) -> None:
        self.is_open = not self.is_open

    def text_content(self) -> str:
        return self.text if self.is_open else ""

    def wait_for_timeout(self, ms: float) -> None:
        self.waited += ms


class Heap:
    """A session whose heap is of another size each time it was collected."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = list(sizes)
        self.collected = 0

    def send(self, method: str) -> dict[str, int]:
        if method == "HeapProfiler.collectGarbage":
            self.collected += 1
            return {}
        return {"usedSize": self.sizes[self.collected - 1]}


def test_cells_are_those_of_shown_columns_in_what_changed() -> None:
    rows = {"a S000": {"price": "1.00", "value": "2.00", "source_time": "x"}, "a S001": {"day": "0.10"}}
    assert cells_in({"type": "portfolio_delta", "rows": rows}) == 3
    assert cells_in({"type": "delta", "rows": rows}) == 0
    assert cells_in({"type": "portfolio_snapshot", "rows": rows}) == 0


def test_the_ticks_make_the_load_of_the_goal() -> None:
    assert len(CELLS_OF) * TICKS_A_SECOND == pytest.approx(2_000)


def test_memory_is_that_of_the_end_against_a_tenth_of_the_time_each_after_a_collection() -> None:
    page, heap = Told(""), Heap(1_000, 1_050)
    assert grown(heap, page, 10) == pytest.approx(1.05)  # type: ignore[arg-type]  # stand-ins for a browser's
    assert (page.waited, heap.collected) == (600_000, 2)


def test_the_length_is_ten_minutes_unless_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TICKFOLIO_WEB_MINUTES", raising=False)
    assert minutes() == 10
    monkeypatch.setenv("TICKFOLIO_WEB_MINUTES", "0.5")
    assert minutes() == 0.5


def test_tick_to_pixel_is_what_the_page_says_of_ninety_five_of_a_hundred() -> None:
    told = "From a price’s arrival at the server to this screen: half within 140 ms, 95 of 100 within 251 ms."
    assert tick_to_pixel(Told(told)) == 251  # type: ignore[arg-type]  # a stand-in for a page
    with pytest.raises(RuntimeError, match="found ''"):
        tick_to_pixel(Told(""))  # type: ignore[arg-type]  # a stand-in for a page


def test_a_frame_is_told_by_what_passed_and_by_what_was_work() -> None:
    frames = [Frame(9.0, 6.0, is_written=True), Frame(4.0, 3.0, is_written=False), Frame(2.0, 1.0, is_written=False)]
    told = {figure.id.removeprefix("web.frame."): figure.value for figure in frame_figures(frames)}
    assert (told["median"], told["worst"], told["work"], told["work_worst"]) == (4.0, 9.0, 3.0, 6.0)
    assert (told["written"], told["written_work"]) == (9.0, 6.0)


def test_its_goals_are_read() -> None:
    assert "web" in names_here()
    assert {"web.frame.median", "web.frame.worst", "web.frame.shift", "web.memory", "web.pixel"} <= set(read_goals())
