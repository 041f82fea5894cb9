"""The modules that repc writes: their classes are those that RepFile makes of the same text."""

from __future__ import annotations

import ast
import itertools
import os
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from pyside_ro import RepError, RepFile, interfaceOf, registerType
from pyside_ro.repc.describing import repOfClass
from pyside_ro.repc.modules import moduleText
from pyside_ro.repc.parser import parseType
from pyside_ro.repc.stubs import repStub
from pyside_ro.repc.syntax import File, TypeName
from pyside_ro.repc.typenames import readType
from tests.helpers import ROOT
from tests.repc.generated import PREFIX, usable
from tests.repc.test_printing import decorated

_numbers = itertools.count()


def fresh() -> tuple[str, str]:
    """Two beginnings of names that nobody has, of one length: for a file and for its module."""
    number = next(_numbers)
    return f"Ga{number:05d}", f"Gb{number:05d}"


def executed(text: str, name: str) -> Any:
    module = types.ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
    return module


def plain(value: Any) -> Any:
    """A value in which equal sets look alike."""
    if isinstance(value, set):
        return sorted(map(repr, value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(plain, value)]
    return value


def classInfos(cls: Any) -> dict[str, str]:
    meta = cls.staticMetaObject
    infos = [meta.classInfo(index) for index in range(meta.classInfoCount())]
    return {info.name(): info.value() for info in infos}


#: What a class statement leaves on a class, and RepFile does not.
STATEMENT = {"__annotations__", "__annotate__", "__annotate_func__", "_ro_isRoot"}


class Same:
    """Compares a module's classes with a RepFile's, that has other names."""

    def __init__(self, mine: str, theirs: str) -> None:
        self.mine, self.theirs = mine, theirs

    def __call__(self, value: Any, other: Any) -> None:
        assert repr(plain(value)).replace(self.theirs, self.mine) == repr(plain(other))

    def members(self, cls: Any, other: Any) -> None:
        mine = {name.replace(self.theirs, self.mine) for name in dir(cls)}
        assert mine ^ set(dir(other)) <= STATEMENT

    def module(self, module: Any, rep: RepFile) -> None:
        for name, source in rep.source.items():
            made = getattr(module, f"{name.replace(self.mine, self.theirs)}Source")
            replica = getattr(module, name.replace(self.mine, self.theirs))
            self(made.__name__, source.__name__)
            self(replica.__name__, rep.replica[name].__name__)
            self(interfaceOf(made).toWire(), interfaceOf(source).toWire())
            self(interfaceOf(made).defaults, interfaceOf(source).defaults)
            self(interfaceOf(replica).toWire(), interfaceOf(source).toWire())
            self(classInfos(made), classInfos(source))
            self(sorted(replica._ro_readOnly), sorted(rep.replica[name]._ro_readOnly))
            self.members(made, source)
            self.members(replica, rep.replica[name])
            one, other = made(), source()
            for prop in interfaceOf(source).properties:
                mine = prop.name.replace(self.mine, self.theirs)
                self(getattr(one, mine), getattr(other, prop.name))
                self.refusal(one, mine, other, prop.name)
        for name, pod in rep.pod.items():
            made = getattr(module, name.replace(self.mine, self.theirs))
            self(made._ro_empty(), pod._ro_empty())
            self([kind.name for kind in made._ro_kinds], [kind.name for kind in pod._ro_kinds])
            self.members(made, pod)
            for arguments in ((), (QObject,) * len(made._fields), (1,) * 9):
                self(outcome(made, *arguments), outcome(pod, *arguments))
        for name, found in rep.enum.items():
            self(
                dict(getattr(module, name.replace(self.mine, self.theirs)).__members__),
                dict(found.__members__),
            )

    def refusal(self, one: Any, name: str, other: Any, theirName: str) -> None:
        """Both take, or refuse, what is set in the same words."""
        for value in (1, "x", QObject):
            self(outcome(setattr, one, name, value), outcome(setattr, other, theirName, value))


def outcome(function: Any, *arguments: Any) -> str:
    try:
        return repr(plain(function(*arguments)))
    except Exception as error:
        return f"{type(error).__name__}: {error}".split(" object at ")[0]


def rep_of(file: File, name: str) -> tuple[str, RepFile]:
    text = str(file).replace(PREFIX, name)
    try:
        return text, RepFile(text)
    except RepError as error:  # two overloads alike
        assume("declared twice" not in error.message)
        raise


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the modules that the tests make are looked at by ruff, all at once."""
    folder = tmp_path_factory.mktemp("modules")
    yield folder
    rules = ["--select", "E4,E7,E9,F,I,UP,B", "--exclude", "*.pyi"]
    for arguments in (["format", "--check"], ["check", *rules]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--isolated", "."],
            capture_output=True,
            text=True,
            cwd=folder,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(file=usable())
def test_the_classes_of_any_file(qapp: Any, written: Path, file: File) -> None:
    mine, theirs = fresh()
    text, rep = rep_of(file, mine)
    module = moduleText(rep, text, "any.rep")
    (written / f"{mine}.py").write_text(module, encoding="utf-8")
    (written / f"{mine}.pyi").write_text(repStub(rep, "Types."), encoding="utf-8")
    made = executed(module.replace(mine, theirs), theirs)
    Same(mine, theirs).module(made, rep)
    # And the way back: .rep text of the module's class, of which comes the same module.
    [(name, source)] = rep.source.items()
    cls = getattr(made, f"{name}Source".replace(mine, theirs))
    back = repOfClass(cls).replace(theirs, mine)
    again = RepFile(back)
    assert interfaceOf(again.source[name]) == interfaceOf(source)
    assert interfaceOf(again.source[name]).signature == interfaceOf(source).signature
    assert moduleText(again, back, "any.rep") == module


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(file=usable(2))
def test_classes_that_use_each_other(qapp: Any, written: Path, file: File) -> None:
    mine, theirs = fresh()
    text, rep = rep_of(file, mine)
    module = moduleText(rep, text, "any.rep")
    (written / f"{mine}.py").write_text(module, encoding="utf-8")
    (written / f"{mine}.pyi").write_text(repStub(rep, "Types."), encoding="utf-8")
    Same(mine, theirs).module(executed(module.replace(mine, theirs), theirs), rep)


def test_a_module_and_a_file_in_one_process(qapp: Any) -> None:
    text = """
    ENUM TogetherKind { A, B }
    POD TogetherPod(TogetherKind kind, TogetherThing::Mode mode)
    class TogetherThing { ENUM Mode { On, Off } FLAG(Modes Mode) PROP(TogetherPod p) PROP(Modes m) }
    """
    rep = RepFile(text)
    module = executed(moduleText(rep, text, "together.rep"), "together")
    source = rep.source["TogetherThing"]
    assert module.TogetherKind is rep.enum["TogetherKind"]
    assert module.TogetherPod is rep.pod["TogetherPod"]
    assert module.TogetherThingSource.Mode is source.Mode is module.TogetherThing.Mode
    assert interfaceOf(module.TogetherThingSource) == interfaceOf(source)
    other = moduleText(rep, text, "together.rep").replace("B = 1", "B = 2")
    with pytest.raises(RepError, match="another .rep file of this process declares 'TogetherKind'"):
        executed(other, "together_other")


def test_comments_are_kept(qapp: Any) -> None:
    text = """\
    // a licence

    // What a commented thing is.
    class CommentedThing
    {
        PROP(QString url = "http://a") /* nor that */ // the address
        // noqa: a tool's word
        SIGNAL(left()) SIGNAL(right()) // of which one
        // before it goes
        // for good
        SLOT(void stop())
    };
    """
    module = moduleText(RepFile(text), text, "commented.rep")
    assert "# What a commented thing is.\nclass CommentedThingSource(rep.Source):" in module
    assert "    # the address\n    url: str = rep.Property(" in module
    assert "    # before it goes\n    # for good\n    @rep.Slot()\n    def stop(" in module
    for gone in ("licence", "nor that", "noqa", "of which one"):
        assert gone not in module
    executed(module, "commented")


def test_comments_of_fields_are_kept(qapp: Any, written: Path) -> None:
    text = """\
    // one line
    POD CommentedOne(int a, int b) // about both
    POD CommentedTwo(int a, // the first
                     // not the first
                     int b, // the second
                     int c, int d, // of which one
                     int e) // the last
    // braces
    POD CommentedThree { // the record
        ENUM Kind { A, B } // its kinds
        // noqa: a tool's word
        // what kind
        // it is
        Kind kind,
        QString text; // its text

        QString from
        // behind it
    }
    """
    module = moduleText(RepFile(text), text, "commented.rep")
    for there in (
        "# one line\n# about both\nclass CommentedOne(rep.Pod):",
        '    """A record of commented.rep."""\n\n    a: int = rep.Field("int")\n    b: int',
        "\n\n\nclass CommentedTwo(rep.Pod):",
        '\n\n    # the first\n    a: int = rep.Field("int")\n    # not the first\n    # the second',
        '    # not the first\n    # the second\n    b: int = rep.Field("int")\n    c: int',
        '    d: int = rep.Field("int")\n    # the last\n    e: int',
        "# braces\n# the record\nclass CommentedThree(rep.Pod):",
        "    # its kinds\n    class Kind(enum.IntEnum):\n",
        "\n\n    # what kind\n    # it is\n    kind: Kind",
        "    # its text\n    text: str = ",
        ' = rep.Field("QString")\n    from_: str',
    ):
        assert there in module, there
    for gone in ("of which one", "noqa", "behind it"):
        assert gone not in module
    (written / "commented.py").write_text(module, encoding="utf-8")
    executed(module, "commented_fields")


def test_long_names(qapp: Any, written: Path) -> None:
    """Annotations and keys that ruff would break within their brackets."""
    most = "its_name_is_much_longer_than_anybody_would_ever_write_by_hand"
    text = f"""
    POD LongPod(int n)
    class LongThing {{
        ENUM Mode {{ None, True }}
        SLOT(void a(QMap<QString, QMap<QString, int>> {most}))
        SLOT(void b(QMap<QString, QMap<QString, int>> {most} = {{}}))
        SLOT(void c(Mode {most} = None))
        SLOT(void d(QMap<QString, QMap<QString, int>> {most[:20]} = {{}}))
        PROP(Mode {most[:45]} = None)
        ENUM Part {{ Wings = 1, Wheels = 2, Engines = 4 }}
        FLAG(Parts Part)
        SLOT(void e(Parts {most} = Wings | Wheels | Engines))
        SLOT(void f(QMap<QString, int> {most[:40]} = {{}}, Parts g = Wings | Engines))
    }}
    """
    rep = RepFile(text)
    module = moduleText(rep, text, "long.rep")
    (written / "long.py").write_text(module, encoding="utf-8")
    assert f"        {most}: Any = {{}},\n" in module
    assert f"{most[:20]}: dict[str, dict[str, int]] = {{}}" in module
    assert '["None"' in module
    made = executed(module, "modules_long")
    assert interfaceOf(made.LongThingSource) == interfaceOf(rep.source["LongThing"])


def test_types_of_others(qapp: Any) -> None:
    registerType(type("ModulesOwn", (tuple,), {"_fields": (), "_field_defaults": {}}))
    text = """
    USE_ENUM(Foreign::Mode)
    class ModulesForeign
    {
        PROP(ModulesOwn own) PROP(Foreign::Mode mode = 3) PROP(Qt::DayOfWeek day = Qt::Friday)
        PROP(QColor a = QColor(255, 0, 0, 5)) PROP(QColor b = "blue")
        PROP(QMargins c = QMargins(1, 2, 3, 4))
        SLOT(void f(QFont font = {}, double most = 1e999))
    }
    """
    rep = RepFile(text)
    module = moduleText(rep, text, "foreign.rep")
    assert '    own: Any = rep.Property("ModulesOwn")' in module
    made = executed(module, "modules_foreign")
    assert interfaceOf(made.ModulesForeignSource) == interfaceOf(rep.source["ModulesForeign"])
    source = made.ModulesForeignSource()
    assert source.mode == 3 and source.a == QColor(255, 0, 0, 5) and source.b == QColor("blue")
    assert source.c == rep.source["ModulesForeign"]().c
    # What a value of these classes is made of, nothing tells.
    with pytest.raises(RepError, match=r"ModulesForeign.c: nothing tells what <PySide6.Qt"):
        repOfClass(made.ModulesForeignSource)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class Twice {}\nclass TwiceSource {}", "a module cannot have 'TwiceSource' twice"),
        ("class Worded { ENUM lambda { A } }", "a module cannot have 'lambda', a word of Python"),
    ],
)
def test_what_no_module_can_have(text: str, message: str) -> None:
    with pytest.raises(RepError, match=message):
        moduleText(RepFile(text), text, "bad.rep")


@given(decorated)
@settings(max_examples=50, deadline=None)
def test_names_of_types_are_read_as_the_parser_reads_them(type_: TypeName) -> None:
    assert readType(str(type_)) == type_ == parseType(str(type_))
    assert readType(str(type_)).depth == parseType(str(type_)).depth


@pytest.mark.parametrize(
    "text", ["", "int int<", "a b", "QList<>", "QList<int", "1", "a::", "x-y", "*"]
)
def test_what_is_no_type(text: str) -> None:
    with pytest.raises(RepError, match="is no name of a C.. type"):
        readType(text)
    with pytest.raises(RepError, match="nested deeper"):
        readType("A<" * 5000)


def test_the_parser_is_not_loaded() -> None:
    code = (
        "import sys, phonebook_rep as made\n"
        "made.PhoneBookSource().order, made.Entry('a', 'b', 1)\n"
        "print([name for name in ('lark', 'pyside_ro.repc.parser') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'examples' / 'phonebook'}"},
        check=True,
    )
    assert ast.literal_eval(done.stdout) == []
