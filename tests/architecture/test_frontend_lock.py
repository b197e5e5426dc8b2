"""`npm ci` refuses a lock file that leaves out a package, also one for another platform. Some registries make npm do so."""

import json
from pathlib import Path

LOCK = Path(__file__).parents[2] / "frontend" / "package-lock.json"


def test_lock_holds_every_optional_package_of_every_platform() -> None:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    wanting = {
        name
        for where, package in packages.items()
        for name in package.get("optionalDependencies", {})
        if f"node_modules/{name}" not in packages and f"{where}/node_modules/{name}" not in packages
    }
    assert not wanting, "expected entries for other platforms as well; add them with version, os, cpu and optional"


def test_lock_names_no_machine_of_ours() -> None:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    addresses = {package["resolved"] for package in packages.values() if "resolved" in package}
    assert all(address.startswith("https://registry.npmjs.org/") for address in addresses)
