"""The verbs repc, stub and rep, run as a user runs them; tools read what they write."""

from __future__ import annotations

import enum
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import ClassInfo, Property, QObject, Signal, Slot

from pyside_ro import RepFile, interfaceOf, registerType
from pyside_ro.interface import Interface
from pyside_ro.repc.stubs import objectStub
from tests.cli.running import COMMAND, run
from tests.helpers import ROOT, PeerProcess, unique_local_url
from tests.repc.hosts import weather

FILES = sorted((Path(__file__).parent / "files").glob("*.rep"))


def tool(name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", name, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)},
        check=False,
    )


def loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"made_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the module and the stub of every file."""
    folder = tmp_path_factory.mktemp("repc")
    for path in FILES:
        done = run("repc", str(path), "-o", str(folder / f"{path.stem}.py"), "--stubs")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def test_the_modules_are_formatted(modules: Path) -> None:
    assert len(list(modules.glob("*.py*"))) == 2 * len(FILES)
    done = tool("ruff", "format", "--isolated", "--check", "--diff", ".", cwd=modules)
    assert done.returncode == 0, done.stdout
    rules = "E4,E7,E9,F,I,UP,B"
    done = tool("ruff", "check", "--isolated", "--select", rules, ".", cwd=modules)
    assert done.returncode == 0, done.stdout


def test_the_modules_have_the_classes_of_repfile(modules: Path, qapp: Any) -> None:
    for path in FILES:
        module = loaded(modules / f"{path.stem}.py")
        rep = RepFile(path.read_text(encoding="utf-8-sig"))
        names = [*rep.enum, *rep.pod, *rep.replica]
        names += [source.__name__ for source in rep.source.values()]
        assert sorted(names) == sorted(module.__all__)
        for name, source in rep.source.items():
            made = getattr(module, f"{name}Source")
            assert interfaceOf(made) == interfaceOf(source)
            assert interfaceOf(made).defaults == interfaceOf(source).defaults
            assert interfaceOf(getattr(module, name)) == interfaceOf(source)
        for name, pod in rep.pod.items():
            assert getattr(module, name) is pod


RIGHT = """
from pyside_ro import QRemoteObjectNode
from weather import Reading, Trend, Unit, WeatherStation, WeatherStationSource


class Station(WeatherStationSource):
    def reset(self, hard: bool = False) -> None:
        self.alarm.emit("reset", 1)
        self.interval = 5
        self.pushUnit(Unit.Kelvin)

    def counts(self) -> dict[str, int]:
        return {}


station = QRemoteObjectNode().acquire(WeatherStation)
station.pushInterval(5)
station.heated = True
trend: Trend = station.trend
station.extremes([Reading(1.0, 2, "a")], station.Sensor.Barometer)
value: float = station.last.value
station.measured.connect(print)
Station(interval=3).active = Station.Sensors.Barometer


async def ask() -> dict[str, int]:
    await station.reset()
    found = await station.extremes([], station.Sensor.Barometer)
    lowest: Reading = found.lowest
    call = station.counts()
    call.add_done_callback(lambda ended: print(ended.result().keys()))
    counts: dict[str, int] = call.returnValue()
    return await station.counts().setTimeout(lowest.at) or counts
"""
WRONG = """
from pyside_ro import QRemoteObjectNode
from weather import Reading, WeatherStation, WeatherStationSource

station = QRemoteObjectNode().acquire(WeatherStation)
station.pushInterval("x")
station.interval = 5
station.extremes([1], station.Sensor.Barometer)
Reading(1.0, "a", "b")
station.nothing()
station.reset(hard="x")
text: str = station.last.value
WeatherStationSource().temperature = 1.5
WeatherStationSource().interval = "x"
station.Sensor.Altimeter
counts: list[int] = station.counts().returnValue()
station.extremes([], station.Sensor.Barometer).result().middle
async def ask() -> str: return await station.counts()
"""


def test_mypy_knows_right_from_wrong(modules: Path, tmp_path: Path) -> None:
    (modules / "right.txt").write_text(RIGHT)
    (modules / "wrong.txt").write_text(WRONG)
    stubs = [path.name for path in modules.glob("*.pyi")]
    cache = ["--strict", f"--cache-dir={tmp_path}", "--scripts-are-modules"]
    done = tool("mypy", *cache, *stubs, "right.txt", "wrong.txt", cwd=modules)
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    lines = [int(line.split(":")[1]) for line in errors if line.startswith("wrong.txt:")]
    assert len(lines) == len(errors), done.stdout
    assert lines == list(range(6, 19)), done.stdout


