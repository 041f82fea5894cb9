"""The other processes of these tests: trees of objects, changed by command.

Know pyside_ro's public names only, but for what they count of its memory.
"""

from __future__ import annotations

import gc
import threading
from typing import Any

from PySide6.QtCore import Property, QObject, QThread, Signal, Slot

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectRegistryHost
from pyside_ro.source.mentions import address
from tests.helpers import PeerSide


class Item(QObject):
    """A value, and objects that it holds; any of them may be anything, itself included."""

    valueChanged = Signal(int)
    childChanged = Signal(QObject)
    moved = Signal(QObject)

    def __init__(self, value: int = 0, child: QObject | None = None) -> None:
        super().__init__()
        self._value = value
        self._child = child

    def _setValue(self, value: int) -> None:
        if value != self._value:
            self._value = value
            self.valueChanged.emit(value)

    value = Property(int, lambda self: self._value, _setValue, notify=valueChanged)

    def setChild(self, child: QObject | None) -> None:
        self._child = child
        self.childChanged.emit(child)

    child = Property(QObject, lambda self: self._child, setChild, notify=childChanged)

    @Slot(int, result=int)
    def add(self, number: int) -> int:
        return self._value + number

    @Slot(result=str)
    def where(self) -> str:
        return threading.current_thread().name


class Root(Item):
    """Objects in a list, in a dict, in a property of any type; asked for by slots."""

    itemsChanged = Signal()
    anyChanged = Signal("QVariant")
    picked = Signal("QVariant")

    def __init__(self, value: int = 0) -> None:
        super().__init__(value)
        self._items: list[Any] = []
        self._any: Any = None
        self.seen: list[Any] = []

    def setItems(self, items: list[Any]) -> None:
        self._items = items
        self.itemsChanged.emit()

    items = Property(list, lambda self: self._items, setItems, notify=itemsChanged)
    constant = Property(QObject, lambda self: self._items[0] if self._items else None)

    def setAny(self, value: Any) -> None:
        self._any = value
        self.anyChanged.emit(value)

    any = Property("QVariant", lambda self: self._any, setAny, notify=anyChanged)

    @Slot("QVariant", result="QVariant")
    def pick(self, item: Any) -> Any:
        """Give back what came, and say where it is."""
        self.seen.append(item)
        self.picked.emit(item)
        return item

    @Slot(int, result="QVariant")
    def itemAt(self, index: int) -> Any:
        return self._items[index]

    @Slot(result="QVariant")
    def stranger(self) -> Any:
        return QObject(self)


def serve(side: PeerSide, url: str, registry: str = "", start: int = 0, begin: Any = ()) -> None:
    """A host of "root", whose objects are made, moved and dropped by command.

    Objects are named by whoever makes them. It begins with the commands of `begin`, before the
    root is shared.
    """
    root = Root()
    made: dict[str, Any] = {"root": root}
    host = QRemoteObjectHost(url, registry or None)
    family = host._family

    def make(name: str, value: int = 0, child: str = "") -> None:
        made[name] = Item(value, made.get(child))

    def find(name: Any) -> Any:
        if isinstance(name, list):
            return [find(n) for n in name]
        if isinstance(name, dict):
            return {key: find(n) for key, n in name.items()}
        return made.get(name, name) if isinstance(name, str) else name

    def put(holder: str, what: str, value: Any) -> None:
        getattr(made[holder], f"set{what.capitalize()}")(find(value))

    def quietly(holder: str, what: str, value: Any) -> None:
        setattr(made[holder], f"_{what}", find(value))

    def setValue(name: str, value: int) -> None:
        made[name]._setValue(value)

    def delete(name: str) -> None:
        made.pop(name).deleteLater()

    def drop(name: str) -> None:
        del made[name]

    def share(name: str) -> bool:
        return host.enableRemoting(made[name], name)

    def unshare(name: str) -> bool:
        return host.disableRemoting(made[name])

    def subscribers(name: str) -> int:
        return len(family._named[address(made[name])].links)

    def seen() -> list[str]:
        return [next(n for n, o in made.items() if o is item) for item in root.seen]

    def replace(count: int) -> int:
        """Replace the child many times; the Python objects that this left behind."""
        before = 0
        for value in range(count):
            root.setChild(Item(value))
            if value == 100:
                gc.collect()
                before = len(gc.get_objects())
        gc.collect()
        return len(gc.get_objects()) - before

    def shared() -> list[int]:
        """How many children are shared, and how many objects have a name."""
        gc.collect()
        return [len(family._children), len(family._names), len(family._awaited)]

    def tree(depth: int) -> None:
        found: Any = None
        for value in range(depth, 0, -1):
            found = Item(value, found)
        root.setChild(found)

    def acquire(name: str) -> None:
        """Be a client of its own."""
        replica = host.acquireDynamic(name)
        assert replica.waitForSource()
        side.keep(replica)

    commands: list[Any] = [
        make,
        put,
        quietly,
        setValue,
        delete,
        drop,
        share,
        unshare,
        subscribers,
        seen,
        replace,
        shared,
    ]
    commands += [tree, acquire, host.close]
    for command in commands:
        side.command(command)
    make("child", 1 + start)
    root._child = made["child"]
    known = {command.__name__: command for command in commands}
    for name, *arguments in begin:
        known[name](*arguments)
    assert host.enableRemoting(root, "root"), host.errorString()
    side.keep(host, made)
    side.ready(url=host.hostUrl().toString())


