"""RepFile in one process: the classes that it makes."""

from __future__ import annotations

import copy
import enum
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QObject, QPoint, QStringListModel, Qt, QUrl
from PySide6.QtGui import QColor

from pyside_ro import RepError, RepFile, interfaceOf, registerType
from tests.helpers import Recorder
from tests.repc.hosts import WEATHER

FILES = Path(__file__).parent / "files"

MOST = """
ENUM MostLevel { Low = 1, High }
POD MostPoint(int x, double y)
class Most
{
    ENUM Colour { Red = 1, Green = 2, Blue = 4 }
    FLAG(Colours Colour)
    PROP(int a = 2)
    PROP(QString b = "hello" READONLY)
    PROP(float c = -1. READWRITE)
    PROP(bool d = true CONSTANT)
    PROP(int e = 0x10 SOURCEONLYSETTER)
    PROP(Colour f = Most::Colour::Green)
    PROP(Colours g = Red | Blue)
    PROP(MostPoint h = MostPoint(1, 2))
    PROP(QList<MostPoint> i = {{1, 2}, {3, 4}})
    PROP(QMap<QString, int> j = {{"one", 1}})
    PROP(QStringList k = {"x", "y"})
    PROP(QVariant l = 3)
    PROP(QColor m = "red")
    PROP(QPoint n = QPoint(1, 2))
    PROP(QUrl o = "http://localhost")
    PROP(MostLevel p = High)
    PROP(MostLevelEnum::MostLevel q)
    PROP(Qt::DateFormat r = Qt::ISODate)
    PROP(QByteArray s = "raw")
    PROP(QSet<int> t = {1, 2, 2})
    PROP(QPair<int, QString> u = {1, "a"})
    PROP(True v)
    SIGNAL(fired(int number, QString text))
    SLOT(int add(int a, int b = 1))
    SLOT(clear())
}
""".replace("    PROP(True v)\n", "")


@pytest.fixture(scope="module")
def rep() -> RepFile:
    return RepFile(MOST)


@pytest.fixture
def most(qapp: Any, rep: RepFile) -> Any:
    return rep.source["Most"]()


def test_the_mappings(rep: RepFile) -> None:
    assert list(rep.source) == list(rep.replica) == ["Most"]
    assert list(rep.pod) == ["MostPoint"] and list(rep.enum) == ["MostLevel"]
    assert repr(rep) == "RepFile(Classes: [Most], PODs: [MostPoint])"
    assert rep.source["Most"].__name__ == "MostSource" and rep.replica["Most"].__name__ == "Most"
    assert issubclass(rep.source["Most"], QObject)
    with pytest.raises(KeyError):
        rep.source["Least"]


def test_defaults(most: Any, rep: RepFile) -> None:
    point = rep.pod["MostPoint"]
    expected = {
        "a": 2,
        "b": "hello",
        "c": -1.0,
        "d": True,
        "e": 16,
        "f": most.Colour.Green,
        "g": most.Colours.Red | most.Colours.Blue,
        "h": point(1, 2.0),
        "i": [point(1, 2.0), point(3, 4.0)],
        "j": {"one": 1},
        "k": ["x", "y"],
        "l": 3,
        "m": QColor("red"),
        "n": QPoint(1, 2),
        "o": QUrl("http://localhost"),
        "p": rep.enum["MostLevel"].High,
        "q": rep.enum["MostLevel"].Low,
        "r": Qt.DateFormat.ISODate,
        "s": b"raw",
        "t": {1, 2},
        "u": (1, "a"),
    }
    for name, value in expected.items():
        found = getattr(most, name)
        assert found == value, name
        if name != "s":
            assert type(found) is type(value), name
    assert [info.name for info in interfaceOf(most).properties] == list(expected)