def test_members_named_as_those_of_a_replica(tmp_path: Path) -> None:
    (tmp_path / "door.rep").write_text(
        "class StubDoor\n{\n    ENUM State { Shut, Open }\n    PROP(State state=Shut)\n};\n"
    )
    out = tmp_path / "door.py"
    assert run("repc", "door.rep", "-o", str(out), "--stubs", cwd=tmp_path).returncode == 0
    done = tool("mypy", "--strict", f"--cache-dir={tmp_path}", "door.pyi", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert tool("ruff", "format", "--isolated", "--check", "door.pyi", cwd=tmp_path).returncode == 0


def test_to_stdout(modules: Path) -> None:
    [path] = [path for path in FILES if path.stem == "weather"]
    assert run("repc", str(path)).stdout == (modules / "weather.py").read_text(encoding="utf-8")
    stub = run("repc", str(path), "--stubs").stdout
    assert stub == (modules / "weather.pyi").read_text(encoding="utf-8")


def test_the_examples_module_is_current(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "phonebook"
    out = tmp_path / "phonebook_rep.py"
    done = run("repc", str(folder / "phonebook.rep"), "-o", str(out), "--stubs")
    assert done.returncode == 0, done.stderr
    for path in (out, out.with_suffix(".pyi")):
        assert path.read_text(encoding="utf-8") == (folder / path.name).read_text(encoding="utf-8")


def test_mistakes(tmp_path: Path) -> None:
    bad = tmp_path / "bad.rep"
    bad.write_text("class A\n{\n    PROP(int b WRITE)\n};\n")
    taken = tmp_path / "taken.rep"
    taken.write_text("class Good { };\nPOD lambda(int x)\n")
    binary = tmp_path / "binary.rep"
    binary.write_bytes(b"\xff\xfe\x00")
    for arguments, text in (
        ((str(bad),), "bad.rep:3:16: found 'WRITE', expected a modifier"),
        ((str(taken),), "taken.rep: a module cannot have 'lambda', a word of Python"),
        ((str(tmp_path / "none.rep"),), "none.rep: it cannot be read: No such file"),
        ((str(binary),), "binary.rep: it is no text in UTF-8"),
        ((str(bad), "-o", "x.txt"), "x.txt: the module's name ends with .py"),
    ):
        done = run("repc", *arguments)
        assert done.returncode == 2 and text in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    shown = run("repc", str(bad)).stderr.splitlines()
    assert shown[1:] == ["        PROP(int b WRITE)", "                   ^"]


USE = """
import lazy
import odd

def use(station: lazy.WeatherStation, other: odd.StubOdd) -> None:
    unit: lazy.Unit = station.unit
    station.pushUnit(17)
    station.pushUnit(unit)
    kinds: list[odd.StubOwner_Kind] = other.kinds
    mode: odd.StubMode__ = other.pod.mode
    word: str = odd.StubWord.No.value
    station.pushUnit("x")
    station.unit == 17
    station.trend == station.unit
    other.putMode("On")
    other.putWord(odd.StubWord.Yes.name)
"""


def oddInterface() -> Interface:
    """Enums of elsewhere whose names are taken, or that have keys which Python cannot have."""
    text = """
    ENUM StubMode { On, None, real }
    POD StubPod { StubMode mode, int StubMode_ }
    class StubOwner { ENUM Kind { A, B } FLAG(Kinds Kind) PROP(int a) }
    class StubOdd
    {
        ENUM StubMode { On, None, real }
        PROP(QList<StubOwner::Kind> kinds)
        PROP(StubOwner::Kinds both)
        PROP(StubPod pod)
        PROP(StubWord word)
        SLOT(void putMode(StubModeEnum::StubMode mode))
        SLOT(void putWord(StubWord word))
    };
    """
    words = {"Yes": 'ye"s', "No": "no", "Half": 0.5, "Both": True, "Nothing": None, "Many": (1,)}
    registerType(enum.Enum("StubWord", words, module=__name__), "StubWord")
    return interfaceOf(RepFile(text).source["StubOdd"])


def test_the_stub_of_a_living_object(modules: Path, tmp_path: Path, qapp: Any) -> None:
    with PeerProcess(weather, url=unique_local_url()) as host:
        done = run("stub", host.info["url"], "WeatherStation")
        out = tmp_path / "lazy.pyi"
        assert run("stub", host.info["url"], "lazy", "-o", str(out)).returncode == 0
        assert run("stub", host.info["url"], "nobody").returncode == 2
    assert done.returncode == 0 and done.stderr == ""
    text = done.stdout
    assert out.read_text(encoding="utf-8").splitlines()[1:] == text.splitlines()[1:]
    for line in (
        "class WeatherStation(QRemoteObjectReplica):",
        "    class Sensor(enum.IntEnum):",
        "        Barometer = 2",
        "    heated: bool",
        "    def temperature(self) -> float: ...",
        "    measured: SignalInstance",
        "    def reset(self, hard: bool = ...) -> QRemoteObjectPendingCall[None]: ...",
        "    def counts(self) -> QRemoteObjectPendingCall[dict[str, int]]: ...",
        "    last: Reading",
        "class Reading:",
        "    def at(self) -> int: ...",
        "class Unit(enum.Enum):",
        "    Kelvin = 17",
        "    unit: Unit",
        "    def trend(self) -> Trend: ...",
    ):
        assert line in text, line
    odd = tmp_path / "odd.pyi"
    odd.write_text(objectStub(oddInterface(), "Types."), encoding="utf-8")
    done = tool("ruff", "format", "--isolated", "--check", str(out), str(odd), cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    (tmp_path / "use.py").write_text(USE)
    cache = f"--cache-dir={tmp_path / 'cache'}"
    done = tool("mypy", "--strict", cache, "lazy.pyi", "odd.pyi", "use.py", cwd=tmp_path)
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    lines = [int(line.split(":")[1]) for line in errors if line.startswith("use.py:")]
    assert len(lines) == len(errors) and lines == list(range(12, 17)), done.stdout


@ClassInfo(**{"RemoteObject Persisted": "size"})
class Plain(QObject):
    """A class as people write them, with what .rep can say and what it cannot."""

    sizeChanged = Signal(int, arguments=["size"])
    changed = Signal()
    nameChanged = Signal(str)
    fired = Signal(int, str, arguments=["number", "text"])
    fancy = Signal(object)

    def _get(self) -> Any:
        return 0

    def _set(self, value: Any) -> None: ...

    size = Property(int, _get, _set, notify=sizeChanged)
    name = Property(str, _get, notify=nameChanged)
    weight = Property(float, _get, _set, notify=changed)
    kind = Property(str, _get, constant=True)
    anything = Property(object, _get)
    pushed = Property(str, _get, _set)

    @Slot(str)
    def pushPushed(self, pushed: str) -> None: ...

    @Slot(int, str, result=float)
    def weigh(self, count: int, text: str) -> float:
        return 0.0

    @Slot()
    def delete(self) -> None: ...


def test_the_rep_of_a_class(tmp_path: Path, qapp: Any) -> None:
    done = run("rep", f"{__name__}:Plain", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
// weight: its signal is changed(), in .rep it is weightChanged(double)
// anything: it has no signal, in .rep it has anythingChanged(QVariant)
// pushed: it has no signal, in .rep it has pushedChanged(QString)
// SLOT(void delete()) is left out: found 'delete', a keyword of C++, expected a name
class Plain
{
    PROP(int size READWRITE, PERSISTED)
    PROP(QString name READONLY)
    PROP(double weight READWRITE)
    PROP(QString kind CONSTANT)
    PROP(QVariant anything READONLY)
    PROP(QString pushed)
    SIGNAL(fired(int number, QString text))
    SIGNAL(fancy(QVariant))
    SLOT(double weigh(int count, QString text))
};
"""
    )
    made = interfaceOf(RepFile(done.stdout).source["Plain"])
    assert [slot.signature for slot in made.slots] == ["pushPushed(QString)", "weigh(int,QString)"]
    out = tmp_path / "plain.rep"
    assert run("rep", f"{__name__}:Plain", "-o", str(out), cwd=ROOT).returncode == 0
    assert out.read_text() == done.stdout


def test_rep_to_class_to_rep(modules: Path) -> None:
    done = run("rep", "weather:WeatherStationSource", cwd=modules)
    assert done.returncode == 0, done.stderr
    assert run("rep", "weather:WeatherStation", cwd=modules).stdout == done.stdout
    [path] = [path for path in FILES if path.stem == "weather"]
    before = RepFile(path.read_text(encoding="utf-8"))
    again = RepFile(done.stdout)
    source, other = before.source["WeatherStation"], again.source["WeatherStation"]
    assert interfaceOf(source) == interfaceOf(other)
    assert interfaceOf(source).defaults == interfaceOf(other).defaults
    assert again.pod == before.pod and again.enum == before.enum


def test_what_is_no_class(modules: Path) -> None:
    for name, text in (
        ("weather", "MODULE:CLASS is expected"),
        ("nowhere:A", "the module 'nowhere' cannot be imported"),
        ("weather:Nothing", "there is no class 'Nothing' in 'weather'"),
        ("weather:Reading", "weather:Reading is no QObject"),
    ):
        done = run("rep", name, cwd=modules)
        assert done.returncode == 2 and text in done.stderr


def test_help_lists_the_verbs() -> None:
    done = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True)
    for verb in ("repc", "stub", "rep"):
        assert f" {verb} " in done.stdout
