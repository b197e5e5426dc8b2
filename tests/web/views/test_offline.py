"""The service worker and the page that it keeps."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.identity.cast import person
from tickfolio.web.views import offline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def built_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker, so that no Node is needed; what the build makes is read in tests/web/test_built_files.py."""
    monkeypatch.setattr(offline, "worker_script", lambda: "work();")
    monkeypatch.setattr(offline, "offline_files", lambda language: (f"/static/build/assets/words_{language}.js",))


def told(script: str) -> Any:
    found = re.match(r"self\.build = (\{.*\});\nwork\(\);$", script)
    assert found is not None, script
    return json.loads(found[1])


@pytest.mark.parametrize(("query", "language"), [("", "en"), ("?language=de", "de"), ("?language=../../x", "en")])
def test_the_worker_is_told_its_build_its_page_and_its_files(
    client: Client, settings: Settings, query: str, language: str
) -> None:
    settings.TICKFOLIO_BUILD = "one"
    answer = client.get(f"/service-worker.js{query}")
    assert told(answer.content.decode()) == {
        "name": f"one-{language}",
        "page": f"/offline/{language}/",
        "files": [f"/static/build/assets/words_{language}.js"],
    }
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"].startswith("text/javascript")


def test_another_build_is_another_worker(client: Client, settings: Settings) -> None:
    scripts = set()
    for settings.TICKFOLIO_BUILD in ("one", "two"):
        scripts.add(client.get("/service-worker.js").content)
    assert len(scripts) == 2


def test_policy_lets_pages_have_a_worker_of_this_server_only(client: Client) -> None:
    assert "worker-src 'self';" in client.get("/").headers["Content-Security-Policy"]


def test_the_page_that_is_kept_is_the_same_for_everybody(client: Client) -> None:
    anonymous = client.get("/offline/en/").content
    client.force_login(person("alice", theme="dark", locale="de"))
    client.cookies["theme"], client.cookies["privacy"] = "dark", "on"
    answer = client.get("/offline/en/", headers={"accept-language": "de"})
    assert answer.content == anonymous
    assert b"alice" not in answer.content
    assert b"data-person" not in answer.content
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_speaks_the_language_of_its_address(client: Client) -> None:
    assert b'<html lang="en"' in client.get("/offline/en/").content
    german = client.get("/offline/de/")
    assert b'<html lang="de"' in german.content
    assert german.headers["Content-Language"] == "de"
    assert client.get("/offline/xx/").status_code == 404
