"""Sources, replicas and records declared by hand, in class statements."""

from __future__ import annotations

import copy
import enum
import pickle
from typing import Any

import pytest
from PySide6.QtCore import (
    Property,
    QAbstractItemModel,
    QObject,
    QPoint,
    QStringListModel,
    Qt,
    Signal,
    SignalInstance,
    Slot,
)

from pyside_ro import (
    Caller,
    QRemoteObjectHost,
    QRemoteObjectNode,
    RemoteError,
    RepError,
    RepFile,
    interfaceOf,
    rep,
)
from pyside_ro.repc.describing import repOfClass
from tests.behaviour.support import QUIET, dropped
from tests.helpers import PeerProcess, PeerSide, Recorder, unique_local_url, wait_until

TEXT = """\
ENUM HandKind { Small = 1, Large = 2 }
POD HandItem(HandKind kind, QPoint where)

class HandBox
{
    ENUM Side { Left = 0, Right = 1 }
    FLAG(Sides Side)
    PROP(QList<HandItem> items READONLY)
    PROP(Sides sides = Left | Right PERSISTED)
    PROP(HandItem top = HandItem(Large, QPoint(1, 2)) READWRITE)
    PROP(int from = 3 CONSTANT)
    MODEL rows(display)
    CLASS lid(HandBox)
    SIGNAL(moved(int x, QString is))
    SIGNAL(moved(bool away))
    SLOT(int put(const HandItem & item, int times = 2))
    SLOT(QString name(int number))
    SLOT(QString name(QString text, bool loud = false))
    SLOT(void lambda())
};
"""


@rep.Enum
class HandKind(enum.IntEnum):
    Small = 1
    Large = 2


class HandItem(rep.Pod):
    """What is in a box."""

    kind: HandKind = rep.Field("HandKind")
    where: QPoint = rep.Field("QPoint")


class HandBoxSource(rep.Source):
    """A box."""

    class Side(enum.IntEnum):
        Left = 0
        Right = 1

    class Sides(enum.IntFlag):
        Left = 0
        Right = 1

    items: list[HandItem] = rep.Property("QList<HandItem>", rep.READONLY)
    sides: Sides = rep.Property("Sides", default=Sides.Left | Sides.Right, persisted=True)
    top: HandItem = rep.Property(
        "HandItem", rep.READWRITE, default=HandItem(HandKind.Large, QPoint(1, 2))
    )
    from_: int = rep.Property("int", rep.CONSTANT, default=3, name="from")
    rows: QAbstractItemModel | None = rep.Model("display")
    lid: QObject | None = rep.Child("HandBox")

    moved: SignalInstance = rep.Signal({"x": "int", "is": "QString"}, {"away": "bool"})

    def __init__(self, label: str = "box", **named: Any) -> None:
        super().__init__(**named)
        self.label = label

    @rep.Slot("const HandItem &", "int", result="int")
    def put(self, item: HandItem, times: int = 2, *, caller: Caller | None = None) -> int:
        self._setProperty("items", [*self.items, *[item] * times])
        self.moved[int, str].emit(len(self.items), self._said(caller))
        return len(self.items)

    @rep.Slot("int", result="QString", names=["number"])
    @rep.Slot("QString", "bool", result="QString", names=["text", "loud"], defaults=[False])
    def name(self, *args: Any) -> str:
        return f"{self.label}: {args!r}"

    @rep.Slot(name="lambda")
    def lambda_(self) -> None:
        raise rep.notOverridden(self, "lambda")

    def _said(self, caller: Caller | None) -> str:
        return "nobody" if caller is None else "somebody"


class HandBox(rep.Replica, describedBy=HandBoxSource):
    """A box elsewhere."""


def test_the_same_classes_as_of_the_text(qapp: Any) -> None:
    file = RepFile(TEXT)
    source = file.source["HandBox"]
    assert interfaceOf(HandBoxSource) == interfaceOf(HandBox) == interfaceOf(source)
    assert interfaceOf(HandBoxSource).signature == interfaceOf(source).signature
    assert interfaceOf(HandBoxSource).defaults == interfaceOf(source).defaults
    assert HandItem is file.pod["HandItem"] and HandKind is file.enum["HandKind"]
    assert HandBoxSource.Side is HandBox.Side is source.get_enum("Side")
    assert HandBox._ro_readOnly == file.replica["HandBox"]._ro_readOnly
    assert repOfClass(HandBoxSource) == (
        TEXT.replace("QPoint(1, 2)) R", "QPoint(1, 2)) R").replace("Left | Right", "Right")
    )


