import pytest

from benchmarks.__main__ import names_here
from benchmarks.bench_soak import MIB, Sample, Soak, figures, slope_mib_per_hour
from benchmarks.processes import Usage
from benchmarks.report import compare, read_goals


def samples(*resident_mib: float, step: float = 360.0) -> tuple[Sample, ...]:
    """One sample every `step` seconds."""
    return tuple(Sample(number * step, Usage(int(mib * MIB), 10, 3)) for number, mib in enumerate(resident_mib))


def test_the_slope_leaves_the_warm_up_out() -> None:
    grows_at_first = samples(50, 90, 100, 100, 100, 100, 100, 100, 100, 100, 100)
    assert slope_mib_per_hour(grows_at_first) == pytest.approx(0)


def test_a_steady_leak_of_a_mebibyte_every_six_minutes_is_ten_an_hour() -> None:
    assert slope_mib_per_hour(samples(*range(100, 110))) == pytest.approx(10)


@pytest.mark.parametrize(("minutes", "value", "met"), [(2, None, False), (19.9, None, False), (20, 0, True)])
def test_slope_of_a_short_soak_is_missing_and_its_goal_not_met(minutes: float, value: float | None, met: bool) -> None:
    rows = {row.figure: row for row in compare(figures(soak_of(minutes)), read_goals(), benchmarks=["soak"])}
    assert (rows["soak.rss_slope"].value, rows["soak.rss_slope"].met) == (value, met)


def test_every_goal_belongs_to_a_benchmark_so_that_a_missing_figure_is_seen() -> None:
    assert {name.partition(".")[0] for name in read_goals()} <= set(names_here())


def test_what_stays_open_after_the_last_socket_is_counted() -> None:
    by_id = {figure.id: figure.value for figure in figures(soak_of(2, after=Usage(MIB, 12, 3)))}
    assert by_id["soak.descriptors_left"] == 2
    assert by_id["soak.sockets_lost"] == 0


def soak_of(minutes: float, *, after: Usage = Usage(MIB, 10, 3)) -> Soak:  # noqa: B008  frozen
    """A soak of ten sockets in which nothing happened."""
    return Soak(
        sockets=10,
        minutes=minutes,
        before=Usage(MIB, 10, 3),
        samples=samples(1, 1, 1),
        after=after,
        cpu_share=0.1,
        messages_per_second=1.0,
        still_open=10,
    )
