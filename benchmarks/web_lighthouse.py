"""Lighthouse on the first page and on a portfolio's, signed in: the scene `lighthouse` of `./dev bench web`.

The npm package is the benchmark's alone: it is installed into its own folder (lighthouse/) from its lock when it is first asked
for. It drives the Chromium that the tests use, with Lighthouse's preset for desktops (its own window, a simulated 10 Mbit/s with
40 ms to the server, the processor as it is). Points are of a hundred. What took points off is printed beside the figures.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.bench_portfolio import Place
from benchmarks.report import Figure
from benchmarks.web_browser import chromium, sign_in

FOLDER = Path(__file__).with_name("lighthouse")
BESIDE_PYTHON = Path(sys.executable).parent
SECONDS = 300.0
PAGES = {"home": "/", "portfolio": "/portfolios/{id}/"}


def lighthouse_figures(place: Place) -> list[Figure]:
    """The points of each page in each category."""
    install()
    addresses = [f"http://{place.address}{path.format(id=place.portfolio)}" for path in PAGES.values()]
    with browser_with_a_port(place) as port:
        told = node(["measure.js", str(port), *addresses])
    pages = dict(zip(PAGES, map(json.loads, told.splitlines()), strict=True))
    for name, page in pages.items():
        print("\n".join(faults(name, page)), file=sys.stderr, flush=True)
    return [figure for name, page in pages.items() for figure in points(name, page)]


def points(name: str, page: Mapping[str, Any]) -> list[Figure]:
    """The figures of one page."""
    scores: dict[str, float] = page["scores"]
    return [
        Figure(f"web.lighthouse.{name}.{category.replace('-', '_')}", round(100 * score), "points")
        for category, score in scores.items()
    ]


def faults(name: str, page: Mapping[str, Any]) -> Iterator[str]:
    """What took points off, in words."""
    for found in page["found"]:
        yield f"lighthouse {name}, {found['category']}: {found['id']} {found['score']}: {found['title']} {found['value']}"
        yield from (f"    {each}" for each in found["places"])


# ---------- Its browser and its program ----------


@contextmanager
def browser_with_a_port(place: Place) -> Iterator[int]:
    """A Chromium of the owner that listens on a port of loopback for whoever drives it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium(), args=["--no-sandbox", f"--remote-debugging-port={port}"]
        )
        try:
            sign_in(context, place)
            yield port
        finally:
            context.close()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
    return port


def install() -> None:
    """The locked packages, unless these very ones are installed."""
    stamp = FOLDER / "node_modules" / ".lock.sha256"
    lock = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
        return
    print("bench web: installing Lighthouse …", file=sys.stderr, flush=True)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(lock, encoding="utf-8")


def node(arguments: Sequence[str]) -> str:
    """What a script printed."""
    return run(["node", *arguments])


def run(command: Sequence[str]) -> str:
    """What a program of Node.js printed: of the Node.js from PyPI where that is installed, else of the machine's own.

    Raises:
        RuntimeError: it failed; the message holds the end of what it said.
    """
    path = os.pathsep.join([str(BESIDE_PYTHON), os.environ.get("PATH", os.defpath)])
    found = shutil.which(command[0], path=path)
    if found is None:
        raise RuntimeError(f"Expected {command[0]} of Node.js 22.19 or newer, found none.")
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        [found, *command[1:]], cwd=FOLDER, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr[-4000:]}")
    return done.stdout
