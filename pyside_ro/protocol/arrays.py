"""numpy's arrays and scalars; numpy itself is imported only when one is met.

An array crosses as its dtype, its shape and its elements in C order. The dtype is described in
our own strict way, which cannot say "object". Knows numpy, if it is installed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from msgpack import ExtType, packb, unpackb

from ..errors import CannotCross, InvalidData
from .extensions import BUFFER_DECODERS, DECODERS, SEGMENT_SIZE, Code, Reader, Writer, extension
from .frames import MUTABLE
from .standins import Opaque

__all__ = ["encoderOf"]

_numpy: Any = None
#: Both ways, for the few dtypes that a program uses.
_descriptions: dict[Any, bytes] = {}
_dtypes: dict[bytes, Any] = {}
_MAX_KEPT = 512
_MAX_FIELDS = 1024
_MAX_NESTING = 8
_MAX_DIMENSIONS = 64
_HEAD = struct.Struct(">HB")
_DIMENSIONS = tuple(struct.Struct(f">{n}Q") for n in range(_MAX_DIMENSIONS + 1))
_SIZES = {"b": ("1",), "i": (*"1248",), "u": (*"1248",), "f": (*"248",), "c": ("8", "16")}
_UNITS = frozenset(("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"))


def _np() -> Any:
    """Give numpy, or False when it is not installed."""
    global _numpy
    if _numpy is None:
        try:
            import numpy
        except ImportError:
            _numpy = False
        else:
            _numpy = numpy
    return _numpy


def encoderOf(cls: type) -> Callable[[Any, Writer], object] | None:
    """Give the encoder of a type of numpy's, or derived from one; None for any other."""
    if not any(base.__module__.partition(".")[0] == "numpy" for base in cls.__mro__):
        return None
    np = _np()
    if not np:
        return None
    if issubclass(cls, np.ma.MaskedArray):
        raise CannotCross("a masked array cannot cross: send its data and mask apart")
    if issubclass(cls, np.ndarray):
        return _packArray
    if issubclass(cls, np.generic):
        return _packScalar
    return None


def _packArray(value: Any, writer: Writer) -> ExtType:
    dtype = value.dtype
    shape = value.shape
    described = _descriptions.get(dtype) or _describe(dtype)
    dimensions = len(shape)
    head = _HEAD.pack(len(described), dimensions) + described + _DIMENSIONS[dimensions].pack(*shape)
    if value.nbytes < SEGMENT_SIZE:
        return extension(16, head + value.tobytes())
    if not value.flags.c_contiguous:
        value = _np().ascontiguousarray(value)
    # As plain bytes first: dates, big-endian numbers and structures are no memoryview's formats.
    return writer.buffer(16, head, value.reshape(-1).view(_BYTE or _byte()).data, MUTABLE)


_BYTE: Any = None


def _byte() -> Any:
    global _BYTE
    _BYTE = _np().dtype("u1")
    return _BYTE


def _packScalar(value: Any, _: Writer) -> ExtType:
    if isinstance(value, str | bytes):
        kind = "U" if isinstance(value, str) else "S"
        plain = str.__str__(value) if isinstance(value, str) else bytes(memoryview(value))
        return extension(Code.SCALAR, b"\0\0" + packb([kind, plain]))
    dtype = value.dtype
    described = _descriptions.get(dtype) or _describe(dtype)
    return extension(17, struct.pack(">H", len(described)) + described + value.tobytes())


def _describe(dtype: Any) -> bytes:
    described: bytes = packb(_description(dtype, 0))
    if len(described) > 65535:
        raise CannotCross("a numpy dtype with that many fields cannot cross")
    if len(_descriptions) < _MAX_KEPT:
        _descriptions[dtype] = described
    return described


def _description(dtype: Any, nesting: int) -> Any:
    """Give a dtype as its str, or as [itemsize, [[name, dtype, offset, shape, title], …]]."""
    if dtype.hasobject:
        raise CannotCross(
            f"a numpy array of dtype {str(dtype)!r} cannot cross: it holds Python objects; send"
            " a list, or a dtype of fixed size"
        )
    if nesting > _MAX_NESTING:
        raise CannotCross("a numpy dtype nested that deeply cannot cross")
    if dtype.fields is None:
        text = dtype.str
        if dtype.subdtype is not None or _simpleProblem(text):
            raise CannotCross(
                f"a numpy array of dtype {str(dtype)!r} cannot cross: only numbers of up to 64"
                " bits (complex: 128), bool, dates, fixed strings and structures of those can;"
                " convert it with astype()"
            )
        return text
    fields = []
    for name in dtype.names:
        field, offset, *titles = dtype.fields[name]
        title = titles[0] if titles else None
        if title is not None and not isinstance(title, str):
            raise CannotCross(f"a numpy field with a title that is no str cannot cross: {name!r}")
        shape: list[int] = []
        if field.subdtype is not None:
            field, dimensions = field.subdtype
            shape = list(dimensions)
        fields.append([name, _description(field, nesting + 1), offset, shape, title])
    if not fields or len(fields) > _MAX_FIELDS or dtype.itemsize == 0:
        raise CannotCross(f"a numpy structure of {len(fields)} fields cannot cross")
    return [dtype.itemsize, fields]


