import pytest

from benchmarks.bench_soak import MIB, Sample, Soak, figures, slope_mib_per_hour
from benchmarks.processes import Usage


def samples(*resident_mib: float, step: float = 360.0) -> tuple[Sample, ...]:
    """One sample every `step` seconds."""
    return tuple(Sample(number * step, Usage(int(mib * MIB), 10, 3)) for number, mib in enumerate(resident_mib))


def test_the_slope_leaves_the_warm_up_out() -> None:
    grows_at_first = samples(50, 90, 100, 100, 100, 100, 100, 100, 100, 100, 100)
    assert slope_mib_per_hour(grows_at_first) == pytest.approx(0)


def test_a_steady_leak_of_a_mebibyte_every_six_minutes_is_ten_an_hour() -> None:
    assert slope_mib_per_hour(samples(*range(100, 110))) == pytest.approx(10)


@pytest.mark.parametrize(("minutes", "name"), [(2, "soak.rss_slope"), (30, "long_soak.rss_slope")])
def test_only_a_long_soak_claims_a_slope_that_has_a_goal(minutes: float, name: str) -> None:
    ids = [figure.id for figure in figures(soak_of(minutes))]
    assert name in ids
    assert len([one for one in ids if one.endswith("rss_slope")]) == 1


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
