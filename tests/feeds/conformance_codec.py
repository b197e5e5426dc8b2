"""What no frame may do to the codec of any feed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.emulators.emulator import Frame
from tests.feeds.feed_under_test import NOW, FeedUnderTest, as_bytes
from tickfolio.feeds.feed import FeedQuote


class CodecConformance(FeedUnderTest):
    """The tests of the codec."""

    def test_no_frame_makes_the_codec_fail(self) -> None:
        @given(frame=st.one_of(st.text(max_size=200), st.binary(max_size=200)))
        def check(frame: Frame) -> None:
            codec = self.codec()
            codec.opened()
            codec.received(frame, at=NOW)

        check()

    def test_no_damage_to_a_real_frame_makes_the_codec_fail_or_lie_silently(self) -> None:
        listed = self.some_listed()[0]

        @given(data=st.data())
        def check(data: st.DataObject) -> None:
            whole = self.frame_of(listed)
            raw = bytearray(as_bytes(whole))
            for _ in range(data.draw(st.integers(1, 4))):
                raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
            damaged = bytes(raw[: data.draw(st.integers(0, len(raw)))])
            codec = self.codec()
            codec.opened()
            for frame in (damaged, damaged.decode("latin-1")):
                for event in codec.received(frame, at=NOW):
                    if isinstance(event, FeedQuote):
                        assert event.price.is_finite()
                        assert event.price > 0

        check()
