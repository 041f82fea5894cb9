"""What slots of .rep classes give back: held to the types that the .rep text promises."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QObject, Qt, QThread, QUrl, Slot

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, RemoteError, RepFile, rep
from tests.behaviour.support import dropped, failure, finished, valid
from tests.helpers import PeerProcess, PeerSide, unique_local_url, wait_until

TEXT = """
POD ResultPoint(int x, int y)
class ResultTee
{
    ENUM Mode { A, B }
    FLAG(Modes Mode)
    SLOT(int count(const QString &how))
    SLOT(ResultPoint point(QVariant given))
    SLOT(QList<ResultPoint> points(QVariant given))
    SLOT(QMap<QString, ResultPoint> places(QVariant given))
    SLOT(Mode mode(QVariant given))
    SLOT(Modes modes(QVariant given))
    SLOT(quint8 small(QVariant given))
    SLOT(bool yes(QVariant given))
    SLOT(double real(QVariant given))
    SLOT(QString text(QVariant given))
    SLOT(QStringList texts(QVariant given))
    SLOT(QVariantMap map(QVariant given))
    SLOT(QVariant any(QVariant given))
    SLOT(QByteArray raw(QVariant given))
    SLOT(QUrl url(QVariant given))
    SLOT(Qt::DayOfWeek day(QVariant given))
    SLOT(void nothing(QVariant given))
    SLOT(either(QVariant given))
    SLOT(int several(int a, QVariant given))
    SLOT(QString several(QVariant given))
};
"""
#: The slots of it that give their argument back.
GIVEN = (
    "point points places mode modes small yes real text texts map any raw url day nothing either"
).split()


def give(self: Any, given: Any) -> Any:
    """A slot that gives back what the caller asks for."""
    return given


class ResultHandSource(rep.Source):
    """Declared in Python; its slots do their work themselves."""

    @rep.Slot("QVariant", result="quint8")
    def small(self, given: Any) -> Any:
        return given

    @rep.Slot("QVariant")
    def nothing(self, given: Any) -> Any:
        return given

    @rep.Slot("QVariant", result="QList<int>")
    async def numbers(self, given: Any) -> Any:
        await asyncio.sleep(0)
        return given


class Elsewhere(QObject):
    """No .rep class: what its slots give is its own business."""

    @Slot(result=int)
    def count(self) -> Any:
        return "three"

    @Slot(int, result=int)
    def twice(self, number: int) -> int:
        return 2 * number

    @Slot(dict, result=dict)
    def turned(self, given: dict[Any, Any]) -> dict[Any, Any]:
        return {value: key for key, value in given.items()}


def share(side: PeerSide, url: str) -> None:
    base = RepFile(TEXT).source["ResultTee"]
    node = QRemoteObjectNode()
    futures: list[Future[Any]] = []

    class Tee(base):  # type: ignore[misc, valid-type]
        def count(self, how: str) -> Any:
            if how == "call":
                return node.acquireDynamic("elsewhere").count()
            if how == "good call":
                return node.acquireDynamic("elsewhere").twice(4)
            if how == "future":
                futures.append(Future())
                return futures[-1]
            if how == "coroutine":
                return self.later("three")
            return {"list": [], "none": None, "true": True, "real": 3.0}.get(how, how)

        async def later(self, result: Any) -> Any:
            await asyncio.sleep(0)
            return result

        def several(self, *given: Any) -> Any:
            return given[-1]

    for name in GIVEN:
        setattr(Tee, name, give)

    class Later(Tee):
        async def count(self, how: str) -> Any:
            await asyncio.sleep(0)
            return int(how)

        @Slot("QVariant", result=str)  # its own word does not count: the .rep's does
        def small(self, given: Any) -> Any:
            return given

        @Slot("QVariant", result="QVariant")
        async def mode(self, given: Any) -> Any:
            return given

        async def nothing(self, given: Any) -> Any:
            return given

    thread = QThread()
    tee, later, threaded, hand, elsewhere = Tee(), Later(), Tee(), ResultHandSource(), Elsewhere()
    threaded.moveToThread(thread)
    thread.start()
    host = QRemoteObjectHost(url)
    for name, source in (
        ("ResultTee", tee),
        ("later", later),
        ("threaded", threaded),
        ("ResultHand", hand),
        ("elsewhere", elsewhere),
    ):
        assert host.enableRemoting(source, name)
    node.connectToNode(host.hostUrl())
    waiting = node.acquireDynamic("elsewhere")

    @side.command
    def settle(result: Any) -> None:
        futures.pop().set_result(result)

    @side.command
    def end() -> None:
        thread.quit()
        thread.wait()

    side.keep(host, node, tee, later, threaded, hand, elsewhere, thread, waiting)
    waiting.initialized.connect(lambda: side.ready(url=url))


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with PeerProcess(share, url=unique_local_url(), allow_stderr=True) as process:
        yield process
        process.ask("end")


@pytest.fixture
def node(host: PeerProcess) -> Iterator[QRemoteObjectNode]:
    made = QRemoteObjectNode()
    made.connectToNode(host.info["url"])
    yield made
    dropped(made)


@pytest.fixture(scope="module")
def file() -> RepFile:
    return RepFile(TEXT)


def refused(call: Any) -> str:
    """Wait for a call whose result is refused; its words."""
    error = failure(call)
    assert isinstance(error, RemoteError)
    return str(error)


WRONG = [
    ("point", (1,), "must be ResultPoint: ResultPoint(x: int, y: int) takes 2 values, 1 given"),
    ("point", "x", "must be ResultPoint, not str"),
    ("point", None, "must be ResultPoint, not NoneType"),
    ("points", [(1, 2), 3], "item 1 must be ResultPoint, not int"),
    ("points", (1, 2), "item 0 must be ResultPoint, not int"),
    ("places", {1: (1, 2)}, "item 0 must be str, not int"),
    ("mode", 7, "must be ResultTee::Mode, not 7"),
    ("mode", None, "must be ResultTee::Mode, not NoneType"),
    ("small", 300, "300 does not fit uchar (0 to 255)"),
    ("small", -1, "-1 does not fit uchar (0 to 255)"),
    ("small", None, "must be uchar, not NoneType"),
    ("yes", 2, "must be bool, not int"),
    ("real", "1", "must be double, not str"),
    ("text", 1, "must be str, not int"),
    ("text", None, "must be str, not NoneType"),
    ("texts", ["a", None], "item 1 must be str, not NoneType"),
    ("texts", "ab", "must be list, not str"),
    ("map", {1: 2}, "item 0 must be str, not int"),
    ("raw", "text", "must be bytes or QByteArray, not str"),
    ("day", "Sunday", "must be Qt::DayOfWeek, not str"),
]


@pytest.mark.parametrize("name", ["ResultTee", "threaded"])
def test_results_of_the_wrong_type(
    host: PeerProcess, node: QRemoteObjectNode, file: RepFile, name: str
) -> None:
    tee = valid(node.acquire(file.replica["ResultTee"], name))
    for slot, given, words in WRONG:
        told = f"TypeError: the result {words} ({name}.{slot})"
        assert refused(getattr(tee, slot)(given)) == told, (slot, given)
    assert refused(tee.several(2**40)).startswith("TypeError: the result must be str, not int")
    assert "does not fit int" in refused(tee.several(1, 2**40))
    wait_until(
        lambda: re.search(rf"{name}.text: the result must be str, not int, called by", host.stderr),
        message=lambda: host.stderr,
    )


@pytest.mark.parametrize("name", ["ResultTee", "threaded"])
def test_results_are_converted(node: QRemoteObjectNode, file: RepFile, name: str) -> None:
    cls, Point = file.replica["ResultTee"], file.pod["ResultPoint"]
    tee = valid(node.acquire(cls, name))
    for slot, given, result in (
        ("point", (1, 2), Point(1, 2)),
        ("point", Point(1, 2), Point(1, 2)),
        ("points", ((1, 2), Point(3, 4)), [Point(1, 2), Point(3, 4)]),
        ("places", {"a": (1, 2)}, {"a": Point(1, 2)}),
        ("mode", 1, cls.Mode.B),
        ("mode", cls.Mode.A, cls.Mode.A),
        ("modes", 1, cls.Modes.B),
        ("small", 255, 255),
        ("small", True, 1),
        ("small", 3.0, 3),
        ("yes", 1, True),
        ("yes", False, False),
        ("real", 3, 3.0),
        ("real", 0.5, 0.5),
        ("text", "x", "x"),
        ("texts", ("a", "b"), ["a", "b"]),
        ("map", {"a": None}, {"a": None}),
        ("any", None, None),
        ("any", 1, 1),
        ("any", {1: 2}, {1: 2}),
        ("raw", b"x", QByteArray(b"x")),
        ("url", "http://localhost/", QUrl("http://localhost/")),
        ("day", 7, Qt.DayOfWeek.Sunday),
        ("nothing", 5, None),
        ("nothing", [5], None),
        ("nothing", None, None),
        ("either", 5, None),
    ):
        found = finished(getattr(tee, slot)(given))
        assert found == result and type(found) is type(result), (slot, given, found)
    assert [type(each) for each in finished(tee.points([(1, 2)]))] == [Point]
    assert finished(tee.several("x")) == "x" and finished(tee.several(1, 2)) == 2


def test_results_that_come_later(host: PeerProcess, node: QRemoteObjectNode, file: RepFile) -> None:
    tee = valid(node.acquire(file.replica["ResultTee"]))
    wrong = "TypeError: the result must be int, not str (ResultTee.count)"
    for how in ("three", "call", "coroutine"):
        assert refused(tee.count(how)) == wrong, how
    for how, kind in (("list", "list"), ("none", "NoneType")):
        assert f"the result must be int, not {kind}" in refused(tee.count(how))
    for how, result in (("good call", 8), ("true", 1), ("real", 3)):
        found = finished(tee.count(how))
        assert found == result and type(found) is int, how
    assert finished(tee.mode(0)) is tee.Mode.A
    for given, words in ((5, ""), ("three", wrong)):
        call = tee.count("future")
        finished(tee.yes(True))
        host.ask("settle", given)
        assert refused(call) == words if words else finished(call) == given


def test_slots_overridden_twice(node: QRemoteObjectNode, file: RepFile) -> None:
    later = valid(node.acquire(file.replica["ResultTee"], "later"))
    assert finished(later.count("3")) == 3
    assert "the result 2147483648 does not fit int" in refused(later.count(str(2**31)))
    assert "ValueError" in refused(later.count("x"))
    assert finished(later.small(3)) == 3
    assert "the result must be uchar, not str (later.small)" in refused(later.small("3"))
    assert finished(later.mode(1)) is later.Mode.B
    assert "the result must be ResultTee::Mode, not 2" in refused(later.mode(2))
    assert finished(later.nothing(5)) is None


def test_classes_declared_in_python(node: QRemoteObjectNode) -> None:
    hand: Any = valid(node.acquireDynamic("ResultHand"))
    assert finished(hand.small(3)) == 3 and finished(hand.nothing(5)) is None
    assert refused(hand.small(300)) == (
        "TypeError: the result 300 does not fit uchar (0 to 255) (ResultHand.small)"
    )
    assert finished(hand.numbers((1, 2))) == [1, 2]
    assert "the result item 1 must be int, not str" in refused(hand.numbers([1, "x"]))


def test_other_classes_are_as_they_were(node: QRemoteObjectNode) -> None:
    elsewhere: Any = valid(node.acquireDynamic("elsewhere"))
    assert finished(elsewhere.count()) == "three"
    assert finished(elsewhere.turned({1: "one"})) == {"one": 1}


HOLDING = """
POD ResultHolder(QStringList sl, QVariantMap vm)
class ResultBag
{
    PROP(QStringList sl READWRITE)
    PROP(QList<QString> ls READWRITE)
    PROP(QVariantMap vm READWRITE)
    PROP(QVariantHash vh READWRITE)
    PROP(QJsonObject jo READWRITE)
    PROP(QList<QByteArray> bl READWRITE)
    SLOT(int texts(QStringList sl))
    SLOT(int list(QList<QString> ls))
    SLOT(int map(QVariantMap vm, int n))
    SLOT(int hash(QVariantHash vh))
    SLOT(int bytes(QList<QByteArray> bl))
    SLOT(int day(Qt::DayOfWeek day))
};
"""


def test_what_lists_and_maps_hold(qapp: Any) -> None:
    file = RepFile(HOLDING)
    bag: Any = file.source["ResultBag"]()
    for name, value, words in (
        ("sl", [1, None], "item 0 must be str, not int"),
        ("sl", ("a", None), "item 1 must be str, not NoneType"),
        ("sl", "ab", "must be list, not str"),
        ("ls", ["x", 1], "item 1 must be str, not int"),
        ("vm", {1: 2}, "item 0 must be str, not int"),
        ("vm", {"a": 1, None: 2}, "item 1 must be str, not NoneType"),
        ("vm", [1], "must be dict, not list"),
        ("vh", {1: 2}, "item 0 must be str, not int"),
        ("jo", {1: 2}, "item 0 must be str, not int"),
        ("bl", [b"x", "y"], "item 1 must be bytes or QByteArray, not str"),
    ):
        before = getattr(bag, name)
        with pytest.raises(TypeError, match=f"ResultBagSource.{name} {words}"):
            setattr(bag, name, value)
        assert getattr(bag, name) == before
    with pytest.raises(TypeError, match=r"ResultBagSource.sl item 0 must be str, not int"):
        file.source["ResultBag"](sl=[1])
    for name, good in (("sl", ["a"]), ("vm", {"a": None}), ("vh", {"a": [1]}), ("jo", {"b": {}})):
        setattr(bag, name, good)
        assert getattr(bag, name) == good
    Holder = file.pod["ResultHolder"]
    assert Holder(("a",), {"a": 1}) == (["a"], {"a": 1})
    with pytest.raises(TypeError, match=r"ResultHolder.sl item 0 must be str, not int"):
        Holder([1], {})
    with pytest.raises(TypeError, match=r"ResultHolder.vm item 0 must be str, not int"):
        Holder([], {1: 2})
    for default in ("QStringList a = {1}", "QVariantMap a = {{1, 2}}"):
        with pytest.raises(ValueError, match="item 0 must be str, not int"):
            RepFile(f"class ResultBad {{ PROP({default}) }}")


def test_arguments_hold_what_they_say(qapp: Any, local_url: str) -> None:
    file = RepFile(HOLDING)

    class Bag(file.source["ResultBag"]):  # type: ignore[misc]
        def texts(self, sl: list[str]) -> int:
            return len(sl)

        list = hash = bytes = texts

        def map(self, vm: dict[str, Any], n: int) -> int:
            return len(vm)

        def day(self, day: Qt.DayOfWeek) -> int:
            return day.value

    bag = Bag()
    host, node = QRemoteObjectHost(local_url), QRemoteObjectNode()
    assert host.enableRemoting(bag)
    node.connectToNode(host.hostUrl())
    replica = valid(node.acquire(file.replica["ResultBag"]))
    for _ in range(2):  # the second call is of types that were seen before
        assert finished(replica.texts(["a"])) == finished(replica.list(["a"])) == 1
        assert finished(replica.map({"a": 1}, 1)) == finished(replica.hash({"a": 1})) == 1
        assert finished(replica.bytes([b"a"])) == 1 and finished(replica.day(3)) == 3
        for call, words in (
            (replica.texts(["a", 1]), "argument 1 (sl) item 1 must be str, not int"),
            (replica.list([None]), "argument 1 (ls) item 0 must be str, not NoneType"),
            (replica.map({1: 2}, 1), "argument 1 (vm) item 0 must be str, not int"),
            (replica.hash({1: 2}), "argument 1 (vh) item 0 must be str, not int"),
            (replica.bytes(["a"]), "argument 1 (bl) item 0 must be bytes or QByteArray, not str"),
            (replica.day("x"), "argument 1 (day) must be Qt::DayOfWeek, not str"),
        ):
            assert words in refused(call)
    replica.sl = [1]
    replica.vm = {1: 2}
    replica.ls = ["last"]
    wait_until(lambda: bag.ls == ["last"])
    assert (bag.sl, bag.vm) == ([], {})
    dropped(node)
    dropped(host)