@pytest.mark.parametrize(
    ("default", "value"),
    [
        ("QString a = ''", ""),
        ("QString a='it'", "it"),
        ("QVariantList a=[]", []),
        ("QVariantList a=[1, 'x'] READONLY", [1, "x"]),
        ("QList<QList<int>> a=[[1], [2, 3]]", [[1], [2, 3]]),
        ("int a=1<<3", 8),
        ("int a=1+2 READONLY", 3),
        ("int a=1 - -2", 3),
        ("int a=1|2<<1+1|0x10", 25),
        ("double a=1.5-2", -0.5),
    ],
)
def test_defaults_of_python_and_sums(qapp: Any, default: str, value: Any) -> None:
    made = RepFile(f"class Sums {{ PROP({default}) }};")
    assert made.source["Sums"]().a == value
    [again] = made.source["Sums"]._ro_rep.props
    other = RepFile(f"class Sums {{ {again} }};")
    assert other.source["Sums"]().a == value, "as it is printed"


def test_keys_that_are_words(qapp: Any) -> None:
    text = """class Wordy {
        ENUM Mode { Off = 4, None, True }
        FLAG(Modes Mode)
        PROP(Mode a = None) PROP(Mode b = Mode::True) PROP(Mode c = True) PROP(Modes d = None)
        PROP(Mode e) PROP(bool f = True) PROP(QVariant g = None) PROP(Mode h = {})
    }"""
    wordy: Any = RepFile(text).source["Wordy"]()
    assert [int(wordy.property(name)) for name in "abcdeh"] == [5, 6, 6, 5, 4, 4]
    assert (wordy.f, wordy.g) == (True, None)


def test_defaults_are_each_objects_own(qapp: Any, rep: RepFile) -> None:
    one, other = rep.source["Most"](), rep.source["Most"]()
    one.i.append("spoilt")
    one.n.setX(99)
    one.j["two"] = 2
    assert len(other.i) == 2 and other.n == QPoint(1, 2) and other.j == {"one": 1}


def test_pushing_and_setting(most: Any) -> None:
    seen = Recorder(most.aChanged, most.cChanged, most.eChanged)
    most.pushA(5)
    most.pushA(5)
    most.a = 6
    most.c = 2
    most.e = 3
    assert seen.calls == [(0, (5,)), (0, (6,)), (1, (2.0,)), (2, (3,))]
    for missing in ("pushB", "pushC", "pushD", "pushE"):
        assert not hasattr(most, missing)
    for readOnly in ("b", "d"):
        with pytest.raises(AttributeError):
            setattr(most, readOnly, "x")
    most._setProperty("b", "for subclasses")
    assert most.b == "for subclasses"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("a", "x", "MostSource.a must be int, not str"),
        ("a", 2**40, "MostSource.a 1099511627776 does not fit int"),
        ("f", 3, "MostSource.f must be Most::Colour, not 3"),
        ("f", "Red", "MostSource.f must be Most::Colour, not str"),
        ("f", True, "MostSource.f must be Most::Colour, not bool"),
        ("h", (1,), "MostSource.h must be MostPoint: MostPoint(x: int, y: float) takes 2 values"),
        ("h", 5, "MostSource.h must be MostPoint, not int"),
        ("i", [(1, 2), (1, "y")], "MostSource.i item 1 must be MostPoint: MostPoint.y must be"),
        ("i", (1, 2), "MostSource.i item 0 must be MostPoint, not int"),
        ("j", {1: 1}, "MostSource.j item 0 must be str, not int"),
        ("j", [1], "MostSource.j must be dict, not list"),
        ("k", "xy", "MostSource.k must be list, not str"),
        ("n", "x", "MostSource.n must be QPoint, not str"),
        ("u", (1,), "MostSource.u must be a tuple of 2"),
    ],
)
def test_wrong_values(most: Any, name: str, value: Any, message: str) -> None:
    before = getattr(most, name)
    with pytest.raises((TypeError, OverflowError), match=re.escape(message)):
        setattr(most, name, value)
    assert getattr(most, name) == before


def test_right_values_in_other_words(most: Any, rep: RepFile) -> None:
    most.f = 4
    assert most.f is most.Colour.Blue
    most.h = (5, 6)
    assert most.h == rep.pod["MostPoint"](5, 6.0) and type(most.h) is rep.pod["MostPoint"]
    most.g = most.Colours(6)
    assert most.g == most.Colours.Green | most.Colours.Blue


