"""The type information is current, qmllint finds nothing, and a wheel has it all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo, QVersionNumber

from pyside_ro.qmltypes import generate, importPath
from tests.helpers import ROOT
from tests.qml.snippets import snippets

#: Their tools read and write the type information of today.
current_tools = pytest.mark.skipif(
    QLibraryInfo.version() < QVersionNumber(6, 11), reason="the tools of an older PySide6"
)


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sysconfig.get_path("scripts"), "pyside6-qmllint")
    command = [str(tool), "-I", importPath(), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@current_tools
def test_the_type_information_is_current() -> None:
    assert generate.target().read_text("utf-8") == generate.generated(), (
        "run: python -m pyside_ro.qmltypes.generate"
    )


def test_every_type_is_described() -> None:
    found = set(re.findall(r"PySideRO/(\w+) 1.0", generate.target().read_text("utf-8")))
    assert found == {
        *("Host", "LinkState", "ModelReplica", "Node", "RegistryHost", "RemoteObjects", "Replica"),
        *("ReplicaInterface", "SettingsStore", "Shared"),
    }


def ours() -> list[Path]:
    """The QML files of the module, of the examples and of the tests."""
    folders = ("qml", "examples", "tests/qml")
    return [path for folder in folders for path in sorted(ROOT.glob(f"{folder}/**/*.qml"))]


@current_tools
def test_qmllint_finds_nothing(tmp_path: Path) -> None:
    files = ours()
    for number, text in enumerate(snippets()):
        if "typed replica" in text:
            continue  # its type is made at run time
        files.append(tmp_path / f"Snippet{number}.qml")
        files[-1].write_text(text, encoding="utf-8")
    assert len(files) > len(snippets())
    done = lint(*files)
    assert not done.returncode and not done.stderr, done.stdout + done.stderr


def test_qmllint_finds_mistakes(tmp_path: Path) -> None:
    """It knows our types: what is wrong with them it says."""
    path = tmp_path / "Wrong.qml"
    path.write_text("import PySideRO\nNode { connectToo: []; heartbeatInterval: 'x' }")
    done = lint(path)
    assert "connectToo" in done.stderr + done.stdout
    assert "incompatible-type" in done.stderr + done.stdout


@pytest.mark.timeout(180)
def test_a_wheel_has_the_module(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], capture_output=True, text=True, cwd=ROOT
    )
    assert not done.returncode, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "pyside_ro/qml/PySideRO/qmldir" in names
    assert "pyside_ro/qml/PySideRO/PySideRO.qmltypes" in names
    # A fresh environment with nothing of ours but the wheel; what it requires comes from here.
    target = tmp_path / "env"
    venv.create(target, system_site_packages=False, with_pip=False)
    [site] = target.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    (site / "requirements.pth").write_text(sysconfig.get_path("purelib"))
    (tmp_path / "x.qml").write_text(
        "import QtQml\nimport PySideRO\nNode { Component.onCompleted: Qt.exit(7) }"
    )
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "QML_IMPORT_PATH")}
    done = subprocess.run(
        [str(target / "bin" / "python"), "-m", "pyside_ro", "qml", str(tmp_path / "x.qml")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**env, "QT_QPA_PLATFORM": "offscreen"},
        timeout=60,
    )
    assert done.returncode == 7, done.stderr
    where = "import pyside_ro.qmltypes as q; print(q.importPath())"
    done = subprocess.run(
        [str(target / "bin" / "python"), "-c", where],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=env,
    )
    assert done.stdout.strip() == str(site / "pyside_ro" / "qml"), done.stderr
