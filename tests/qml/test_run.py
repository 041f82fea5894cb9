"""``pyside-ro qml``: a user's QML file, run to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.cli.running import run, running
from tests.helpers import PeerProcess, wait_until

PAGE = """
import QtQuick
import PySideRO
%s {
    width: 200; height: 100; %s
    Node { id: net; connectTo: ["%s"] }
    Replica {
        id: printer
        node: net
        name: "printer"
        onInitializedChanged: console.log("ink", object.ink)
    }
    Rectangle { anchors.fill: parent; color: printer.valid ? "#00ff00" : "#ff0000" }
}
"""


def written(folder: Path, text: str) -> str:
    path = folder / "page.qml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("kind", "more"), [("Window", "visible: true"), ("Item", "")])
def test_a_picture(printers: PeerProcess, tmp_path: Path, kind: str, more: str) -> None:
    file = written(tmp_path, PAGE % (kind, more, printers.info["url"]))
    picture = tmp_path / "new" / "page.png"
    done = run("qml", file, "--screenshot", str(picture), "--seconds", "1.5")
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "ink 5"
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (200, 100)
    assert image.pixelColor(100, 50) == QColor("#00ff00")


@pytest.mark.parametrize(("how", "code"), [("interrupt", 130), ("terminate", 0)])
def test_signals_end_it(printers: PeerProcess, tmp_path: Path, how: str, code: int) -> None:
    text = PAGE % ("Window", "visible: true", printers.info["url"])
    text = text.replace('console.log("ink", object.ink)', "object.ink = 77")
    with running("qml", written(tmp_path, text)) as process:
        wait_until(lambda: printers.ask("ink") == 77, timeout=30)
        getattr(process, how)()
        found, errors = process.finish()
    assert (found, errors) == (code, "")
    printers.ask("setInk", 5)


def test_quit_and_exit(tmp_path: Path) -> None:
    file = written(tmp_path, "import QtQml\nQtObject { Component.onCompleted: Qt.exit(5) }")
    assert run("qml", file).returncode == 5


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("import QtQml\nQtObject {\n  Foo {}\n}", 1, ["page.qml:3", "Foo is not a type", "error:"]),
        ("import QtQml\nQtObject {", 1, ["page.qml:2", "error:"]),
        ("import Nowhere\nQtObject {}", 1, ["page.qml:1", 'module "Nowhere" is not installed']),
        (
            "import QtQml\nQtObject {\n  Component.onCompleted: nope.x\n}",
            0,
            ["page.qml:3: ReferenceError: nope is not defined"],
        ),
    ],
)
def test_mistakes_are_told_with_file_and_line(
    tmp_path: Path, text: str, code: int, words: list[str]
) -> None:
    done = run("qml", written(tmp_path, text), "--seconds", "0.1")
    assert done.returncode == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_properties_are_set_before_bindings_run(tmp_path: Path) -> None:
    text = "import QtQml\nQtObject {\n property url where\n property int n: 1\n"
    text += " Component.onCompleted: { console.log(where, n + 1); Qt.exit(3) }\n}"
    file = written(tmp_path, text)
    done = run("qml", file, "--set", "where=local:a=b", "--set", "n=41")
    assert (done.returncode, done.stderr) == (3, "local:a=b 42\n")
    done = run("qml", file, "--set", "nope=1")
    assert done.returncode == 1 and "page.qml has no property 'nope'" in done.stderr
    assert "Traceback" not in done.stderr and "destroyed" not in done.stderr
    done = run("qml", file, "--set", "n")
    assert done.returncode == 2 and "--set n: NAME=VALUE is expected" in done.stderr


def test_what_cannot_be(tmp_path: Path) -> None:
    done = run("qml", str(tmp_path / "nope.qml"))
    assert done.returncode == 2 and "there is no file" in done.stderr
    file = written(tmp_path, "import QtQml\nQtObject {}")
    done = run("qml", file, "--seconds", "0", "--screenshot", str(tmp_path / "x.png"))
    assert done.returncode == 1 and "no window and no item" in done.stderr