def test_what_a_class_statement_is(qapp: Any) -> None:
    assert issubclass(HandBoxSource, rep.Source) and issubclass(HandBox, rep.Replica)
    assert HandBoxSource.__module__ == HandItem.__module__ == __name__
    assert HandBoxSource.__doc__ == "A box." and HandItem.__doc__ == "What is in a box."
    item = HandItem(1, QPoint(3, 4))
    assert pickle.loads(pickle.dumps(item)) == copy.deepcopy(item) == item
    assert pickle.loads(pickle.dumps(HandBoxSource.Side.Right)) is HandBoxSource.Side.Right
    with pytest.raises(TypeError, match="HandItem.kind must be HandKindEnum::HandKind, not 7"):
        HandItem(7, QPoint())

    class Sub(HandBoxSource):
        def put(self, item: Any, times: int = 2, *, caller: Any = None) -> int:
            return super().put(item, times) + 100

    box = Sub("sub", top=(1, QPoint()), objectName="b")
    seen = Recorder(box.itemsChanged, box.moved[int, str], box.topChanged)
    assert box.put(item) == 102 and box.name(1) == "sub: (1,)" and box.objectName() == "b"
    assert seen.calls == [(0, ([item, item],)), (1, (2, "nobody"))]
    assert getattr(box, "from") == 3 and not hasattr(box, "from_")
    box.rows = QStringListModel()
    with pytest.raises(TypeError, match="Sub.rows must be a QAbstractItemModel, not Sub"):
        box.rows = box
    with pytest.raises(NotImplementedError, match=r"Sub.lambda\(\) .* subclass of HandBoxSource"):
        getattr(box, "lambda")()


def share(side: PeerSide, url: str) -> None:
    box = HandBoxSource("far")
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(box)

    def move(away: bool) -> None:
        box.moved[bool].emit(away)

    side.command(move)
    side.keep(host, box)
    side.ready(url=host.hostUrl().toString())


def test_in_two_processes(qapp: Any) -> None:
    with PeerProcess(share, url=unique_local_url(), env=QUIET) as host:
        node = QRemoteObjectNode()
        node.connectToNode(host.info["url"])
        box = node.acquire(HandBox)
        assert box.sides is HandBox.Sides.Right and box.top == HandItem(2, QPoint(1, 2))
        assert box.waitForSource()
        seen = Recorder(box.moved[int, str], box.moved[bool])
        call = box.put(HandItem(HandKind.Small, QPoint(5, 6)))
        assert call.waitForFinished() and call.returnValue() == 2
        assert box.items == [HandItem(1, QPoint(5, 6))] * 2
        host.ask("move", True)
        wait_until(lambda: len(seen.calls) == 2)
        assert seen.calls == [(0, (2, "somebody")), (1, (True,))]
        for arguments, result in (((4,), "(4,)"), (("a", True), "('a', True)"), (("a",), "('a',)")):
            call = box.name(*arguments)
            assert call.waitForFinished() and call.returnValue() == f"far: {result}"
        call = getattr(box, "lambda")()
        assert not call.waitForFinished()
        error = call.exception()
        assert isinstance(error, RemoteError) and error.typeName == "NotImplementedError"
        dropped(node)


def declare(name: str, base: Any, **body: Any) -> Any:
    body |= {"__module__": __name__, "__qualname__": name}
    return type(base)(name, (base,), body)


@rep.Slot()
def _slot(self: Any) -> None: ...


@rep.Slot(name="_slot")
def _other(self: Any) -> None: ...


class _Plain(enum.Enum):
    A = "a"


