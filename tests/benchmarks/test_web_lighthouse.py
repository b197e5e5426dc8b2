import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import web_lighthouse
from benchmarks.bench_web import SCENES, scenes
from benchmarks.report import read_goals
from benchmarks.web_lighthouse import FOLDER, PAGES, faults, install, points, run

PAGE = {
    "address": "http://127.0.0.1:1/",
    "scores": {"accessibility": 1, "best-practices": 0.96, "performance": 0.945},
    "found": [
        {
            "category": "performance",
            "id": "speed-index",
            "score": 0.9,
            "title": "Speed Index",
            "value": "1.4 s",
            "places": ["a place"],
        }
    ],
}


def test_points_are_of_a_hundred() -> None:
    assert [(figure.id, figure.value, figure.unit) for figure in points("home", PAGE)] == [
        ("web.lighthouse.home.accessibility", 100, "points"),
        ("web.lighthouse.home.best_practices", 96, "points"),
        ("web.lighthouse.home.performance", 94, "points"),
    ]


def test_each_page_has_its_goals() -> None:
    goals = read_goals()
    for name in PAGES:
        for figure in points(name, PAGE):
            assert goals[figure.id].unit == figure.unit


def test_what_took_points_off_is_told_with_its_places() -> None:
    assert list(faults("home", PAGE)) == [
        "lighthouse home, performance: speed-index 0.9: Speed Index 1.4 s",
        "    a place",
    ]


def test_the_package_is_installed_from_its_lock_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    asked: list[str] = []
    monkeypatch.setattr(web_lighthouse, "FOLDER", tmp_path)

    def noted(command: Sequence[str]) -> str:
        asked.append(" ".join(command[:2]))
        return ""

    monkeypatch.setattr(web_lighthouse, "run", noted)
    install()
    install()
    assert asked == ["npm ci"]
    (tmp_path / "package-lock.json").write_text("{ }")
    install()
    assert asked == ["npm ci", "npm ci"]


def test_a_program_that_fails_says_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="Expected no-such-program"):
        run(["no-such-program"])
    with pytest.raises(RuntimeError, match="failed"):
        run(["false"])


def test_it_is_no_part_of_the_product() -> None:
    own = json.loads((FOLDER / "package.json").read_text())
    product = json.loads((FOLDER.parents[1] / "frontend" / "package.json").read_text())
    assert own["dependencies"] == {"lighthouse": "13.5.0"}
    assert "lighthouse" not in product["dependencies"] | product["devDependencies"]


def test_some_scenes_can_be_asked_for_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TICKFOLIO_WEB_SCENES", raising=False)
    assert scenes() == set(SCENES.split(","))
    monkeypatch.setenv("TICKFOLIO_WEB_SCENES", "lighthouse,js")
    assert scenes() == {"lighthouse", "js"}