def test_slots(most: Any, rep: RepFile) -> None:
    for call in (lambda: most.add(1, 2), most.clear):
        with pytest.raises(NotImplementedError, match="override it in a subclass of MostSource"):
            call()

    class Able(rep.source["Most"]):  # type: ignore[misc]
        def add(self, a: int, b: int = 1) -> int:
            return a + b

    assert Able().add(1) == 2
    assert interfaceOf(Able()) == interfaceOf(rep.source["Most"])
    assert [slot.signature for slot in interfaceOf(Able).slots if slot.name == "add"] == [
        "add(int,int)",
        "add(int)",
    ]


def test_properties_by_name_and_parent(qapp: Any, rep: RepFile) -> None:
    parent = QObject()
    made = rep.source["Most"](parent, a=9, objectName="most")
    assert made.parent() is parent and made.a == 9 and made.objectName() == "most"


def test_a_property_overridden(qapp: Any, rep: RepFile) -> None:
    from PySide6.QtCore import Property

    class Own(rep.source["Most"]):  # type: ignore[misc]
        @Property(str)
        def b(self) -> str:
            return "computed"

    assert Own().b == "computed" and interfaceOf(Own()).name == "Most"


def test_signals(most: Any) -> None:
    seen = Recorder(most.fired)
    most.fired.emit(3, "three")
    assert seen.calls == [(0, (3, "three"))]


def test_enums(most: Any, rep: RepFile) -> None:
    for cls in (rep.source["Most"], rep.replica["Most"]):
        colour = cls.get_enum("Colour")
        assert issubclass(colour, enum.IntEnum) and cls.Colour is colour
        assert {key: int(value) for key, value in colour.__members__.items()} == {
            "Red": 1,
            "Green": 2,
            "Blue": 4,
        }
        assert issubclass(cls.get_enum("Colours"), enum.IntFlag)
        with pytest.raises(KeyError, match="Enum 'Taste' not found"):
            cls.get_enum("Taste")
    infos = {info.name: info for info in interfaceOf(most).enums}
    assert infos["Colour"].keys == (("Red", 1), ("Green", 2), ("Blue", 4))
    assert infos["Colours"].flag and not infos["Colour"].flag


def test_pods(rep: RepFile) -> None:
    point = rep.pod["MostPoint"]
    one = point(1, 2)
    assert isinstance(one, tuple) and one == (1, 2.0) and one == point(x=1, y=2)
    assert (one.x, one.y, one[0], len(one)) == (1, 2.0, 1, 2)
    assert repr(one) == "MostPoint(x=1, y=2.0)" and hash(one) == hash(point(1, 2))
    assert one._replace(x=5) == (5, 2.0) and one._asdict() == {"x": 1, "y": 2.0}
    assert copy.deepcopy(one) == one and type(copy.copy(one)) is point
    for wrong, message in (
        (("a", 2), "MostPoint.x must be int, not str"),
        ((1,), r"MostPoint\(x: int, y: float\) takes 2 values, 1 given"),
        ((1, 2, 3), "takes 2 values, 3 given"),
    ):
        with pytest.raises(TypeError, match=message):
            point(*wrong)
    with pytest.raises(TypeError, match="unexpected field 'z'"):
        point(1, z=2)
    with pytest.raises(AttributeError):
        one.x = 3
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(one)


def test_pods_with_enums() -> None:
    rep = RepFile((FILES / "library.rep").read_text(encoding="utf-8"))
    entry = rep.pod["LibraryEntry"]
    binding, bindings = entry.get_enum("Binding"), entry.get_enum("Bindings")
    book = entry("Emma", bindings.Hard | bindings.Soft, ["Austen"])
    assert book.bindings == 3 and binding.Soft == 2 and entry("x", 1, []).bindings is bindings(1)
    with pytest.raises(TypeError, match="LibraryEntry.authors item 1 must be str, not int"):
        entry("x", 1, ["a", 2])
    library = rep.source["Library"]()
    assert library.newest == entry("", bindings(0), []) and library.shelf == 0
    assert library.closed is Qt.DayOfWeek.Sunday


