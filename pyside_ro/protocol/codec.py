"""The native codec: packets to msgpack bytes, and back.

The narrow interface that a second codec would have: `Encoder.pack`, and `Decoder.feed` with an
iteration over the packets. Knows packets as plain lists.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
from PySide6.QtCore import QByteArray

from ..errors import CannotCross, InvalidData, OtherVersion, ProtocolError
from .extensions import Reference
from .frames import Frame, Segment
from .limits import Limits
from .values import SEGMENT_SIZE, Blob, Refer, ValueDecoder, ValueEncoder, explain

__all__ = ["Decoder", "Encoder"]

#: What a frame may hold already when a packet is added.
FULL_FRAME = 128 * 1024
_BUFFERS = (bytes, bytearray, memoryview, QByteArray)


class Encoder:
    """Packs packets. Not for use by two threads at once.

    `packPlain` is a bare C function for packets that hold nothing but None, bool, int, float,
    str, list and dict: the fastest way. It raises when there is anything else.
    """

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - immutable
        #: What a peer with the same ones accepts.
        self.limits = limits
        self._least = limits.leastBytes
        self._values = ValueEncoder(limits)
        self._packer = msgpack.Packer(default=self._values.default, strict_types=True)
        self.packPlain = msgpack.Packer(default=_notPlain, strict_types=True).pack

    def pack(
        self, packet: list[Any], refer: Refer | None = None
    ) -> tuple[bytes, list[Segment] | None]:
        """Give the packet's bytes and, if it holds large values, the segments that follow.

        `refer` names the QObjects that are met; without it they cannot travel. Raises
        CannotCross when a value cannot travel; nothing is kept then.
        """
        values = self._values
        values.refer = refer
        try:
            for index, value in enumerate(packet):
                if isinstance(value, _BUFFERS) and _size(value) >= SEGMENT_SIZE:
                    packet = [*packet[:index], Blob(value), *packet[index + 1 :]]
            data: bytes = self._packer.pack(packet)
            if values.segments or len(data) >= self._least:
                self.check(data, values.segments)
        except Exception as error:
            self.reset()
            raise explain(error) from None
        finally:
            values.refer = None
        if values.segments:
            segments, values.segments = values.segments, []
            return data, segments
        return data, None

    def check(self, data: bytes, segments: list[Segment] | None) -> None:
        """Raise CannotCross when a peer with the same limits would not accept a packet."""
        limits = self.limits
        size = len(data) + sum(len(buffer) for _, buffer in segments or ())
        if size > limits.maxFrame - FULL_FRAME:
            raise CannotCross(
                f"{size:,} bytes cannot cross at once: the limit is {limits.maxFrame:,} "
                "(Limits.maxFrame, of both sides)"
            )
        if len(data) < self._least:
            return
        try:
            msgpack.unpackb(
                data,
                ext_hook=lambda code, body: None,
                strict_map_key=False,
                **limits.unpacking,
            )
        except ValueError as error:
            raise CannotCross(
                f"a value is longer than a peer accepts: {error} (Limits.maxString, "
                "Limits.maxItems, of both sides)"
            ) from None

    def reset(self) -> None:
        """Forget what a failed pack left behind."""
        self._values.segments = []
        self._packer.reset()


def _size(value: Any) -> int:
    size: int = value.nbytes if isinstance(value, memoryview) else len(value)
    return size


def _notPlain(value: object) -> object:
    raise TypeError(type(value).__name__)


class Decoder:
    """Feeds frames in, gives packets out; the packets of all frames fed are one stream.

    Iteration may be interrupted by another `feed` and goes on in order: a slot that runs a
    nested event loop does that. It raises whatever the parser raises; `explain` has the words.
    """

    def __init__(self, limits: Limits) -> None:
        self._values = ValueDecoder(limits)
        self._unpacker = msgpack.Unpacker(
            ext_hook=self._values.ext_hook,
            strict_map_key=False,
            max_buffer_size=limits.maxFrame + 1024,
            **limits.unpacking,
        )
        #: The packets, for the hot loop: ``for packet in decoder.packets``.
        self.packets: Iterator[Any] = self._unpacker

    def resolve(
        self,
        function: Callable[[Reference, str], object] | None,
        enums: dict[str, type[enum.Enum]] | None = None,
        report: Callable[[OtherVersion], object] | None = None,
    ) -> None:
        """Have references to shared objects, and members of enums, looked up (see ValueDecoder)."""
        self._values.resolve = function
        self._values.report = report
        self._values.enums = {} if enums is None else enums

    @property
    def inert(self) -> bool:
        """Whether values beyond msgpack's own are left as they are, unread: of a stranger's."""
        return self._values.inert

    @inert.setter
    def inert(self, inert: bool) -> None:
        self._values.inert = inert

    def feed(self, frame: Frame) -> None:
        """Take a frame's body and segments."""
        body, segments = frame
        if segments:
            self._values.segments.extend(segments)
        self._unpacker.feed(body)

    def checkComplete(self) -> None:
        """To be called when `packets` has run dry: a frame must not end within a packet."""
        # A nil behind it all is a packet of its own, unless it lands inside an unfinished one.
        self._unpacker.feed(b"\xc0")
        try:
            last = next(self._unpacker, self)
        except Exception:
            last = self
        if last is not None:
            raise InvalidData("a frame ends in the middle of a packet")
        if self._values.segments:
            raise InvalidData("a frame has a segment that no packet refers to")

    @staticmethod
    def explain(error: BaseException) -> ProtocolError:
        """Give what iteration raised as a ProtocolError in words."""
        if isinstance(error, ProtocolError):
            return error
        if isinstance(error, msgpack.exceptions.StackError):
            return InvalidData("a value is nested too deeply")
        if isinstance(error, UnicodeDecodeError):
            return InvalidData("a string is not valid UTF-8")
        if isinstance(error, MemoryError | msgpack.exceptions.BufferFull):
            return InvalidData("a value is larger than this node accepts")
        return InvalidData(f"a packet cannot be read: {error or type(error).__name__}")
