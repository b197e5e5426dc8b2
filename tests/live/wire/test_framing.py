import pytest
from websockets.extensions.base import Extension
from websockets.frames import Frame as ReferenceFrame
from websockets.frames import Opcode

from tickfolio.live.wire.framing import Frame, framed


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 70000])
def test_frame_is_what_the_websockets_library_makes(size: int) -> None:
    payload = b"x" * size
    extensions: list[Extension] = []
    assert framed(payload) == ReferenceFrame(Opcode.TEXT, payload).serialize(mask=False, extensions=extensions)


def test_wire_bytes_are_made_once() -> None:
    frame = Frame(b"Hello")
    assert frame.wire is frame.wire
    assert frame.payload == b"Hello"