def test_models_and_children(qapp: Any) -> None:
    rep = RepFile((FILES / "library.rep").read_text(encoding="utf-8"))
    library, member = rep.source["Library"](), rep.source["LibraryMember"]()
    assert library.books is None and library.librarian is None and library.owner is None
    seen = Recorder(library.booksChanged, library.librarianChanged)
    model: QAbstractListModel = QStringListModel(["a"])
    library.books = model
    library.librarian = member
    library.librarian = member
    library.owner = member
    assert library.books is model and library.librarian is member
    assert [index for index, _ in seen.calls] == [0, 1]
    with pytest.raises(TypeError, match="LibrarySource.books must be a QAbstractItemModel, not L"):
        library.books = member


def test_two_files_with_the_same_names() -> None:
    one = RepFile("POD TwicePod(int a, QString b) ENUM TwiceEnum { A, B } class TwiceOne {}")
    two = RepFile("ENUM TwiceEnum {A,B}\nPOD TwicePod(qint32 a,QString b)\nclass TwiceTwo {}")
    assert one.pod["TwicePod"] is two.pod["TwicePod"]
    assert one.enum["TwiceEnum"] is two.enum["TwiceEnum"]
    for text, where in (
        ("\nPOD TwicePod(int a)", "a.rep:2:5: POD TwicePod: another .rep file"),
        ("POD TwicePod(int a, QString c)", "a.rep:1:5: POD TwicePod: another .rep file"),
        ("POD TwicePod(int a, QUrl b)", "a.rep:1:5: POD TwicePod: another .rep file"),
        ("ENUM TwiceEnum { A }", "a.rep:1:6: ENUM TwiceEnum: another .rep file"),
    ):
        with pytest.raises(RepError, match=where):
            RepFile(text, "a.rep")


def test_a_registered_type_is_known_by_its_name() -> None:
    @registerType(name="RepfileOwn")
    class Own(enum.IntEnum):
        A = 1

    rep = RepFile("class Owner { PROP(RepfileOwn own = A) }")
    assert rep.source["Owner"]().own is Own.A
    with pytest.raises(RepError, match="registered|is that"):
        RepFile("POD RepfileOwn(int a)")


