"""Writes the live protocol as an AsyncAPI 3 document, from the message types that the server itself encodes and decodes.

``python -m tools.generate_asyncapi`` writes docs/reference/live-protocol.asyncapi.json; with ``--check`` it writes nothing and
fails where the file differs. The plain dialect is written here by hand: its numbers are ready JSON, which no type describes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, TypeAliasType, get_args

import msgspec

from tickfolio.live.session import LIMITS, PLAIN_MESSAGE_BYTES
from tickfolio.live.wire.codec import PlainRequest
from tickfolio.live.wire.messages import ClientMessage, ServerMessage
from tickfolio.live.wire.vocabulary import SUBPROTOCOL, ErrorCode, QualityName
from tools.generated_files import write_or_compare

TARGET = Path(__file__).resolve().parent.parent / "docs" / "reference" / "live-protocol.asyncapi.json"
ADDRESS = "/ws/stocks/"
SCHEMAS = "#/components/schemas/{name}"
ANSWERS = {
    "Hello": ["Welcome"],
    "Subscribe": ["Snapshot", "PortfolioSnapshot", "Error"],
    "Unsubscribe": ["Snapshot", "Status", "Error"],
    "Refresh": ["Snapshot", "PortfolioSnapshot", "Error"],
    "Visibility": ["Snapshot", "PortfolioSnapshot"],
    "Ping": ["Status"],
    "Ack": [],
}
"""By message of a client, those that answer it."""


def main(arguments: list[str]) -> int:
    """Writes the file, or compares it where `--check` is given; the answer is the exit status."""
    return write_or_compare(generated(), TARGET, tool="tools.generate_asyncapi", arguments=arguments)


def generated() -> str:
    """The whole text of the document."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> dict[str, Any]:
    """The document: two channels at one address, an operation for each message of a client, one for what the server says."""
    client, server = _names(ClientMessage), _names(ServerMessage)
    _roots, schemas = msgspec.json.schema_components((ClientMessage, ServerMessage, PlainRequest), ref_template=SCHEMAS)
    schemas |= _plain_schemas()
    messages = {name: _message(name, schemas[name]) for name in (*client, *server, "PlainRequest", *_PLAIN_ANSWERS)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tickfolio's live protocol",
            "version": SUBPROTOCOL.removeprefix("tickfolio.v"),
            "description": (
                "JSON in text frames. The subprotocol that a client offers chooses the dialect; the rules are in live-protocol.md, "
                f"beside this file. A client may send {LIMITS.message_bytes} bytes a message, {LIMITS.messages_per_second} messages "
                f"a second and {LIMITS.message_burst} at once, and watch {LIMITS.symbols} symbols and {LIMITS.portfolios} portfolios."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "demo": {
                "host": "localhost:8000",
                "protocol": "ws",
                "description": "What `./dev run` starts. Behind a proxy it is wss and the proxy's host.",
            }
        },
        "channels": {
            "v1": _channel(f"Of a client that offers the subprotocol {SUBPROTOCOL}.", [*client, *server]),
            "plain": _channel(
                f"Of a client that offers no subprotocol; at most {PLAIN_MESSAGE_BYTES} bytes a message.",
                ["PlainRequest", *_PLAIN_ANSWERS],
            ),
        },
        "operations": {
            **{f"on{name}": _operation("receive", "v1", [name], answers=ANSWERS[name]) for name in client},
            "tell": _operation("send", "v1", server),
            "onPlainRequest": _operation("receive", "plain", ["PlainRequest"], answers=list(_PLAIN_ANSWERS)),
            "tellPlain": _operation("send", "plain", list(_PLAIN_ANSWERS)),
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _names(union: TypeAliasType) -> list[str]:
    return [member.__name__ for member in get_args(union.__value__)]


def _message(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    summary = schema["description"].strip().splitlines()[0]
    tag = schema["properties"].get("type", {}).get("enum", [name])[0]
    return {"name": tag, "title": name, "summary": summary, "payload": {"$ref": SCHEMAS.format(name=name)}}


def _channel(description: str, messages: list[str]) -> dict[str, Any]:
    return {
        "address": ADDRESS,
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _operation(action: str, channel: str, messages: list[str], *, answers: list[str] | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": _in_channel(channel, messages),
    }
    if answers:
        operation["reply"] = {
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": _in_channel(channel, answers),
        }
    return operation


def _in_channel(channel: str, messages: list[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages]


_PLAIN_ANSWERS = ("PlainQuote", "PlainError")


def _plain_schemas() -> dict[str, Any]:
    price = {"type": ["number", "null"]}
    quote = {
        "symbol": {"type": "string"},
        "price": price,
        "change": price,
        "currency": {"type": "string"},
        "previous_close": price,
        "time": {"type": ["string", "null"], "format": "date-time"},
        "quality": {"enum": sorted(get_args(QualityName.__value__))},
        "source": {"type": "string"},
    }
    fault = {"code": {"enum": sorted(get_args(ErrorCode.__value__))}, "message": {"type": "string"}}
    return {
        "PlainQuote": {
            "title": "PlainQuote",
            "description": "A symbol's newest quote. `change` is the percent from the previous close. More keys may follow.",
            "type": "object",
            "properties": quote,
            "required": list(quote),
        },
        "PlainError": {
            "title": "PlainError",
            "description": "Why a message was refused. The socket stays open.",
            "type": "object",
            "properties": {
                "symbol": {"type": "string"},
                "error": {"type": "object", "properties": fault, "required": list(fault)},
            },
            "required": ["error"],
        },
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