BAD: dict[str, tuple[Any, dict[str, Any], str]] = {
    "unknown": (
        rep.Source,
        {"a": rep.Property("Nothing")},
        "test_declaring.BadSource: a: nothing is known of the type 'Nothing'",
    ),
    "default": (
        rep.Source,
        {"a": rep.Property("int", default="x")},
        "BadSource: PROP a: the default 'x' is no int: must be int, not str",
    ),
    "QObject's": (rep.Source, {"parent": rep.Property("int")}, "'parent' cannot be a member"),
    "changed": (
        rep.Source,
        {"a": rep.Property("int"), "aChanged": rep.Signal()},
        "'aChanged' is a signal, and the signal that 'a' brings",
    ),
    "brought": (
        rep.Source,
        {"a": rep.Property("int"), "pushA": lambda self, a: None},
        "'pushA' is a member that a property brings",
    ),
    "twice": (
        rep.Source,
        {"a": rep.Property("int"), "b": rep.Property("int", name="a")},
        "'a' is declared twice",
    ),
    "two methods": (
        rep.Source,
        {"_slot": _slot, "b": _other},
        "the slot '_slot' has two methods",
    ),
    "field": (rep.Source, {"a": rep.Field("int")}, "a: a field can only be in a rep.Pod; h"),
    "enum": (rep.Source, {"E": enum.Enum("Plain", "A")}, "E: an IntEnum or an IntFlag is"),
    "flag": (
        rep.Source,
        {"E": enum.IntFlag("Flags", "A")},
        "E: a flag is of an enum, and none before it has the same",
    ),
    "static": (
        rep.Source,
        {"a": staticmethod(_slot)},
        "BadSource: a: a slot is a method of its own object, not <staticmethod",
    ),
    "no field": (rep.Pod, {"__annotations__": {"a": int}}, "BadSource: 'a' has a type and no Fie"),
    **{
        f"bare {name} in {base.__name__}": (
            base,
            {"a": getattr(rep, name)},
            rf"BadSource: a: {name} is written with parentheses, as in a = rep\.{name}\(",
        )
        for base in (rep.Source, rep.Pod)
        for name in ("Property", "Model", "Child", "Signal", "Field")
    },
    "bare slot": (rep.Source, {"a": rep.Slot}, "BadSource: a: a slot is a method, with @rep.Slot"),
    "no slot": (rep.Source, {"a": rep.Slot("int")}, "BadSource: a: a slot is a method, with @rep"),
    **{
        f"PySide's {name}": (
            base,
            {"a": member},
            f"BadSource: a: PySide's own {name} is not shared by .*: write @?rep.{name}",
        )
        for name, base, member in (
            ("Signal", rep.Source, Signal(int)),
            ("Property", rep.Source, Property(int, lambda self: 1)),
            ("Slot", rep.Source, Slot(int)(lambda self, a: None)),
            ("Signal", rep.Pod, Signal),
        )
    },
    "pod": (rep.Pod, {"a": rep.Property("int")}, "BadSource: a: a POD has fields and enums only"),
    "method": (rep.Pod, {"a": lambda self: 1}, "a POD has fields and enums only; registerType"),
    "tuple's": (rep.Pod, {"count": rep.Field("int")}, "a tuple can have no field 'count'"),
}


