"""The AsyncAPI document says what the server and the pages really speak."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import ProtocolError
from tickfolio.live.wire.codec import PlainQuote, decode_client, encode, encode_plain_error, number
from tickfolio.live.wire.messages import ClientMessage
from tools import generate_asyncapi

ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads(generate_asyncapi.TARGET.read_text(encoding="utf-8"))
SPECIFICATION = ROOT / "frontend" / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"
FRAMES = sorted((Path(__file__).parent / "frames").glob("*.json"))


def validator(name: str) -> jsonschema.Draft202012Validator:
    """Of the schema of that name; its references lead into the document."""
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    )


BY_TAG = {
    message["name"]: validator(name)
    for name, message in DOCUMENT["components"]["messages"].items()
    if name in DOCUMENT["channels"]["v1"]["messages"]
}


def test_the_document_is_that_of_the_servers_messages() -> None:
    assert generate_asyncapi.TARGET.read_text(encoding="utf-8") == generate_asyncapi.generated()
    assert generate_asyncapi.main(["--check"]) == 0


def test_a_difference_fails_the_check_and_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate_asyncapi, "TARGET", tmp_path / "live-protocol.asyncapi.json")
    assert generate_asyncapi.main(["--check"]) == 1
    assert "Run: python -m tools.generate_asyncapi" in capsys.readouterr().out
    assert generate_asyncapi.main([]) == generate_asyncapi.main(["--check"]) == 0


def test_the_document_is_asyncapi_3() -> None:
    specification = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(specification).validate(DOCUMENT)


def test_every_reference_leads_somewhere() -> None:
    def references(part: object) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [found for value in part.values() for found in references(value)]
        return [found for value in part for found in references(value)] if isinstance(part, list) else []

    found = set(references(DOCUMENT))
    assert len(found) > 60
    for reference in found:
        place: Any = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]


def test_each_message_of_a_client_names_its_answers_and_each_answer_is_one_of_the_servers() -> None:
    names = {member.__name__ for member in get_args(ClientMessage.__value__)}
    assert set(generate_asyncapi.ANSWERS) == names
    assert {f"on{name}" for name in names} < set(DOCUMENT["operations"])
    told = {entry["$ref"] for entry in DOCUMENT["operations"]["tell"]["messages"]}
    for name in names:
        answers = DOCUMENT["operations"][f"on{name}"].get("reply", {"messages": []})["messages"]
        assert {entry["$ref"] for entry in answers} <= told
        assert bool(answers) == (name != "Ack")


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_golden_frames_are_as_the_document_says(path: Path) -> None:
    for frame in json.loads(path.read_text(encoding="utf-8"))["frames"]:
        if frame["type"] in BY_TAG:  # another one is of a newer server
            BY_TAG[frame["type"]].validate(frame)


SCALARS = st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=4)
PARTS: st.SearchStrategy[object] = st.recursive(
    SCALARS | st.sampled_from(["quotes", "AAPL", "portfolio:" + "0" * 36]),
    lambda part: st.lists(part, max_size=2) | st.dictionaries(st.sampled_from(["quotes", "epoch", "sequence"]), part),
    max_leaves=4,
)
KEYS = ["id", "quotes", "portfolios", "totals_only", "scope", "sequence", "hidden", "resume", "more"]
TAGS = st.sampled_from(["hello", "subscribe", "unsubscribe", "ack", "visibility", "refresh", "ping"])


@given(tag=TAGS, others=st.dictionaries(st.sampled_from(KEYS), PARTS, max_size=3))
def test_the_server_takes_what_the_document_allows_and_refuses_what_it_forbids(
    tag: str, others: dict[str, object]
) -> None:
    message = {"type": tag, **others}
    try:
        decode_client(json.dumps(message))
    except ProtocolError:
        is_taken = False
    else:
        is_taken = True
    assert is_taken == BY_TAG[tag].is_valid(message)


def test_answers_of_the_plain_dialect_are_as_the_document_says() -> None:
    quote = PlainQuote(
        symbol="AAPL",
        price=number("189.20"),
        change=number(None),
        currency="USD",
        previous_close=number("188"),
        time=None,
        quality="unpriced",
        source="",
    )
    validator("PlainQuote").validate(json.loads(encode(quote), parse_float=Decimal))
    for symbol in ("XXXX", None):
        validator("PlainError").validate(json.loads(encode_plain_error("unknown_symbol", "None.", symbol=symbol)))
    assert set(msgspec.json.decode(encode(quote))) == set(DOCUMENT["components"]["schemas"]["PlainQuote"]["required"])
