"""Hypothesis: .rep files that classes can be made of, with names that are hard on Python."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pyside_ro.repc.syntax import (
    Argument,
    Child,
    Class,
    Enum,
    File,
    Flag,
    Model,
    Modifier,
    Pod,
    Prop,
    Signal,
    Slot,
    TypeName,
    Value,
)

__all__ = ["PREFIX", "usable"]

#: What the names of all classes, records and enums begin with: to be replaced by another.
PREFIX = "Gena"

members = st.sampled_from(
    ["a", "b", "size", "text", "from", "lambda", "None", "rep", "pass", "str", "list", "dict"]
    + ["l", "O", "Any", "set", "builtins", "QPoint", "QObject", "SignalInstance", "Qt", "value"]
    + [f"{PREFIX}Kind", f"{PREFIX}Inner", "a_much_longer_name_than_anybody_would_write_by_hand"]
)
keys = st.sampled_from(["Red", "Green", "Blue", "None", "True", "l", "x", "real", "imag"])
enumKeys = st.lists(
    st.tuples(keys, st.integers(-3, 12)), min_size=1, max_size=4, unique_by=lambda pair: pair[0]
).map(tuple)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=50)
CHOICES = {
    "int": st.integers(-(2**31), 2**31 - 1),
    "quint8": st.integers(0, 255),
    "unsigned long long": st.integers(0, 2**64 - 1),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
    "QString": texts,
    "QVariant": st.one_of(st.integers(-9, 9), texts, st.booleans()),
    "QByteArray": texts,
}


def number(value: Any) -> Value:
    return Value("number", repr(value))


def quoted(text: str) -> Value:
    return Value("string", '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


@st.composite
def enumsOf(draw: Any, names: list[str]) -> tuple[tuple[Enum, ...], tuple[Flag, ...]]:
    enums, flags = [], []
    for name in names:
        stored = draw(st.none() | st.just(TypeName("unsigned char")))
        enums.append(Enum(name, draw(enumKeys), draw(st.booleans()), stored))
        if draw(st.booleans()):
            flags.append(Flag(f"{name}s", name))
    return tuple(enums), tuple(flags)


class _Types:
    """The types that a file has so far, and defaults of them."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.enums: dict[str, Enum] = {}
        self.flags: dict[str, Enum] = {}
        self.pods: dict[str, list[TypeName]] = {}

    def add(self, enums: Any, flags: Any, inside: str = "") -> None:
        for item in enums:
            self.enums[f"{inside}{item.name}"] = item
        for flag in flags:
            of = next(item for item in enums if item.name == flag.enum)
            self.flags[f"{inside}{flag.name}"] = of

    def type(self, depth: int = 0) -> TypeName:
        plain = [*CHOICES, "QPoint", "QColor", "Qt::DayOfWeek", "QStringList", "QVariantMap"]
        plain += [*self.enums, *self.flags, *self.pods] * 2
        if depth < 2 and self.draw(st.integers(0, 3)) == 0:
            which = self.draw(st.sampled_from(["QList", "QSet", "QMap", "QPair"]))
            if which == "QSet":
                return TypeName(which, (TypeName("int"),))
            if which == "QMap":
                return TypeName(which, (TypeName("QString"), self.type(depth + 1)))
            count = 1 if which == "QList" else 2
            return TypeName(which, tuple(self.type(depth + 1) for _ in range(count)))
        return TypeName(self.draw(st.sampled_from(plain)))

    def default(self, type_: TypeName) -> Value | None:
        draw, name = self.draw, type_.name
        if draw(st.integers(0, 5)) == 0:
            return Value("list", items=())
        if name in ("QList", "QSet"):
            count = draw(st.integers(1, 3))
            return self._list([self.default(type_.arguments[0]) for _ in range(count)])
        if name == "QPair":
            return self._list([self.default(inner) for inner in type_.arguments])
        if name == "QMap":
            pair = Value("list", items=(quoted(draw(texts)), self._some(type_.arguments[1])))
            return Value("list", items=(pair,))
        if name in self.enums:
            return Value("named", draw(st.sampled_from(self._named(name, self.enums[name]))))
        if name in self.flags:
            names = self._named(name, self.flags[name])
            chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
            items = tuple(Value("named", key) for key in chosen)
            return items[0] if len(items) == 1 else Value("flags", items=items)
        if name in self.pods:
            return Value("named", name, tuple(map(self._some, self.pods[name])))
        if name == "QPoint":
            return Value("named", "QPoint", (number(draw(st.integers(0, 9))), number(7)))
        if name == "QColor":
            red = Value("named", "QColor", (number(255), number(0), number(draw(st.just(16)))))
            return draw(st.sampled_from([quoted("red"), red]))
        if name == "Qt::DayOfWeek":
            return Value("named", "Qt::Monday")
        if name == "QStringList":
            return self._list([quoted(draw(texts))])
        if name == "QVariantMap":
            return Value("list", items=(self._list([quoted("key"), number(1)]),))
        found = draw(CHOICES[name])
        if isinstance(found, bool):
            return Value("named", str(found).lower())
        return quoted(found) if isinstance(found, str) else number(found)

    def _named(self, name: str, item: Enum) -> list[str]:
        return [f"{before}{key}" for key, _ in item.keys for before in ("", f"{name}::")]

    def _some(self, type_: TypeName) -> Value:
        return self.default(type_) or Value("list", items=())

    def _list(self, items: Any) -> Value:
        return Value("list", items=tuple(items))

    def arguments(self, optional: bool) -> tuple[Argument, ...]:
        names = self.draw(st.lists(st.one_of(members, st.just("")), max_size=4))
        given: list[Argument] = []
        defaults = self.draw(st.integers(0, len(names))) if optional else 0
        for index, name in enumerate(names):
            if name in [argument.name for argument in given]:
                name = ""
            type_ = self.type()
            withDefault = index >= len(names) - defaults
            if withDefault and not name:
                name = f"n{index}"
            default = self.default(type_) if withDefault else None
            const = self.draw(st.booleans())
            typed = TypeName(type_.name, type_.arguments, const, "&" if const else "")
            given.append(Argument(typed, name, default))
        return tuple(given)


