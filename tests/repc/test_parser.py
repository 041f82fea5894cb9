"""The language: what parses, into what, and what is said of what does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyside_ro import RepError
from pyside_ro.repc.parser import MAX_LENGTH, parse
from pyside_ro.repc.syntax import Child, File, Model, Modifier, Prop, TypeName

FILES = sorted((Path(__file__).parent / "files").glob("*.rep"))


def read(name: str) -> File:
    [path] = [path for path in FILES if path.stem == name]
    return parse(path.read_bytes().decode(), path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_parse_and_print_and_parse_alike(path: Path) -> None:
    file = parse(path.read_bytes().decode(), path.name)
    assert parse(str(file)) == file


def prop(text: str) -> Prop:
    [found] = parse(f"class A\n{{\n    {text}\n}}").classes[0].props
    return found


@pytest.mark.parametrize(
    ("words", "modifier", "persisted"),
    [
        ("", Modifier.READPUSH, False),
        ("CONSTANT", Modifier.CONSTANT, False),
        ("READONLY", Modifier.READONLY, False),
        ("READPUSH", Modifier.READPUSH, False),
        ("READWRITE", Modifier.READWRITE, False),
        ("SOURCEONLYSETTER", Modifier.SOURCEONLYSETTER, False),
        ("PERSISTED", Modifier.READPUSH, True),
        ("CONSTANT, PERSISTED", Modifier.CONSTANT, True),
        ("READONLY,PERSISTED", Modifier.READONLY, True),
        ("READPUSH, PERSISTED", Modifier.READPUSH, True),
        ("PERSISTED , READWRITE", Modifier.READWRITE, True),
        ("SOURCEONLYSETTER PERSISTED", Modifier.SOURCEONLYSETTER, True),
        ("READONLY, CONSTANT, PERSISTED", Modifier.CONSTANT, True),
    ],
)
@pytest.mark.parametrize("default", ["", " = 5", "=5"])
def test_modifiers(words: str, modifier: Modifier, persisted: bool, default: str) -> None:
    found = prop(f'PROP ( int  a{default} {words} ) // a comment, with ) and "')
    assert (found.name, found.type) == ("a", TypeName("int"))
    assert (found.modifier, found.persisted) == (modifier, persisted)
    assert (str(found.default) if found.default else "") == ("5" if default else "")


@pytest.mark.parametrize(
    "text",
    [
        '"Hello   World"',
        '"a \\"quoted\\" // word"',
        "-1.",
        "1.5f",
        "0xFF",
        "true",
        "Qt::ISODate",
        "NS::Kind::First | NS::Kind::Second",
        "QPoint(1, -2)",
        '{"a", "b"}',
        'QString("x")',
        "'c'",
    ],
)
def test_defaults_are_kept_as_written(text: str) -> None:
    assert str(prop(f"PROP(QVariant a = {text} READONLY)").default) == text


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("unsigned  int", "unsigned int"),
        ("QMap<QString , QList<int>>", "QMap<QString, QList<int>>"),
        ("const QList< QMap<int,NS::Kind > > &", "const QList<QMap<int, NS::Kind>> &"),
        ("NS::Outer<int>::Inner", "NS::Outer<int>::Inner"),
        ("std::array<int, 3>", "std::array<int, 3>"),
        ("QObject *", "QObject *"),
    ],
)
def test_types(text: str, type_: str) -> None:
    [slot] = parse(f"class A {{ SLOT({text} b({text}, {text} c)) }}").classes[0].slots
    assert str(slot.result) == type_
    assert [str(argument) for argument in slot.arguments] == [type_, f"{type_} c"]


def test_a_whole_file() -> None:
    file = read("weather")
    assert file.directives == ("#include <QtCore>", '#include "units.h"', "#define STATION 1")
    assert [(e.name, e.scoped, e.keys) for e in file.enums] == [
        ("Unit", False, (("Celsius", 0), ("Fahrenheit", 16), ("Kelvin", 17))),
        ("Trend", True, (("Falling", -1), ("Steady", 0), ("Rising", 1))),
    ]
    assert str(file.enums[1].type) == "signed char"
    assert [str(pod) for pod in file.pods] == [
        "POD Reading(double value, qint64 at, QString place)",
        "POD Extremes(Reading lowest, Reading highest)",
    ]
    [cls] = file.classes
    assert (cls.name, cls.attribute) == ("WeatherStation", "STATION_EXPORT")
    assert [p.name for p in cls.props if p.persisted] == ["unit", "trend", "note"]
    assert [str(signal) for signal in cls.signals] == [
        "SIGNAL(measured(Reading reading))",
        "SIGNAL(alarm(const QString & text, int level))",
        "SIGNAL(idle())",
    ]
    assert [str(slot) for slot in cls.slots] == [
        "SLOT(void calibrate())",
        "SLOT(void reset(bool hard = false))",
        "SLOT(Extremes extremes(const QList<Reading> &, Sensor sensor, int count = 10))",
        "SLOT(QMap<QString, int> counts())",
    ]


def test_models_children_and_the_lines_around() -> None:
    file = read("library")
    assert (file.header, file.footer) == (("namespace Books {",), ("} // Books",))
    assert file.uses == ("Qt::DayOfWeek", "Books::Shelf")
    [pod] = file.pods
    assert [field.name for field in pod.fields] == ["title", "bindings", "authors"]
    assert (pod.enums[0].name, pod.flags[0].name) == ("Binding", "Bindings")
    library = file.classes[1]
    assert library.properties[0] == Model("books", ("display", "decoration", "title"))
    assert library.properties[1] == Child("librarian", TypeName("LibraryMember"))
    assert library.props[0].type.isPointer


BAD = {
    "no name": ("POD (int foo)", "1:5: found '(', expected a name"),
    "open": ("POD foo(int foo\n", "2:1: found the end of the file, expected ')' or ','"),
    "pod in class": ("class A\n{\n  POD b(int c)\n}", "3:3: POD can only stand outside"),
    "class without name": ("class\n{\n}", "2:1: found '{', expected a name"),
    "nested class": ("class A\n{\nclass B\n}", "3:1: a class cannot stand in a class"),
    "prop outside": ("PROP(int foo)", "1:1: PROP can only stand in a class"),
    "slot outside": ("\n\n SLOT(void foo())", "3:2: SLOT can only stand in a class"),
    "model outside": ("MODEL foo(a)", "1:1: MODEL can only stand in a class"),
    "directive inside": ("class A\n{\n#define B\n}", "3:1: a directive can only stand outside"),
    "modifier": ("class A { PROP(int b WRITEONLY) }", "1:22: found 'WRITEONLY', expected a mod"),
    "modifiers": (
        "class A { PROP(int b READWRITE, READONLY) }",
        "1:33: found READWRITE and READONLY, expected one of the modifiers",
    ),
    "empty prop": ("class A { PROP() }", "1:16: found ')', expected a type"),
    "empty signal": ("class A { SIGNAL() }", "1:18: found ')', expected a name"),
    "void signal": ("class A { SIGNAL(void b()) }", "1:23: found 'b', expected '('"),
    "keyword": ("class A { PROP(int class) }", "1:20: found 'class', a keyword of C++, expected"),
    "modifier as name": ("class A { PROP(int READONLY) }", "1:20: found 'READONLY', a word of"),
    "type as name": ("class int {}", "1:7: found 'int', a keyword of C++, expected a name"),
    "keyword as key": ("ENUM A { one, new }", "1:15: found 'new', a keyword of C++"),
    "no such type": ("class A { PROP(short double b) }", "1:22: found 'short double', which is"),
    "comment": ("class A { /* never", "1:11: a comment begins here that is never closed"),
    "text": ('class A { PROP(QString b = "c)\n}', "1:28: a text begins here that is not closed"),
    "enum": ("ENUM A {}", "1:6: ENUM A has no keys"),
    "enum's value": ("ENUM A {B = x}", "1:13: found 'x', expected a number"),
    "no default": ("class A { PROP(int b = ) }", "1:24: found ')', expected a value, '[' or '{'"),
    "no .rep at all": ("/etc/hosts", "1:1: found '/', expected a directive"),
    "strange": ("class A§ {}", "1:8: found '§', expected a name or '{'"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(RepError, match=re.escape(f"bad.rep:{message}")) as caught:
        parse(text, "bad.rep")
    shown = str(caught.value).split("\n")
    error = caught.value
    if error.sourceLine:
        assert shown[1] == f"    {error.sourceLine}"
        assert shown[2].index("^") == error.column + 3


def test_the_caret_stands_under_the_mistake() -> None:
    with pytest.raises(RepError) as caught:
        parse("class A\n{\n\tPROP(int b WRITE)\n}")
    assert str(caught.value) == (
        "line 3, column 13: found 'WRITE', expected a modifier (READONLY, …), ')' or '='\n"
        "    \tPROP(int b WRITE)\n"
        "    \t           ^"
    )
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, RuntimeError)


@pytest.mark.parametrize("depth", [1_000, 10_000])
def test_deep_nesting(depth: int) -> None:
    for text in (
        f"class A {{ PROP({'QList<' * depth}int{'>' * depth} b) }}",
        f"class A {{ SLOT({'QList<' * depth}int{'>' * depth} b()) }}",
        f"POD A({'QList<' * depth}int{'>' * depth} b)",
    ):
        with pytest.raises(RepError, match="templates are nested deeper than 32"):
            parse(text)
    with pytest.raises(RepError, match="the default is nested deeper than 32"):
        parse(f"class A {{ PROP(QVariant b = {'{' * depth}{'}' * depth}) }}")
    parse(f"class A {{ PROP({'QList<' * 30}int{'>' * 30} b) }}")


def test_size() -> None:
    with pytest.raises(RepError, match="huge.rep: 10,000,000 characters; a .rep file may have"):
        parse("x" * 10_000_000, "huge.rep")
    text = "class A\n{\n" + "    PROP(int b = 3 READONLY)\n" * 3000 + "    PROP(int)\n}"
    assert len(text) < MAX_LENGTH
    with pytest.raises(RepError, match=r"line 3003, column 13: found '\)', expected a name"):
        parse(text)