def _simpleProblem(text: object) -> str:
    """Say what is wrong with a dtype's str, strictly; empty when nothing is."""
    problem = f"{text!r:.60} is not a dtype that crosses"
    if not isinstance(text, str) or len(text) < 3 or text[0] not in "<>|":
        return problem
    kind, size = text[1], text[2:]
    if kind in _SIZES:
        return "" if size in _SIZES[kind] else problem
    if kind in "SU":
        digits = size.isascii() and size.isdigit() and len(size) <= 9
        return "" if digits and int(size) > 0 else problem
    if kind in "mM":
        if size == "8":
            return ""
        if not (size.startswith("8[") and size.endswith("]")):
            return problem
        unit = size[2:-1].lstrip("0123456789")
        count = size[2 : -1 - len(unit)]
        return "" if unit in _UNITS and len(count) <= 9 else problem
    return problem


def _dtypeOf(described: bytes) -> Any:
    dtype = _parse(unpackb(described), 0)
    if len(_dtypes) < _MAX_KEPT:
        _dtypes[described] = dtype
    return dtype


def _parse(description: Any, nesting: int) -> Any:
    np = _np()
    if isinstance(description, str):
        if problem := _simpleProblem(description):
            raise InvalidData(problem)
        return np.dtype(description)
    if nesting > _MAX_NESTING:
        raise InvalidData("a numpy dtype is nested too deeply")
    itemsize, fields = description
    if type(itemsize) is not int or not 0 < itemsize < 1 << 31 or type(fields) is not list:
        raise InvalidData("a numpy structure without size and fields")
    if not 0 < len(fields) <= _MAX_FIELDS:
        raise InvalidData(f"a numpy structure of {len(fields)} fields")
    names, formats, offsets, titles = [], [], [], []
    for name, inner, offset, shape, title in fields:
        dtype = _parse(inner, nesting + 1)
        if type(name) is not str or type(offset) is not int or type(shape) is not list:
            raise InvalidData("a numpy field without name, offset and shape")
        if title is not None and type(title) is not str:
            raise InvalidData(f"numpy field {name!r:.60}: a title that is no str")
        size = dtype.itemsize
        for length in shape:
            if type(length) is not int or length < 0:
                raise InvalidData(f"numpy field {name!r:.60}: a wrong shape")
            size *= length
        if offset < 0 or offset + size > itemsize:
            raise InvalidData(f"numpy field {name!r:.60} lies outside its structure")
        names.append(name)
        formats.append((dtype, tuple(shape)) if shape else dtype)
        offsets.append(offset)
        titles.append(title)
    structure = {"names": names, "formats": formats, "offsets": offsets, "itemsize": itemsize}
    if any(title is not None for title in titles):
        structure["titles"] = titles
    return np.dtype(structure)


def _readArray(data: bytes, body: bytes | bytearray | None, _: Reader) -> object:
    length, dimensions = _HEAD.unpack_from(data)
    start = 3 + length
    described = data[3:start]
    if dimensions > _MAX_DIMENSIONS:
        raise InvalidData(f"a numpy array of {dimensions} dimensions")
    np = _numpy or _np()
    if not np:
        return _missing(data, body)
    dtype = _dtypes.get(described) or _dtypeOf(described)
    shape = _DIMENSIONS[dimensions].unpack_from(data, start)
    # A bytearray, so that the array can be written to.
    if body is None:
        body = bytearray(memoryview(data)[start + 8 * dimensions :])
    elif type(body) is not bytearray:
        body = bytearray(body)
    count = 1
    for size in shape:
        count *= size
    if count * dtype.itemsize != len(body):
        raise InvalidData(f"a numpy array of shape {shape} and dtype {dtype} in {len(body)} bytes")
    array = np.ndarray(shape, dtype, body)
    if dtype.kind in "bUV":
        _checkElements(array, dtype)
    return array


def _checkElements(array: Any, dtype: Any) -> None:
    """Refuse bytes that are no bool, or no character: numpy would take them on trust."""
    np = _np()
    if dtype.fields is not None:
        for name in dtype.names:
            field = array[name]
            if field.dtype.kind in "bUV":
                _checkElements(field, field.dtype)
    elif dtype.kind == "b":
        if array.size and np.ascontiguousarray(array).reshape(-1).view("u1").max() > 1:
            raise InvalidData("a numpy array of bool holds what is none")
    elif dtype.kind == "U" and array.size:
        plain = np.ascontiguousarray(array).reshape(-1)
        if plain.view(plain.dtype.str[0] + "u4").max() > 0x10FFFF:
            raise InvalidData("a numpy array of str holds what is no character")


def _readScalar(data: bytes, reader: Reader) -> object:
    np = _numpy or _np()
    if not np:
        return Opaque("numpy scalar", _INSTALL, int(Code.SCALAR), data)
    length = int.from_bytes(data[:2], "big")
    if not length:
        kind, plain = reader.unnest(data[2:])
        if kind == "U" and type(plain) is str:
            return np.str_(plain)
        if kind == "S" and type(plain) is bytes:
            return np.bytes_(plain)
        raise InvalidData("a numpy string without its text")
    described = data[2 : 2 + length]
    dtype = _dtypes.get(described) or _dtypeOf(described)
    body = bytearray(data[2 + length :])
    if len(body) != dtype.itemsize:
        raise InvalidData(f"a numpy scalar of dtype {dtype} in {len(body)} bytes")
    array = np.ndarray((), dtype, body)
    if dtype.kind in "bUV":
        _checkElements(array, dtype)
    return array[()]


_INSTALL = "numpy is not installed here; install pyside-ro[numpy]"


def _missing(data: bytes, body: bytes | bytearray | None) -> Opaque:
    # The elements are kept apart from the head only when they came as a segment.
    kept = None if body is None else (MUTABLE, body)
    return Opaque("numpy.ndarray", _INSTALL, int(Code.NDARRAY), data, kept)


BUFFER_DECODERS[int(Code.NDARRAY)] = _readArray
DECODERS[int(Code.SCALAR)] = _readScalar
