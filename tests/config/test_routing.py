import uuid
from typing import Any

import pytest
from django.urls import reverse

from tickfolio.config.routing import ATTACHMENTS, IMPORTS, by_path, socket_application
from tickfolio.gateway.consumer import HandshakeGuard
from tickfolio.services.attachments import MAX_BYTES_AT_ONCE
from tickfolio.statements.archives import MAX_ARCHIVE


def test_every_socket_passes_the_handshake_guard_first() -> None:
    assert isinstance(socket_application(lambda: None), HandshakeGuard)


@pytest.mark.parametrize(
    ("path", "root_path", "is_there"),
    [
        ("/ws/stocks/", "", True),
        ("/prices/ws/stocks/", "/prices", True),
        ("/ws/stocks", "", False),
        ("/ws/stocks/more/", "", False),
        ("/a/ws/stocks/", "", False),
        ("", "", False),
    ],
)
async def test_socket_lives_at_its_whole_path_alone(path: str, root_path: str, *, is_there: bool) -> None:
    reached, sent = [], []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        reached.append(scope["path"])

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    route = by_path({"/ws/stocks/": application})
    await route({"path": path, "root_path": root_path}, None, send)  # type: ignore[arg-type]  # nobody receives
    assert (reached, sent) == (([path], []) if is_there else ([], ["websocket.close"]))


def test_only_the_address_where_files_are_handed_in_takes_more_than_others() -> None:
    portfolio, batch = uuid.uuid4(), uuid.uuid4()
    assert IMPORTS.path.fullmatch(reverse("web:import_file", args=[portfolio]))
    assert not IMPORTS.path.fullmatch(reverse("web:import_book", args=[portfolio, batch]))
    assert not IMPORTS.path.fullmatch(reverse("web:transaction_new", args=[portfolio]))
    assert ATTACHMENTS.path.fullmatch(reverse("web:transaction_new", args=[portfolio]))
    assert IMPORTS.limit > MAX_ARCHIVE
    assert ATTACHMENTS.path.fullmatch(reverse("web:attachments_add", args=[portfolio, batch]))
    assert not ATTACHMENTS.path.fullmatch(reverse("web:attachment_remove", args=[portfolio, batch, batch]))
    assert not ATTACHMENTS.path.fullmatch(reverse("web:transaction", args=[portfolio, batch]))
    assert ATTACHMENTS.limit > MAX_BYTES_AT_ONCE