def registry(side: PeerSide, url: str) -> None:
    """A registry."""
    host = QRemoteObjectRegistryHost(url)
    side.keep(host)
    side.ready(url=host.hostUrl().toString())


def proxy(side: PeerSide, url: str, registry: str) -> None:
    """A host that shares what another network has."""
    host = QRemoteObjectHost(url)
    assert host.proxy(registry), host.errorString()
    side.command(lambda: len(host._family._children), "shared")
    side.keep(host)
    side.ready(url=host.hostUrl().toString())


def middle(side: PeerSide, url: str, behind: str) -> None:
    """A host that shares its own replica of another host's root."""
    node = QRemoteObjectNode()
    node.connectToNode(behind)
    replica = node.acquireDynamic("root")
    assert replica.waitForSource()
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(replica, "root")
    side.command(lambda: replica.state().name, "state")
    side.keep(node, replica, host)
    side.ready(url=host.hostUrl().toString())


def threads(side: PeerSide, url: str) -> None:
    """Objects of another thread, that hold each other."""
    root, deep = Root(1), Item(3)
    child = Item(2, deep)
    deep._child = child
    root._child, root._items = child, [deep, child]
    home = Root(4)
    home._child = Item(5)
    mixed = Root(6)
    mixed._child = child
    thread = QThread()
    thread.setObjectName("worker")
    for obj in (root, child, deep):
        obj.moveToThread(thread)
    thread.start()
    host = QRemoteObjectHost(url)
    for name, obj in (("root", root), ("home", home), ("mixed", mixed)):
        assert host.enableRemoting(obj, name), host.errorString()

    kept: list[Any] = []

    @side.command
    def replaceFromThread(value: int) -> None:
        """Another child, made and put there by a plain Python thread."""

        def run() -> None:
            new = Item(value)
            new.moveToThread(host.thread())
            kept.append(new)
            home.setChild(new)
            home._setValue(value)

        runner = threading.Thread(target=run)
        runner.start()
        runner.join()

    @side.command
    def churnFromThread(count: int) -> None:
        """Many children one after the other, faster than the host's thread comes round."""

        def run() -> None:
            for value in range(count):
                new = Item(value)
                new.moveToThread(host.thread())
                kept.append(new)
                home.setChild(new)

        runner = threading.Thread(target=run)
        runner.start()
        runner.join()

    @side.command
    def end() -> None:
        thread.quit()
        thread.wait()

    side.keep(host, root, child, deep, home, mixed, thread, kept)
    side.ready(url=host.hostUrl().toString())


def onlooker(side: PeerSide, url: str) -> None:
    """A second client."""
    node = QRemoteObjectNode()
    node.connectToNode(url)
    replica = node.acquireDynamic("root")

    @side.command
    def values() -> list[Any]:
        child = replica.child
        return [child and child.value, [item.value for item in replica.items]]

    @side.command
    def setChildValue(value: int) -> None:
        replica.child.value = value

    side.command(lambda: replica.isReplicaValid(), "valid")
    side.keep(node, replica)
    side.ready()