BAD = {
    "class twice": ("class A {}\nclass A {}", "2:7: 'A' is declared twice, first on line 1"),
    "pod like class": ("class A {}\nPOD A(int b)", "2:5: 'A' is declared twice"),
    "property twice": (
        "class A {\n PROP(int b)\n PROP(int b)\n}",
        "3:11: class A: 'b' is declared twice, first on line 2",
    ),
    "slot twice": ("class A { SLOT(a(int b)) SLOT(a(int c)) }", "slot 'a' is declared twice"),
    "push": ("class A { PROP(int b) SLOT(pushB(int b)) }", "'pushB' is a slot, and the slot that"),
    "changed": ("class A { PROP(int b) SIGNAL(bChanged()) }", "and the signal that 'b' brings"),
    "both": ("class A { PROP(int b) SLOT(b()) }", "'b' is a slot, and a property as well"),
    "signal and slot": ("class A { SIGNAL(b()) SLOT(b()) }", "'b' is a slot, and a signal as well"),
    "argument twice": ("class A { SLOT(b(int c, int c)) }", "has the argument 'c' twice"),
    "field twice": ("POD A(int b, int b)", "POD A has the field 'b' twice"),
    "key twice": ("ENUM A {b, c, b}", "ENUM A has the key 'b' twice"),
    "flag": ("FLAG(As A)", "FLAG As: no ENUM 'A'"),
    "private": ("class A { PROP(int _b) }", "starts with an underscore is private"),
    "QObject's": ("class A { SLOT(parent()) }", "'parent' cannot be a member: a QObject needs"),
    "QObject's signal": ("class A { PROP(int objectName) }", "'objectName' cannot be a member"),
    "tuple's": ("POD A(int count)", "a tuple can have no field 'count'"),
    "unknown": ("class A { PROP(Foo b) }", "b: nothing is known of the type 'Foo'"),
    "template": ("class A { SLOT(b(Foo<int> c)) }", "of the template 'Foo<int>'"),
    "pointer": ("class A { SLOT(QObject *b()) }", "a pointer cannot travel; share the object by"),
    "arguments": (
        f"class A {{ SLOT(b({', '.join(f'int c{i}' for i in range(50_000))})) }}",
        "class A: 'b': 50,000 arguments; 100 at most",
    ),
    "overloads": (
        f"class A {{ SLOT(b({', '.join(f'int c{i} = 1' for i in range(50_000))})) }}",
        "class A: 50,001 members; a class may have 3,000 at most",
    ),
    "enum": ("ENUM A { b = 9223372036854775808 }", "b = 9223372036854775808 does not fit"),
    "digits": (f"ENUM A {{ b = {'9' * 5000} }}", "b: the number has 5,000 digits"),
    "shifted": ("class A { PROP(int b = 1 << 9999999) }", "shifted by 9999999"),
    "float": ("class A { PROP(int b = 1.5 << 2) }", "1.5 has no bits"),
    "no sum": ("class A { PROP(QString b = 'x' + 'y') }", "'+' between what is no number"),
    "default": ("class A { PROP(int b = abc) }", "PROP b: the default abc is no int"),
    "text": ('class A { PROP(int b = "x") }', 'PROP b: the default "x" is no int: must be int'),
    "large": ("class A { PROP(int b = 3000000000) }", "3000000000 does not fit int"),
    "key": ("class A { ENUM E {x, y} PROP(E e = z) }", "the default z is no A::E: it has x, y"),
    "void": ("class A { SLOT(b(void c)) }", "'b' has an argument of type void"),
    "gap": ("class A { SLOT(b(int c = 1, int d)) }", "'b': 'd' needs a default as well"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_what_no_class_can_be_made_of(text: str, message: str) -> None:
    with pytest.raises(RepError, match=re.escape(message)) as caught:
        RepFile(text, "bad.rep")
    assert str(caught.value).startswith("bad.rep:") and "\n    " in str(caught.value)


def test_many_members(qapp: Any) -> None:
    members = "".join(f"PROP(int a{i}) SLOT(void b{i}())" for i in range(1000))
    rep = RepFile(f"class Many {{{members}}}")
    assert len(interfaceOf(rep.source["Many"]).slots) == 2000
    members = "".join(f"SLOT(void b{i}())" for i in range(20_000))
    with pytest.raises(RepError, match="class Many: 20,000 members; a class may have 3,000 at"):
        RepFile(f"class Many {{{members}}}")


def test_what_is_no_text() -> None:
    with pytest.raises(TypeError, match="takes the text of a .rep file, not int"):
        RepFile(3)  # type: ignore[arg-type]


def test_python_keywords_are_names_like_others(qapp: Any) -> None:
    rep = RepFile("class Keywords { ENUM E {None, True} PROP(int from = 1) SLOT(lambda(int is)) }")
    source = rep.source["Keywords"](parent=None)
    assert getattr(source, "from") == 1
    assert rep.source["Keywords"].get_enum("E")["None"] == 0


def test_persisted_properties_are_marked(qapp: Any) -> None:
    source = RepFile(WEATHER).source["WeatherStation"]

    class Station(source):  # type: ignore[misc]
        pass

    meta = Station().metaObject()
    infos = {
        meta.classInfo(i).name(): meta.classInfo(i).value() for i in range(meta.classInfoCount())
    }
    assert infos == {
        "RemoteObject Type": "WeatherStation",
        "RemoteObject Persisted": "unit trend note",
    }


def test_values_for_the_constructor(qapp: Any) -> None:
    file = RepFile(
        "class MadeWith { PROP(int a = 1 CONSTANT) PROP(QString b READONLY) PROP(int c) }"
    )
    made = file.source["MadeWith"](a=5, b="x", c=7)
    assert (made.a, made.b, made.c) == (5, "x", 7)
    assert file.source["MadeWith"]().a == 1
    with pytest.raises(TypeError, match="MadeWithSource.a must be int, not str"):
        file.source["MadeWith"](a="five")
    with pytest.raises(AttributeError):
        file.source["MadeWith"](d=1)
