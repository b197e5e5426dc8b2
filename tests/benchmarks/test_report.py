"""Figures stand against their goals; what was not measured is not met."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import measure
from benchmarks.report import Figure, Goal, Peer, Row, compare, read_goals, table

AT_MOST_150_MS = Goal("<=", 150, "ms")
BESIDE_C = Goal("<=", 1.5, "×", peer="C")


def only(rows: list[Row]) -> Row:
    """The only row."""
    [row] = rows
    return row


@pytest.mark.parametrize(("value", "met"), [(149.9, True), (150, True), (150.1, False)])
def test_a_figure_meets_its_goal_up_to_the_limit(value: float, met: bool) -> None:
    row = only(compare([Figure("fanout.p50", value, "ms")], {"fanout.p50": AT_MOST_150_MS}, benchmarks=["fanout"]))
    assert row.met is met


def test_a_figure_without_a_goal_is_neither_met_nor_missed() -> None:
    row = only(compare([Figure("fanout.ticks", 2000, "1/s")], {}, benchmarks=["fanout"]))
    assert row.as_json() == {
        "figure": "fanout.ticks", "value": 2000, "unit": "1/s", "peer": None, "goal": None, "met": None,
    }  # fmt: skip


def test_a_goal_whose_figure_is_missing_is_not_met() -> None:
    row = only(compare([], {"fanout.p50": AT_MOST_150_MS}, benchmarks=["fanout"]))
    assert (row.value, row.met) == (None, False)


def test_the_goals_of_benchmarks_that_did_not_run_are_left_out() -> None:
    assert compare([], {"fanout.p50": AT_MOST_150_MS}, benchmarks=["import"]) == []


@pytest.mark.parametrize(("peer", "met"), [(Peer("C", 1.0), True), (Peer("another", 1.0), False), (None, False)])
def test_a_goal_beside_a_peer_needs_that_peer(peer: Peer | None, met: bool) -> None:
    row = only(compare([Figure("fanout.cpu", 1.2, "×", peer)], {"fanout.cpu": BESIDE_C}, benchmarks=["fanout"]))
    assert row.met is met


def test_a_figure_in_another_unit_than_its_goal_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected the goal's unit ms, was s\."):
        compare([Figure("fanout.p50", 0.1, "s")], {"fanout.p50": AT_MOST_150_MS}, benchmarks=["fanout"])


def test_an_unknown_comparison_is_refused() -> None:
    with pytest.raises(ValueError, match="was '≈'"):
        Goal("≈", 1, "ms")


def test_a_benchmark_that_breaks_down_leaves_its_goals_unmet_and_the_others_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken() -> list[Figure]:
        raise ConnectionError("the server left")

    goals = {"fanout.p50": AT_MOST_150_MS, "import.rows": Goal(">=", 1000, "1/s")}
    rows = measure({"fanout": broken, "import": lambda: [Figure("import.rows", 5000, "1/s")]}, goals)
    assert {row.figure: row.met for row in rows} == {"fanout.p50": False, "import.rows": True}
    assert "the server left" in capsys.readouterr().err


def test_the_table_is_aligned_with_values_to_the_right() -> None:
    rows = compare(
        [Figure("fanout.p50", 12.345, "ms"), Figure("fanout.cpu", 1.2, "×", Peer("C", 1.0))],
        {"fanout.p50": AT_MOST_150_MS, "fanout.cpu": BESIDE_C, "fanout.p99": Goal("<=", 500, "ms")},
        benchmarks=["fanout"],
    )
    assert table(rows).splitlines() == [
        "figure        value  unit  peer  goal                met",
        "fanout.p50    12.35  ms          <= 150 ms           yes",
        "fanout.cpu      1.2  ×     C 1   <= 1.5 ×, beside C  yes",
        "fanout.p99  missing  ms          <= 500 ms           NO",
    ]


def test_goals_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "goals.json"
    path.write_text(json.dumps({"fanout.cpu": {"op": "<=", "value": 1.5, "unit": "×", "peer": "C"}}))
    assert read_goals(path) == {"fanout.cpu": BESIDE_C}


def test_the_project_s_own_goals_can_be_read() -> None:
    assert all("." in name for name in read_goals())
