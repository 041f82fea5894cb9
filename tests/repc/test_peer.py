"""The same program with PySide6.QtRemoteObjects and with this library: the same results."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from PySide6.QtCore import QObject

from tests.helpers import Recorder, unique_local_url, wait_until

pytest.importorskip("PySide6.QtRemoteObjects", reason="PySide6-Addons is not installed")

#: A class with a CONSTANT property has no other member here: theirs then numbers its signals
#: differently at source and replica.
TEXT = """
POD PeerPoint(int x, int y)
POD PeerPlace(PeerPoint p, float a, QString s)
class PeerSimple
{
    ENUM Position {Left = 1, Right = 2, Top = 4}
    PROP(int i = 2);
    PROP(float f = -1. READWRITE);
    PROP(QString s = "hello" READONLY);
    PROP(QStringList l);
    PROP(PeerPoint pt);
    PROP(int o SOURCEONLYSETTER);
    PROP(int bits = 1<<3);
    PROP(int sum = 1+2);
    PROP(QString empty = '');
    PROP(QVariantList list = []);
    SIGNAL(random(int i));
    SLOT(void reset());
    SLOT(int add(int a, int b));
};
class PeerFixed
{
    PROP(bool c = True CONSTANT);
};
"""


@pytest.fixture(scope="module", params=["PySide6.QtRemoteObjects", "pyside_ro"])
def module(request: pytest.FixtureRequest, qapp: Any) -> Any:
    return importlib.import_module(request.param)


@pytest.fixture(scope="module")
def rep(module: Any) -> Any:
    # Theirs allows each name once in a process, and none is ever given back.
    return module.RepFile(TEXT)


def test_names(rep: Any) -> None:
    assert list(rep.source) == list(rep.replica) == ["PeerSimple", "PeerFixed"]
    assert list(rep.pod) == ["PeerPoint", "PeerPlace"]
    assert rep.source["PeerSimple"].__name__ == "PeerSimpleSource"
    assert rep.replica["PeerSimple"].__name__ == "PeerSimple"
    assert rep.pod["PeerPoint"].__name__ == "PeerPoint"
    assert "PeerSimple" in str(rep) and "PeerPoint" in str(rep)
    with pytest.raises(KeyError):
        rep.source["Other"]


def test_defaults(rep: Any) -> None:
    source = rep.source["PeerSimple"]()
    assert (source.i, source.f, source.s, source.l, source.o) == (2, -1.0, "hello", [], 0)
    assert (source.bits, source.sum, source.empty, source.list) == (8, 3, "", [])
    assert rep.source["PeerFixed"]().c is True
    assert source.pt == (0, 0) and isinstance(source.pt, rep.pod["PeerPoint"])
    assert source.property("i") == 2 and source.setProperty("i", 9) and source.i == 9
    assert source.setProperty("s", "x") is False


def test_pushes_and_setters(rep: Any) -> None:
    source = rep.source["PeerSimple"]()
    seen = Recorder(source.iChanged, source.fChanged, source.oChanged)
    assert source.pushI(2) is None
    source.pushI(4)
    source.i = 7
    source.f = 2.0
    source.o = 1
    assert seen.calls == [(0, (4,)), (0, (7,)), (1, (2.0,)), (2, (1,))]
    fixed = rep.source["PeerFixed"]()
    for name in ("pushF", "pushS", "pushO", "setI"):
        assert not hasattr(source, name)
    assert not hasattr(fixed, "pushC")
    with pytest.raises(AttributeError, match="read only"):
        source.s = "x"
    with pytest.raises(AttributeError, match="read only"):
        fixed.c = False


def test_slots(rep: Any) -> None:
    source = rep.source["PeerSimple"]()
    with pytest.raises(NotImplementedError):
        source.reset()
    with pytest.raises(NotImplementedError):
        source.add(1, 2)

    class Own(rep.source["PeerSimple"]):  # type: ignore[misc]
        def __init__(self, parent: QObject | None = None) -> None:
            super().__init__(parent)
            self.i = 99

        def add(self, a: int, b: int) -> int:
            return a + b

    assert Own().add(1, 2) == 3 and Own().i == 99


def test_enums(rep: Any) -> None:
    cls = rep.source["PeerSimple"]
    position = cls.get_enum("Position")
    assert [(key.name, key.value) for key in position] == [("Left", 1), ("Right", 2), ("Top", 4)]
    assert cls().get_enum("Position")(2) is position.Right
    with pytest.raises(KeyError, match="Enum 'X' not found"):
        cls.get_enum("X")


def test_pods(rep: Any) -> None:
    point, place = rep.pod["PeerPoint"], rep.pod["PeerPlace"]
    one = point(1, 2)
    assert isinstance(one, tuple) and one == (1, 2) and (one.x, one.y) == (1, 2)
    assert hash(one) == hash(point(1, 2)) and place(one, 1.5, "a").p == one
    for wrong in (("a", 2), (1,), (1, 2, 3), ((1, 2),)):
        with pytest.raises(TypeError):
            point(*wrong)
    with pytest.raises(TypeError):
        place(3, 1.5, "a")


@pytest.mark.qt_warnings(".*")
def test_errors(module: Any) -> None:
    for text in ("class A { PROP(int b }", "/no/such.rep", "class A\n{\nPOD B(int c)\n}"):
        with pytest.raises(RuntimeError):
            module.RepFile(text)
    for wrong in ((), (3,)):
        with pytest.raises(TypeError):
            module.RepFile(*wrong)


def test_a_source_and_its_replica(module: Any, rep: Any) -> None:
    class Own(rep.source["PeerSimple"]):  # type: ignore[misc]
        def add(self, a: int, b: int) -> int:
            return a + b

        def reset(self) -> None:
            self.pushI(0)

    source = Own()
    url = unique_local_url()
    host = module.QRemoteObjectHost(url)
    assert host.enableRemoting(source)
    node = module.QRemoteObjectNode()
    assert node.connectToNode(url)
    replica = node.acquire(rep.replica["PeerSimple"])
    assert (replica.i, replica.s, replica.pt) == (2, "hello", (0, 0))
    wait_until(replica.isInitialized)
    changes, randoms = Recorder(replica.iChanged), Recorder(replica.random)
    source.i = 5
    source.random.emit(17)
    assert changes.wait() == [5] and randoms.wait() == [17] and replica.i == 5
    replica.pushI(6)
    assert changes.wait(2) == [5, 6] and source.i == 6
    replica.f = 4.5
    wait_until(lambda: source.f == 4.5)
    wait_until(lambda: replica.f == 4.5)
    replica.reset()
    assert changes.wait(3) == [5, 6, 0]
    source.pt = rep.pod["PeerPoint"](3, 4)
    wait_until(lambda: replica.pt == (3, 4))
    assert isinstance(replica.pt, rep.pod["PeerPoint"])
    call = replica.add(3, 4)
    wait_until(call.isFinished)
    assert call.returnValue() == 7
    for name in ("i", "s", "o"):
        with pytest.raises(AttributeError, match=r"read.only"):
            setattr(replica, name, 1)
