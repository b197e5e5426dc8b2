"""The settings are read in a process of their own, as at every start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW = """
import json, django
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name, None) for name in %r}, default=str))
"""
PRODUCTION = {
    "TICKFOLIO_MODE": "production",
    "TICKFOLIO_REPLAY": "on",
    "TICKFOLIO_ALLOWED_HOSTS": "tickfolio.example.org",
    "TICKFOLIO_ALLOWED_ORIGINS": "https://tickfolio.example.org",
    "TICKFOLIO_SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
}


def environment(folder: Path, **variables: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TICKFOLIO_", "DATABASE_", "REDIS_"))
    }
    return {**kept, "DJANGO_SETTINGS_MODULE": "tickfolio.config.settings", "TICKFOLIO_DATA": str(folder), **variables}


def shown(folder: Path, *names: str, **variables: str) -> dict[str, object]:
    command = [sys.executable, "-c", SHOW % (list(names),)]
    result = subprocess.run(command, env=environment(folder, **variables), capture_output=True, text=True, check=True)
    values: dict[str, object] = json.loads(result.stdout)
    return values


def refusal(folder: Path, **variables: str) -> str:
    command = [sys.executable, "-c", "import django; django.setup()"]
    result = subprocess.run(command, env=environment(folder, **variables), capture_output=True, text=True, check=False)
    assert result.returncode != 0
    return result.stderr


def manage(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tickfolio", *words]
    return subprocess.run(command, env=environment(folder, **variables), capture_output=True, text=True, check=False)


def test_demo_allows_this_machine_at_the_served_port_only(tmp_path: Path) -> None:
    values = shown(tmp_path, "ALLOWED_HOSTS", "TICKFOLIO_ALLOWED_ORIGINS", "DEBUG", TICKFOLIO_PORT="8123")
    assert values["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert values["TICKFOLIO_ALLOWED_ORIGINS"] == [
        "http://localhost:8123",
        "http://127.0.0.1:8123",
        "http://[::1]:8123",
    ]
    assert values["DEBUG"] is False


def test_production_allows_nobody_unless_told(tmp_path: Path) -> None:
    names = ("ALLOWED_HOSTS", "TICKFOLIO_ALLOWED_ORIGINS", "TICKFOLIO_ANONYMOUS_QUOTES", "TICKFOLIO_IS_REPLAY")
    values = shown(tmp_path, *names, TICKFOLIO_MODE="production")
    assert list(values.values()) == [[], [], False, False]


def test_feeds_make_a_live_instance_and_keep_their_order(tmp_path: Path) -> None:
    values = shown(tmp_path, "TICKFOLIO_FEEDS", "TICKFOLIO_IS_REPLAY", TICKFOLIO_FEEDS=" Coinbase, yahoo,coinbase")
    assert list(values.values()) == [["coinbase", "yahoo"], False]


@pytest.mark.parametrize(
    ("variables", "is_named"),
    [
        ({}, False),
        ({"TICKFOLIO_FEEDS": "yahoo"}, True),
        ({"TICKFOLIO_REPLAY": "on"}, True),
        ({"TICKFOLIO_REPLAY": "off"}, True),
    ],
)
def test_whether_somebody_said_which_kind_the_instance_is_is_known(
    tmp_path: Path, variables: dict[str, str], is_named: bool
) -> None:
    assert shown(tmp_path, "TICKFOLIO_KIND_IS_NAMED", **variables) == {"TICKFOLIO_KIND_IS_NAMED": is_named}


def test_a_replay_has_no_feeds(tmp_path: Path) -> None:
    message = refusal(tmp_path, TICKFOLIO_FEEDS="yahoo", TICKFOLIO_REPLAY="on")
    assert "TICKFOLIO_REPLAY: expected off" in message


def test_where_a_vendor_is_reached_is_read_and_never_shown(tmp_path: Path) -> None:
    variables = {"TICKFOLIO_ALPACA_KEY": "hunter2", "TICKFOLIO_ALPACA_WS_URL": "wss://host/?key=hunter2"}
    values = shown(tmp_path, "TICKFOLIO_FEED_ACCESS", **variables)
    assert "hunter2" not in json.dumps(values)
    assert "key=True" in json.dumps(values)


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_no_migration_is_missing(tmp_path: Path) -> None:
    result = manage(tmp_path, "makemigrations", "--check", "--dry-run", TICKFOLIO_MODE="test")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TICKFOLIO_MODE", "prod"),
        ("TICKFOLIO_PORT", "eighty"),
        ("TICKFOLIO_PORT", "70000"),
        ("TICKFOLIO_DEBUG", "true"),
        ("TICKFOLIO_LOG_FORMAT", "xml"),
        ("TICKFOLIO_REPLAY_SEED", "-1"),
        ("DATABASE_URL", "mysql://somewhere/else"),
        ("DATABASE_URL", "postgres://host"),
        ("DATABASE_URL", "postgres://u:p@h:abc/x"),
        ("DATABASE_URL", "postgres://u:p[q@h/x"),
        ("DATABASE_URL", "postgres://u:p@h/x?sslmode"),
        ("REDIS_URL", "http://127.0.0.1:6379"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("REDIS_URL", "redis://127.0.0.1:port/0"),
        ("TICKFOLIO_REPLAY_SPEED", "fast"),
        ("TICKFOLIO_REPLAY_SPEED", "0"),
        ("TICKFOLIO_REPLAY_START", "noon"),
        ("TICKFOLIO_SIGN_UP", "yes"),
        ("TICKFOLIO_EMAIL_URL", "mail.example.org"),
        ("TICKFOLIO_EMAIL_FROM", "nobody"),
        ("TICKFOLIO_TRUSTED_PROXIES", "all"),
        ("TICKFOLIO_METRICS_TOKEN", "short"),
        ("TICKFOLIO_PROBES", "9101"),
        ("TICKFOLIO_PROBES", "127.0.0.1:99999"),
        ("TICKFOLIO_METRICS_TOKEN", "twenty characters and blanks"),
        ("TICKFOLIO_FEEDS", "yahoo,bloomberg"),
        ("TICKFOLIO_YAHOO_WS_URL", "https://streamer.example.org"),
        ("TICKFOLIO_COINBASE_HTTP_URL", "api.example.org"),
        ("TICKFOLIO_ECB_HTTP_URL", "https://:port/"),
    ],
)
def test_variable_with_nonsense_is_named_with_what_was_expected(tmp_path: Path, name: str, value: str) -> None:
    message = refusal(tmp_path, **{name: value})
    assert f"{name}: expected" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://me:hunter2@host/name"),
        ("DATABASE_URL", "postgres://me:hunter2[@host/name"),
        ("DATABASE_URL", "postgres://me:hunter2/@host/name"),
        ("DATABASE_URL", "postgres://me:hunter2@host:abc/name"),
        ("DATABASE_URL", "hunter2://host/name"),
        ("REDIS_URL", "http://:hunter2@host"),
        ("TICKFOLIO_FINNHUB_WS_URL", "https://host/?token=hunter2"),
        ("REDIS_URL", "redis://:hunter2]@host"),
        ("TICKFOLIO_EMAIL_URL", "smtps://me:hunter2@host:port"),
        ("TICKFOLIO_EMAIL_URL", "smtp://me:hunter2@mail.example.org"),
    ],
)
def test_password_in_an_address_is_never_shown(tmp_path: Path, name: str, value: str) -> None:
    message = refusal(tmp_path, **{name: value})
    assert f"{name}: expected" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("url", ["redis://127.0.0.1:6379/0", "rediss://me:secret@host", "unix:///run/valkey.sock"])
def test_address_of_redis_is_taken_as_it_is(tmp_path: Path, url: str) -> None:
    assert shown(tmp_path, "REDIS_URL", REDIS_URL=url) == {"REDIS_URL": url}


def test_options_of_the_database_url_are_those_of_the_connection(tmp_path: Path) -> None:
    url = "postgres://me@db.example/tickfolio?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"
    databases = shown(tmp_path, "DATABASES", DATABASE_URL=url)["DATABASES"]
    assert isinstance(databases, dict)
    options = databases["default"]["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/etc/ca.pem")
    assert options["pool"]["max_size"] == 10
    assert databases["default"]["CONN_HEALTH_CHECKS"] is True


def test_secret_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_bytes(b"\xff\xfe")
    assert "TICKFOLIO_SECRET_KEY: expected" in refusal(tmp_path)


def test_database_url_is_read_in_all_its_parts(tmp_path: Path) -> None:
    values = shown(tmp_path, "DATABASES", DATABASE_URL="postgres://me:a%40b@db.example:5433/tick%20folio")
    database = values["DATABASES"]
    assert isinstance(database, dict)
    default = database["default"]
    assert (default["USER"], default["PASSWORD"], default["HOST"], default["PORT"], default["NAME"]) == (
        "me",
        "a@b",
        "db.example",
        "5433",
        "tick folio",
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"TICKFOLIO_DEBUG": "on"}, "TICKFOLIO_DEBUG"),
        ({"TICKFOLIO_ALLOWED_HOSTS": "*"}, "TICKFOLIO_ALLOWED_HOSTS"),
        ({"TICKFOLIO_ALLOWED_HOSTS": ""}, "TICKFOLIO_ALLOWED_HOSTS"),
        ({"TICKFOLIO_ALLOWED_ORIGINS": ""}, "TICKFOLIO_ALLOWED_ORIGINS"),
        ({"TICKFOLIO_SECRET_KEY": "short"}, "TICKFOLIO_SECRET_KEY"),
    ],
)
def test_production_refuses_to_start_with_what_is_unsafe(tmp_path: Path, changed: dict[str, str], named: str) -> None:
    result = manage(tmp_path, "run", "--no-browser", "--port", "0", **{**PRODUCTION, **changed})
    assert result.returncode == 2
    assert named in result.stderr
    assert "Traceback" not in result.stderr


def test_production_refuses_to_start_before_the_migration_and_does_not_migrate(tmp_path: Path) -> None:
    result = manage(tmp_path, "run", "--no-browser", "--port", "0", **PRODUCTION)
    assert result.returncode == 2
    assert "tickfolio migrate" in result.stderr


def test_strangers_may_sign_up_in_the_demo_and_not_in_production(tmp_path: Path) -> None:
    assert shown(tmp_path, "TICKFOLIO_SIGN_UP") == {"TICKFOLIO_SIGN_UP": True}
    assert shown(tmp_path, "TICKFOLIO_SIGN_UP", TICKFOLIO_MODE="production") == {"TICKFOLIO_SIGN_UP": False}


def test_passwords_are_hashed_with_argon2id_in_every_mode(tmp_path: Path) -> None:
    for mode in ("demo", "production", "test"):
        hashers = shown(tmp_path, "PASSWORD_HASHERS", TICKFOLIO_MODE=mode)["PASSWORD_HASHERS"]
        assert isinstance(hashers, list)
        assert hashers[0] == "tickfolio.identity.hashers.Argon2idHasher"


def test_addresses_are_confirmed_where_there_is_a_mail_server_and_only_there(tmp_path: Path) -> None:
    names = ("ACCOUNT_EMAIL_VERIFICATION", "MAILERS", "ACCOUNT_EMAIL_NOTIFICATIONS")
    assert list(shown(tmp_path, *names).values()) == ["none", {}, False]
    mail = {"TICKFOLIO_EMAIL_URL": "smtps://mail.example.org", "TICKFOLIO_EMAIL_FROM": "tickfolio@example.org"}
    verification, mailers, notifies = shown(tmp_path, *names, **mail).values()
    assert (verification, notifies) == ("mandatory", True)
    assert isinstance(mailers, dict)
    assert mailers["default"]["OPTIONS"]["host"] == "mail.example.org"


def test_a_mail_server_without_a_sender_is_refused(tmp_path: Path) -> None:
    assert "TICKFOLIO_EMAIL_FROM: expected" in refusal(tmp_path, TICKFOLIO_EMAIL_URL="smtps://mail.example.org")


def test_the_client_is_who_the_one_proxy_of_production_names(tmp_path: Path) -> None:
    name = "ALLAUTH_TRUSTED_PROXY_COUNT"
    assert shown(tmp_path, name) == {name: 0}
    assert shown(tmp_path, name, TICKFOLIO_MODE="production") == {name: 1}


def test_production_with_a_mail_server_passes_the_deployment_check(tmp_path: Path) -> None:
    mail = {"TICKFOLIO_EMAIL_URL": "smtps://mail.example.org", "TICKFOLIO_EMAIL_FROM": "tickfolio@example.org"}
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, **mail)
    assert result.returncode == 0, result.stderr