@pytest.mark.parametrize(("base", "body", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_declared(base: Any, body: dict[str, Any], message: str) -> None:
    with pytest.raises(RepError, match=message):
        declare("BadSource", base, **body)


def test_what_is_no_declaration() -> None:
    for wrong in (
        lambda: rep.Property(int),  # type: ignore[arg-type]
        lambda: rep.Property("int", "READONLY"),  # type: ignore[arg-type]
        lambda: rep.Signal("a", "b"),
        lambda: declare("Below", HandBoxSource, a=rep.Property("int")),
        lambda: declare("Nobodys", rep.Replica),
        lambda: type(HandBoxSource)("Renamed", (HandBoxSource,), {}, typeName="Other"),
    ):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError, match="describedBy is a class made from .rep"):

        class Wrong(rep.Replica, describedBy=QObject): ...

    slot_: Any = rep.Slot
    with pytest.raises(TypeError, match=r"with parentheses.*@rep\.Slot\(\)"):

        @slot_
        def bare(self: Any) -> None: ...

    with pytest.raises(TypeError, match=r"as rep\.READONLY, not 'READONLY'"):
        rep.Property("int", "READONLY")  # type: ignore[arg-type]

    with pytest.raises(RepError, match=r"has the arguments \(a\), and Slot\(\) the types \(\)"):

        @rep.Slot()
        def slot(self: Any, a: int) -> None: ...

    with pytest.raises(RepError, match="is no name of a C"):
        rep.Signal(a="int int <")


def _function(self: Any, a: int) -> None: ...


WRONG: dict[str, tuple[Any, str]] = {
    "signal of a type": (lambda: rep.Signal(int), "arguments by name, as in size='int', not <cla"),
    "signal of a template": (lambda: rep.Signal("QList<int>"), "by name, .* not 'QList<int>'"),
    "signal of a type's name": (
        lambda: declare("WrongSource", rep.Source, moved=rep.Signal("int")),
        "moved: Signal.. takes arguments by name, as in size='int'",
    ),
    "argument's name": (lambda: rep.Signal({"a b": "int"}), "argument of Signal.*'a b' is no name"),
    "property's name": (lambda: rep.Property("int", name="a b"), r"Property\(\): 'a b' is no name"),
    "useEnum of a number": (lambda: rep.useEnum(3), "enum's name, as in 'Books::Shelf', not 3"),  # type: ignore[arg-type]
    "useEnum": (lambda: rep.useEnum("a b::c"), r"useEnum\('a b::c'\): 'a b' is no name"),
    "useEnum of nothing": (lambda: rep.useEnum("a::"), r"useEnum\('a::'\): \"''\" is no name"),
    "bare below": (
        lambda: declare("Below", HandBoxSource, a=rep.Property),
        "Below.a: declarations stand in a class with the base rep.Source",
    ),
    "slot below": (
        lambda: declare("Below", HandBoxSource, a=_slot),
        "Below.a: declarations stand in a class with the base rep.Source",
    ),
    "number": (lambda: rep.Field("int", name=3), r"Field\(\): a name is expected, not 3"),  # type: ignore[arg-type]
    "roles": (lambda: rep.Model(["a", "b"]), r"a role of Model\(\): a name is expected, not \["),  # type: ignore[arg-type]
    "bar": (lambda: rep.Model("a|b"), "'a|b' is no name"),
    "slot's name": (lambda: rep.Slot(name="a b"), "'a b' is no name"),
    "slot's names": (lambda: rep.Slot("int", names="a"), "lists of names and of defaults, not 'a'"),
    "defaults": (
        lambda: rep.Slot("int", names=["a"], defaults=[1, 2])(_function),
        "Slot.. has 2 defaults and 1 names of arguments",
    ),
    "defaults alone": (lambda: rep.Slot("int", defaults=[1])(_function), "those of the method's"),
    "no method": (lambda: rep.Slot()(staticmethod(_slot)), "above a method, not <staticmethod"),
    "type's name": (
        lambda: type(rep.Source)("WrongSource", (rep.Source,), {}, typeName="a b"),
        "the typeName of WrongSource: 'a b' is no name",
    ),
    "two interfaces": (
        lambda: type(rep.Source)("Wrong", (HandBoxSource, type("W", (rep.Source,), {})), {}),
        "Wrong: it has the interface of HandBoxSource and W already",
    ),
    "once more": (
        lambda: type(rep.Source)("Wrong", (HandBoxSource, rep.Source), {}),
        "Wrong: it has the interface of HandBoxSource already",
    ),
    "replica": (
        lambda: type(rep.Replica)(
            "Wrong", (rep.Replica,), {"a": rep.Property("int")}, describedBy=HandBoxSource
        ),
        "Wrong.a: declarations stand in the source",
    ),
}


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_what_is_told_of_wrong_declarations(make: Any, message: str) -> None:
    with pytest.raises((TypeError, RepError), match=message):
        make()


def test_a_class_that_no_statement_made(qapp: Any, local_url: str) -> None:
    made: Any = type("HandLooseSource", (rep.Source,), {"a": rep.Property("int", default=3)})
    assert made.__module__ == __name__ and made().a == 3
    assert interfaceOf(made).name == "HandLoose"
    host = QRemoteObjectHost(local_url)
    assert not host.enableRemoting(rep.Source()), "it has no name"
    assert "Source has no name" in host.errorString()


def test_what_is_for_this_process_alone(qapp: Any) -> None:
    """PySide's own under private names, and in subclasses, as in those of any class of .rep."""

    class Quiet(rep.Source, typeName="HandQuiet"):
        loud: int = rep.Property("int")
        _done = Signal(int)

        @Slot(int)
        def _finish(self, code: int) -> None:
            self.loud = code

        @rep.Slot("int", result="int")
        def twice(self, number: int) -> int:
            self._done.connect(self._finish)
            self._done.emit(2 * number)
            return self.loud

    class More(Quiet):
        own = Signal()

        @rep.Slot("int", result="int")
        def twice(self, number: int) -> int:
            return super().twice(number) + 1

    assert [slot.name for slot in interfaceOf(More).slots] == ["pushLoud", "twice"]
    assert [signal.name for signal in interfaceOf(Quiet).signals] == ["loudChanged"]
    assert More().twice(4) == 9


def test_enums_of_others_are_no_declarations(qapp: Any) -> None:
    class Guest(rep.Source, typeName="HandGuest"):
        Day = Qt.DayOfWeek
        Kind = HandKind
        Side = HandBoxSource.Side
        Plain = _Plain
        Own = enum.IntEnum("Own", "A B")

        kind: HandKind = rep.Property("HandKind", default=Kind.Large)
        own: Own = rep.Property("Own")

    assert [info.name for info in interfaceOf(Guest).enums] == ["Own"]
    assert Guest.Day is Qt.DayOfWeek and Guest.Plain is _Plain
    assert Guest().kind is HandKind.Large and Guest().own is Guest.Own.A


def test_names_of_ones_own(qapp: Any) -> None:
    class Anything(rep.Source, typeName="HandOwnName"):
        size: int = rep.Property("int")

    class Elsewhere(rep.Replica, describedBy=Anything): ...

    assert interfaceOf(Anything).name == interfaceOf(Elsewhere).name == "HandOwnName"
    assert Anything.__name__ == "Anything"
    file = RepFile("class HandOfFile { PROP(int a) }")

    class OfFile(rep.Replica, describedBy=file.source["HandOfFile"]): ...

    assert interfaceOf(OfFile) == interfaceOf(file.replica["HandOfFile"])
