"""numpy arrays and scalars, with numpy and without."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyside_ro.errors import CannotCross, InvalidData
from pyside_ro.protocol import arrays
from pyside_ro.protocol.extensions import Code
from pyside_ro.protocol.values import SEGMENT_SIZE, Opaque, ValueDecoder, ValueEncoder
from tests.protocol.wire import Wire

np = pytest.importorskip("numpy")
from hypothesis.extra import numpy as hnp  # noqa: E402 - only with numpy

SIMPLE = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64)),
    hnp.complex_number_dtypes(endianness="?", sizes=(64, 128)),
    hnp.datetime64_dtypes(),
    hnp.timedelta64_dtypes(),
    hnp.byte_string_dtypes(min_len=1, max_len=5),
    hnp.unicode_string_dtypes(min_len=1, max_len=5),
)
DTYPES = SIMPLE | hnp.array_dtypes(SIMPLE, max_size=3) | hnp.nested_dtypes(SIMPLE, max_leaves=4)


def check(array: Any) -> None:
    """Send an array; it must arrive the same, and writable."""
    result = Wire()([(array,)])[0][0]
    assert type(result) is np.ndarray
    assert (result.dtype, result.shape) == (array.dtype, array.shape)
    assert result.tobytes() == array.tobytes()
    assert result.flags.writeable and result.flags.c_contiguous


@settings(deadline=None)
@given(st.data())
def test_arrays_of_every_dtype(data: st.DataObject) -> None:
    dtype = data.draw(DTYPES.filter(lambda dtype: dtype.subdtype is None))
    check(data.draw(hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))))


@pytest.mark.parametrize("count", [10, 9000])
def test_arrays_of_every_layout(count: int) -> None:
    flat = np.arange(count * 4, dtype="<f8")
    square = flat.reshape(-1, 4)
    for array in (
        flat,
        flat[::-1],
        flat[::2],
        square.T,
        np.asfortranarray(square),
        flat.astype(">i4"),
        flat.astype("datetime64[ms]"),
        flat.astype("c16"),
        flat > 3,
        np.broadcast_to(np.float32(1), (count, 4)),
        square.astype([("a", "<i2"), ("b", ">f8", (2,))]),
        np.zeros(count * 8, np.dtype("i1,f8", align=True)),
        flat.astype("U9"),
        flat.view(np.matrix),
        flat[:0].reshape(0, 5),
        np.array(3.5),
    ):
        check(np.asarray(array) if isinstance(array, np.matrix) else array)


def test_a_large_array_is_not_copied_at_the_sender_nor_at_the_receiver() -> None:
    encoder, decoder = ValueEncoder(), ValueDecoder()
    array = np.zeros(SEGMENT_SIZE, "u1")
    extension = encoder.default(array)
    assert isinstance(extension, msgpack.ExtType)
    ((kind, view),) = encoder.segments
    array[0] = 7
    assert kind == 0 and view[0] == 7
    segment = bytearray(view)
    decoder.segments.append(segment)
    result: Any = decoder.ext_hook(extension.code, extension.data)
    segment[1] = 8
    assert result[1] == 8


def test_scalars_keep_their_type() -> None:
    for value in (
        *(np.dtype(code).type(1) for code in "?bhilBHILefdFD"),
        np.datetime64("2020-01-02T03:04"),
        np.timedelta64(5, "h"),
        np.datetime64("NaT", "s"),
        np.str_("é"),
        np.str_(""),
        np.bytes_(b"a\0"),
        np.array([(1, "x")], "i4,U3")[0],
    ):
        result = Wire()((value,))[0]
        assert type(result) is type(value) and result.dtype == value.dtype
        assert result == value or (result != result and value != value)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.array([None]), "Python objects"),
        (np.array([(1, None)], dtype="i4,O"), "Python objects"),
        (np.zeros(3, np.longdouble), r"float128.*astype"),
        (np.zeros(3, "V5"), "astype"),
        (np.ma.masked_array([1, 2], [0, 1]), "masked"),
        (np.longdouble(3), "astype"),
    ],
    ids=repr,
)
def test_what_cannot_cross(array: Any, words: str) -> None:
    with pytest.raises(CannotCross, match=words):
        ValueEncoder().default(array)


def forged(description: Any, shape: tuple[int, ...], body: bytes) -> object:
    """Receive an array that claims to be that."""
    described = msgpack.packb(description)
    head = len(described).to_bytes(2, "big") + bytes([len(shape)]) + described
    dimensions = b"".join(size.to_bytes(8, "big") for size in shape)
    return ValueDecoder().ext_hook(Code.NDARRAY, head + dimensions + body)


@pytest.mark.parametrize(
    "description",
    [
        "|O", "O", "<f16", "<i12", "<i3", "|V8", "<U", "<U0", "<U٣", "<m8[xx]", "<m8[", "<M8[1]",
        "f8,O", "<f8,<f8", "numpy.object_", "<U9999999999", 3, None, {"names": ["a"]}, [], [8, []],
        [8, [["a", "|O", 0, [], None]]], [8, [["a", "<f8", 1, [], None]]],
        [8, [["a", "<f8", -1, [], None]]], [8, [["a", "<i4", 0, [3], None]]],
        [8, [["a", "<i4", 0, [], None], ["a", "<i4", 4, [], None]]],
        [8, [["a", "<i4", 0, [-1], None]]], ["8", [["a", "<f8", 0, [], None]]],
        [8, [["a", "<f8", 0, [], 1]]], [8, [["a", "<f8", 0, []]]], [8, [[1, "<f8", 0, [], None]]],
    ],
    ids=repr,
)  # fmt: skip
def test_dtypes_that_are_refused(description: Any) -> None:
    with pytest.raises(InvalidData):
        forged(description, (1,), bytes(8))


def test_shapes_that_are_refused() -> None:
    assert forged("<f8", (1,), bytes(8)) == np.zeros(1)
    for shape in ((2,), (2**63,), (2**62, 4), (1,) * 65, ()):
        with pytest.raises(InvalidData):
            forged("<f8", shape, bytes(8 * (shape == (2**63,))))
    with pytest.raises(InvalidData):
        forged("<f8", (0, 2**63), b"")


def test_elements_that_are_none() -> None:
    with pytest.raises(InvalidData, match="bool"):
        forged("|b1", (2,), b"\1\2")
    with pytest.raises(InvalidData, match="character"):
        forged("<U1", (1,), b"\xff\xff\xff\x7f")
    with pytest.raises(InvalidData, match="character"):
        forged(
            [5, [["a", "|b1", 4, [], None], ["b", "<U1", 0, [], None]]], (1,), b"\xff\xff\xff\x7f\0"
        )


@settings(max_examples=300)
@given(st.binary(max_size=60), st.binary(max_size=40))
def test_random_arrays_only_ever_raise_invaliddata(described: bytes, rest: bytes) -> None:
    head = len(described).to_bytes(2, "big") + b"\1" + described
    for code, data in ((Code.NDARRAY, head + rest), (Code.SCALAR, head[:2] + described + rest)):
        with suppress(InvalidData):
            ValueDecoder().ext_hook(code, data)


@pytest.mark.parametrize("count", [3, SEGMENT_SIZE])
def test_without_numpy_an_array_is_opaque_and_goes_on(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire()
    array = np.arange(count)
    sent = wire.pack((array, np.float32(2)))
    monkeypatch.setattr(arrays, "_numpy", False)
    opaque, scalar = wire.unpack(*sent)
    assert isinstance(opaque, Opaque) and isinstance(scalar, Opaque)
    assert "install pyside-ro[numpy]" in repr(opaque) and "pyside-ro[numpy]" in scalar.reason
    again = wire.pack((opaque, scalar))
    monkeypatch.undo()
    result, number = wire.unpack(*again)
    assert (result == array).all() and number == np.float32(2)


def test_numpy_and_qtgui_are_not_imported_for_other_values() -> None:
    program = (
        "import sys, datetime\n"
        "sys.modules['numpy'] = None  # importing it raises ImportError\n"
        "from pyside_ro.protocol.values import CannotCross, ValueDecoder, ValueEncoder\n"
        "extension = ValueEncoder().default((1, datetime.date.today(), {2}))\n"
        "ValueDecoder().ext_hook(extension.code, extension.data)\n"
        "try: ValueEncoder().default(object())\n"
        "except CannotCross: pass\n"
        "else: sys.exit('crossed')\n"
        "assert 'PySide6.QtGui' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
