import asyncio
from collections.abc import Sequence

from tickfolio.gateway.outlets import AsgiOutlet, DirectOutlet
from tickfolio.live.wire.framing import Frame


class Server:
    """An ASGI server's side of `send`, which can be made to wait as one with a slow client does."""

    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []
        self.may_send = asyncio.Event()
        self.may_send.set()
        self.fails_with: Exception | None = None

    async def send(self, message: dict[str, object]) -> None:
        await self.may_send.wait()
        if self.fails_with is not None:
            raise self.fails_with
        self.sent.append(message)


class Writer:
    """A frame writer that takes everything."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.is_aborted = False

    def write(self, frames: Sequence[Frame]) -> bool:
        self.frames.extend(frames)
        return True

    def waiting_bytes(self) -> int:
        return 7

    def abort(self) -> None:
        self.is_aborted = True


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_plain_asgi_outlet_sends_in_order_and_then_closes() -> None:
    server = Server()
    outlet = AsgiOutlet(server.send)
    assert outlet.write([Frame(b"1"), Frame("ä".encode())])
    outlet.close(1008, "enough")
    await turns()
    assert server.sent == [
        {"type": "websocket.send", "text": "1"},
        {"type": "websocket.send", "text": "ä"},
        {"type": "websocket.close", "code": 1008, "reason": "enough"},
    ]
    assert outlet.waiting_bytes() == 0
    await outlet.finish()


async def test_plain_asgi_outlet_of_a_stuck_client_refuses_beyond_its_bound_and_holds_up_nobody() -> None:
    stuck, other = Server(), Server()
    stuck.may_send.clear()
    outlets = [AsgiOutlet(stuck.send), AsgiOutlet(other.send)]
    frame = Frame(b"x" * 1024)
    taken = 0
    while outlets[0].write([frame]):
        taken += 1
        assert outlets[1].write([frame])
        await turns()
    assert taken == 65
    assert outlets[0].waiting_bytes() == 65 * 1024
    assert len(other.sent) == 65
    for outlet in outlets:
        await outlet.finish()


async def test_plain_asgi_outlet_sends_at_once_where_the_server_takes_all() -> None:
    server = Server()
    outlet = AsgiOutlet(server.send)
    outlet.write([Frame(b"1")])
    outlet.write([Frame(b"2")])
    assert [message["text"] for message in server.sent] == ["1", "2"]
    await outlet.finish()


async def test_plain_asgi_outlet_goes_on_by_itself_after_a_wait_and_keeps_the_order() -> None:
    server = Server()
    server.may_send.clear()
    outlet = AsgiOutlet(server.send)
    for payload in (b"1", b"2"):
        outlet.write([Frame(payload)])
    outlet.close(1001, "going away")
    assert server.sent == []
    server.may_send.set()
    await turns()
    assert [message.get("text") for message in server.sent] == ["1", "2", None]
    await outlet.finish()


async def test_plain_asgi_outlet_keeps_nothing_for_a_client_that_is_gone() -> None:
    server = Server()
    server.fails_with = RuntimeError("a close was sent")
    outlet = AsgiOutlet(server.send)
    for _ in range(100):
        assert outlet.write([Frame(b"x" * 1024)])
    assert outlet.waiting_bytes() == 1024
    outlet.close(1001, "going away")
    await turns()
    assert server.sent == []
    await outlet.finish()


async def test_plain_asgi_outlet_of_a_client_that_is_gone_falls_silent() -> None:
    server = Server()
    server.fails_with = ConnectionResetError()
    outlet = AsgiOutlet(server.send)
    outlet.write([Frame(b"1")])
    await turns()
    outlet.abort()
    await turns()
    assert server.sent == []
    await outlet.finish()


async def test_plain_asgi_outlet_that_is_aborted_sends_only_a_close() -> None:
    server = Server()
    outlet = AsgiOutlet(server.send)
    outlet.abort()
    outlet.write([Frame(b"1")])
    await turns()
    assert [message["type"] for message in server.sent] == ["websocket.close"]
    await outlet.finish()


async def test_direct_outlet_hands_frames_to_the_writer_and_closes_through_asgi() -> None:
    server, writer = Server(), Writer()
    outlet = DirectOutlet(writer, server.send)
    frame = Frame(b"1")
    assert outlet.write([frame])
    assert outlet.waiting_bytes() == 7
    outlet.close(1008, "enough")
    await turns()
    assert writer.frames == [frame]
    assert server.sent == [{"type": "websocket.close", "code": 1008, "reason": "enough"}]
    outlet.abort()
    assert writer.is_aborted
    await outlet.finish()
