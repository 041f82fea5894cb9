"""ReplicaForm in a real window: every kind of control, by the keyboard, on a source elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from pyside_ro import interfaceOf
from pyside_ro.qmltypes import elements
from pyside_ro.qmltypes.form import Field, ValueRows
from tests.behaviour.support import QUIET, Peer
from tests.cli.running import run
from tests.helpers import PeerProcess, QmlStage, wait_until
from tests.qml.lamp import Lamp, lamp_host

PAGE = """
import QtQuick
import QtQuick.Controls
import PySideRO
ApplicationWindow {
    id: root
    property string url
    property string name: "lamp"
    width: 900; height: 700; visible: true
    Node { id: net; connectTo: [root.url] }
    Replica { id: lamp; node: net; name: root.name }
    ReplicaForm { id: form; anchors.fill: parent; replica: lamp }
    property string title: form.title
    property bool live: lamp.valid
    function named(item: Item): string {
        while (item && !item.Accessible.name)
            item = item.parent
        return item ? item.Accessible.name : ""
    }
    function find(name: string): var { return below(name, contentItem) }
    function below(name: string, item: Item): var {
        if (item.Accessible.name === name && !item.Accessible.ignored && item.visible)
            return item
        for (const child of item.children) {
            const found = below(name, child)
            if (found)
                return found
        }
        return null
    }
    function focused(): string { return named(activeFocusItem) }
    function said(): var { return saidBelow(contentItem) }
    function saidBelow(item: Item): var {
        let found = item.visible && item.text !== undefined ? [item.text] : []
        for (const child of item.children)
            if (child.visible)
                found = found.concat(saidBelow(child))
        return found
    }
    function inSight(): bool {
        const at = activeFocusItem.mapToItem(contentItem, 0, 0)
        return at.y >= 0 && at.y + activeFocusItem.height <= height
    }
}
"""

LOADS = """
import QtQuick
import PySideRO
QtObject {
    id: root
    property string url
    property Node net: Node { id: net; connectTo: [root.url] }
    property Replica lamp: Replica { id: lamp; node: net; name: "lamp" }
    property bool live: lamp.valid
    property Loader loader: Loader {
        id: loader
        active: false
        sourceComponent: Item {
            ReplicaForm { replica: lamp }
            ReplicaForm { replica: lamp.object }
            ConnectionBadge { node: net }
            ConnectionBadge { replica: lamp.object }
        }
    }
    function show() { loader.active = true }
    function hide() { loader.active = false; gc() }
}
"""


class Window:
    """The window, as somebody at the keyboard sees it."""

    def __init__(self, root: Any) -> None:
        self.root = root

    def find(self, name: str) -> Any:
        found = self.root.find(name)
        assert found is not None, f"nothing is called {name!r}"
        return found

    def focused(self) -> str:
        return str(self.root.focused())

    def key(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.root, key)

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self.root, letter)

    def go(self, name: str) -> None:
        """Press Tab until something has the focus."""
        for _ in range(60):
            if self.focused() == name:
                return
            self.key(Qt.Key.Key_Tab)
        pytest.fail(f"{name!r} is not reached by Tab")

    def replace(self, text: str) -> None:
        QTest.keyClick(self.root, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.type(text)

    def says(self, *words: str) -> None:
        wait_until(
            lambda: any(all(word in text for word in words) for text in self.texts()),
            message=lambda: str(self.texts()),
        )

    def texts(self) -> list[str]:
        return [str(text) for text in self.root.said().toVariant()]


@pytest.fixture(scope="module")
def shared_lamp(qapp: object) -> Iterator[PeerProcess]:
    from tests.behaviour.support import shared_host

    with shared_host(lamp_host, env=QUIET) as host:
        yield host


@pytest.fixture
def lamp(shared_lamp: PeerProcess) -> Iterator[PeerProcess]:
    yield shared_lamp
    for name, value in (("level", 40), ("on", False), ("title", "desk"), ("mode", 1)):
        shared_lamp.ask("set", name, value)


def opened(stage: QmlStage, url: str, **more: Any) -> Window:
    root: Any = stage.load(PAGE, url=url, **more)
    root.requestActivate()
    wait_until(lambda: root.isActive())
    wait_until(lambda: root.property("live"))
    return Window(root)


@pytest.fixture
def window(stage: QmlStage, lamp: PeerProcess) -> Window:
    return opened(stage, lamp.info["url"])


def test_it_is_there(window: Window) -> None:
    assert window.root.property("title") == "lamp · Lamp"
    window.says("LX-2041")
    kinds = {
        "on": "Switch",
        "level": "SpinBox",
        "gain": "TextField",
        "title": "TextField",
        "mode": "ComboBox",
        "bulbs: Left": "CheckBox",
        "colour": "TextField",
        "due": "TextField",
        "tags": "TextField",
        "add": "Button",
        "serial: LX-2041": "Label",
    }
    for name, kind in kinds.items():
        classes = []
        meta = window.find(name).metaObject()
        while meta is not None:
            classes.append(meta.className())
            meta = meta.superClass()
        assert any(kind in c.partition("_QMLTYPE")[0] for c in classes), (name, classes)
    assert window.find("mode").property("displayText") == "Dim"
    assert window.find("level").property("value") == 40
    assert window.find("tags").property("text") == '["a", 1]'
    assert window.find("due").property("text") == "2025-03-04T05:06:00"
    assert window.find("bulbs: Left").property("checked")
    assert not window.find("bulbs: Middle").property("checked")


def test_tab_order_is_that_of_the_interface(window: Window) -> None:
    seen: list[str] = []
    window.key(Qt.Key.Key_Tab)
    while window.focused() not in seen and len(seen) < 60:
        seen.append(window.focused())
        assert window.root.inSight(), seen
        window.key(Qt.Key.Key_Tab)
        if window.focused() == seen[-1]:  # within one control
            window.key(Qt.Key.Key_Tab)
    start = seen.index("on")
    order = seen[start:] + seen[:start]
    assert order[:5] == ["on", "level", "gain", "title", "mode"], order
    assert order[5:8] == ["bulbs: Left", "bulbs: Middle", "bulbs: Right"]
    assert order[8:12] == ["colour", "choose: colour", "due", "tags"]
    assert order[12:15] == ["add", "add, one", "add, other"]
    assert "Signals" in order


def test_a_switch(window: Window, lamp: PeerProcess) -> None:
    window.go("on")
    window.key(Qt.Key.Key_Space)
    wait_until(lambda: lamp.ask("v")["on"] is True)
    lamp.ask("set", "on", False)
    wait_until(lambda: not window.find("on").property("checked"))


def test_a_number(window: Window, lamp: PeerProcess) -> None:
    window.go("level")
    window.key(Qt.Key.Key_Up, 2)
    wait_until(lambda: lamp.ask("v")["level"] == 42)
    window.replace("33")
    window.key(Qt.Key.Key_Return)
    wait_until(lambda: lamp.ask("v")["level"] == 33)
    lamp.ask("set", "level", 7)
    wait_until(lambda: window.find("level").property("value") == 7)


def test_what_the_source_refuses_is_said_and_taken_back(window: Window, lamp: PeerProcess) -> None:
    window.go("level")
    window.replace("61")
    window.key(Qt.Key.Key_Return)
    window.says("ValueError: too bright")
    wait_until(lambda: window.find("level").property("value") == 40)
    window.key(Qt.Key.Key_Up)
    wait_until(lambda: lamp.ask("v")["level"] == 41)
    wait_until(lambda: not any("too bright" in text for text in window.texts()))


def test_what_changed_before_does_not_take_back_why_a_value_was_refused(qapp: object) -> None:
    lamp = Lamp()
    rows = ValueRows(lamp)
    rows.show(lamp, interfaceOf(lamp))
    level = rows.rowOf("level")
    rows.changed((level,))
    rows.refused(level, "too bright")
    wait_until(lambda: not rows._timer.isActive())
    assert rows.rows[level]["problem"] == "too bright"
    rows.changed((level,))
    wait_until(lambda: rows.rows[level]["problem"] == "")


@pytest.mark.parametrize(
    ("kind", "value", "entered"),
    [
        ("QString", "x" * 2000, True),
        ("QString", "x" * 2001, False),
        ("QVariantList", ["x" * 2000], False),
        ("QVariant", "x" * 3000, True),
        ("QByteArray", b"text", True),
        ("QByteArray", b"\0\1", False),
        ("QByteArray", b"x" * 2001, False),
    ],
)
def test_what_is_shown_in_part_cannot_be_entered(kind: str, value: Any, entered: bool) -> None:
    assert Field.of(kind).editable(value) is entered


def test_whether_it_can_be_entered_follows_the_value(qapp: object) -> None:
    lamp = Lamp()
    rows = ValueRows(lamp)
    rows.show(lamp, interfaceOf(lamp))
    title = rows.rowOf("title")
    assert rows.rows[title]["writable"]
    for text, writable in (("x" * 3000, False), ("short", True)):
        lamp.setProperty("title", text)
        rows.changed((title,))
        rows.flush()
        assert rows.rows[title]["writable"] is writable
    assert not rows.rows[rows.rowOf("serial")]["writable"]


def test_a_choice(window: Window, lamp: PeerProcess) -> None:
    window.go("mode")
    window.key(Qt.Key.Key_Down)
    wait_until(lambda: lamp.ask("v")["mode"] == 2)
    lamp.ask("set", "mode", 0)
    wait_until(lambda: window.find("mode").property("displayText") == "Off")


def test_flags(window: Window, lamp: PeerProcess) -> None:
    window.go("bulbs: Middle")
    window.key(Qt.Key.Key_Space)
    wait_until(lambda: lamp.ask("v")["bulbs"] == 7)
    window.go("bulbs: Left")
    window.key(Qt.Key.Key_Space)
    wait_until(lambda: lamp.ask("v")["bulbs"] == 6)
    lamp.ask("set", "bulbs", 5)
    names = ("Left", "Middle", "Right")

    def checked() -> list[bool]:
        return [window.find(f"bulbs: {name}").property("checked") for name in names]

    # All at once: on a slow day an earlier answer of the source, 7, is shown for a moment.
    wait_until(lambda: checked() == [True, False, True], message=lambda: str(checked()))


@pytest.mark.parametrize(
    ("name", "text", "command", "value"),
    [
        ("title", "lamp", "v", "lamp"),
        ("gain", "1.25", "v", 1.25),
        ("tags", '["b", {"c": 2}]', "v", ["b", {"c": 2}]),
        ("colour", "#112233", "colour", "#112233"),
        ("due", "2026-01-02T03:04", "due", "2026-01-02 03:04"),
    ],
)
def test_text(
    window: Window, lamp: PeerProcess, name: str, text: str, command: str, value: Any
) -> None:
    window.go(name)
    window.replace(text)
    window.key(Qt.Key.Key_Return)
    wait_until(lambda: (lamp.ask("v")[name] if command == "v" else lamp.ask(command)) == value)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("gain", "x", "'x' is no number"),
        ("tags", "[1", "is no JSON"),
        ("due", "soon", "'soon' is no datetime, such as 2025-12-31T23:59:59"),
        ("colour", "mud", "'mud' is no color"),
    ],
)
def test_mistakes_are_said_at_the_field(window: Window, name: str, text: str, words: str) -> None:
    before = window.find(name).property("text")
    window.go(name)
    window.replace(text)
    window.key(Qt.Key.Key_Return)
    window.says(words)
    window.key(Qt.Key.Key_Escape)
    wait_until(lambda: window.find(name).property("text") == before)


def test_what_is_being_typed_is_not_overwritten(window: Window, lamp: PeerProcess) -> None:
    window.go("title")
    window.replace("mi")
    lamp.ask("set", "title", "other")
    lamp.ask("set", "level", 12)
    wait_until(lambda: window.find("level").property("value") == 12)
    assert window.find("title").property("text") == "mi"
    window.key(Qt.Key.Key_Escape)
    assert window.find("title").property("text") == "other"
    assert lamp.ask("v")["title"] == "other"


def test_a_call(window: Window) -> None:
    window.go("add, one")
    window.replace("20")
    window.key(Qt.Key.Key_Tab)
    window.go("add, other")
    window.replace("3")
    window.key(Qt.Key.Key_Return)
    window.go("add")
    window.key(Qt.Key.Key_Space)
    window.says("23")


def test_a_call_that_fails(window: Window) -> None:
    window.go("refuse, what")
    window.type("way")
    window.key(Qt.Key.Key_Return)  # Enter in a text calls at once
    window.says("ValueError: no way")


def test_signals_are_logged(window: Window, lamp: PeerProcess) -> None:
    lamp.ask("ticked", 1, "me")
    window.says('ticked(count: 1, who: "me")')
    lamp.ask("set", "level", 13)
    wait_until(lambda: window.find("level").property("value") == 13)
    assert not any("levelChanged" in text for text in window.texts())
    window.go("property changes too")
    window.key(Qt.Key.Key_Space)
    lamp.ask("set", "level", 14)
    window.says("levelChanged(")
    window.go("Clear the log")
    window.key(Qt.Key.Key_Return)
    window.says("no signal yet")


def test_a_long_log_is_bounded(window: Window, lamp: PeerProcess) -> None:
    for count in range(300):
        lamp.ask("ticked", count, "me")
    window.says("ticked(count: 299")
    assert window.find("Signals").property("count") == 200


def test_the_host_goes_and_comes_back(stage: QmlStage, peer: Peer, local_url: str) -> None:
    host = peer(lamp_host, url=local_url, env=QUIET)
    window = opened(stage, local_url)
    window.says("live")
    assert window.find("on").property("enabled")
    host.kill()
    window.says("lost", "closed the connection")
    assert not window.find("on").property("enabled")
    host = peer(lamp_host, url=local_url, env=QUIET)
    wait_until(lambda: window.find("on").property("enabled"))
    host.ask("set", "level", 9)
    wait_until(lambda: window.find("level").property("value") == 9)


def test_another_replica(window: Window, lamp: PeerProcess) -> None:
    window.root.setProperty("name", "nobody")
    window.says("waiting", "nobody shares 'nobody'")
    assert window.root.find("on") is None
    window.root.setProperty("name", "lamp")
    wait_until(lambda: window.root.find("on") is not None)


def test_of_the_live_replica_itself(stage: QmlStage, lamp: PeerProcess) -> None:
    text = PAGE.replace("replica: lamp", "replica: lamp.object")
    root: Any = stage.load(text, url=lamp.info["url"])
    wait_until(lambda: root.property("title") == "lamp · Lamp")
    wait_until(lambda: root.find("on") is not None)


def test_the_dialog_of_a_colour(window: Window) -> None:
    window.go("choose: colour")
    form = QGuiApplication.focusWindow()
    window.key(Qt.Key.Key_Return)
    wait_until(lambda: QGuiApplication.focusWindow() not in (None, form))
    dialog = QGuiApplication.focusWindow()
    wait_until(dialog.isVisible)


def test_nothing_is_left_of_what_was_shown(stage: QmlStage, lamp: PeerProcess) -> None:
    root: Any = stage.load(LOADS, url=lamp.info["url"])
    wait_until(lambda: root.property("live"))
    before = len(elements._living)
    for _ in range(10):
        root.show()
        assert len(elements._living) >= before + 6
        root.hide()
        wait_until(lambda: len(elements._living) == before)


def test_what_is_no_replica_is_refused(stage: QmlStage, qtlog: Any) -> None:
    stage.load("import PySideRO\nimport QtQml\nReplicaInterface { replica: QtObject {} }")
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message.startswith("test.qml: ReplicaInterface: replica: a replica is expected, not")


@pytest.mark.parametrize(
    "style", ["Basic", "Fusion", "Material", "Universal", "Imagine", "FluentWinUI3"]
)
def test_no_style_warns(lamp: PeerProcess, tmp_path: Any, style: str, monkeypatch: Any) -> None:
    page = tmp_path / "page.qml"
    page.write_text(PAGE.replace("property string url", f'property url url: "{lamp.info["url"]}"'))
    monkeypatch.setenv("QT_QUICK_CONTROLS_STYLE", style)
    done = run("qml", str(page), "--seconds", "1", "--screenshot", str(tmp_path / "x.png"))
    assert (done.returncode, done.stderr) == (0, "")