@st.composite
def usable(draw: Any, classes: int = 1) -> File:
    """A file that `RepFile` takes, mostly: overloads may be alike."""
    types = _Types(draw)
    enums, flags = draw(enumsOf([f"{PREFIX}Kind"] if draw(st.booleans()) else []))
    types.add(enums, flags)
    made: list[Class] = []
    inner = []
    for index in range(classes):
        found = draw(enumsOf([f"{PREFIX}Inner"] if draw(st.booleans()) else []))
        inner.append(found)
        types.add(*found, f"{PREFIX}Class{index}::")
    pods = []
    for index in range(draw(st.integers(0, 2))):
        name = f"{PREFIX}Pod{index}"
        own = draw(enumsOf(["Own"] if draw(st.booleans()) else []))
        names = draw(st.lists(members, max_size=4, unique=True))
        fields = tuple(Argument(types.type(), field) for field in names)
        pods.append(Pod(name, fields, *own))
        types.add(*own, f"{name}::")
        types.pods[name] = [field.type for field in fields]
    for index in range(classes):
        names = draw(st.lists(members, max_size=9, unique=True))
        names = [name for name in names if name != f"{PREFIX}Inner"]
        cut, end = sorted((draw(st.integers(0, len(names))), draw(st.integers(0, len(names)))))
        properties: list[Any] = []
        for name in names[:cut]:
            kind = draw(st.integers(0, 7))
            if kind == 0:
                properties.append(Model(name, tuple(draw(st.lists(members, max_size=2)))))
            elif kind == 1:
                properties.append(Child(name, TypeName(f"{PREFIX}Class0")))
            else:
                type_ = types.type()
                default = types.default(type_) if draw(st.booleans()) else None
                modifier = draw(st.sampled_from(Modifier))
                properties.append(Prop(type_, name, default, modifier, draw(st.booleans())))
        signals = [Signal(name, types.arguments(False)) for name in names[cut:end]]
        slots = []
        for name in names[end:]:
            for _ in range(draw(st.integers(1, 2))):
                result = types.type() if draw(st.booleans()) else None
                slots.append(Slot(name, types.arguments(True), result))
        if draw(st.booleans()):
            slots.reverse()
        signals += draw(st.sampled_from([[], signals[:1]]))
        signals = [
            signal if index < end - cut else Signal(signal.name, types.arguments(False))
            for index, signal in enumerate(signals)
        ]
        name = f"{PREFIX}Class{index}"
        made.append(Class(name, tuple(properties), tuple(signals), tuple(slots), *inner[index]))
    return File(tuple(made), tuple(pods), enums, flags)
