"""Hypothesis: any .rep file that is printed parses into the same again, however it is spaced."""

from __future__ import annotations

import random
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pyside_ro.repc.messages import CPP_WORDS
from pyside_ro.repc.parser import parse
from pyside_ro.repc.syntax import (
    Argument,
    Child,
    Class,
    Enum,
    File,
    Flag,
    Model,
    Modifier,
    Pod,
    Prop,
    Signal,
    Slot,
    TypeName,
    Value,
)

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name not in CPP_WORDS and name not in Modifier.__members__ and name != "PERSISTED"
)
scoped = st.lists(names, min_size=1, max_size=3).map("::".join)
builtins = st.sampled_from(["int", "bool", "unsigned int", "long long", "double", "float"])
plain = st.one_of(builtins, scoped).map(TypeName)
templates = st.recursive(
    plain,
    lambda inner: st.builds(TypeName, scoped, st.lists(inner, min_size=1, max_size=2).map(tuple)),
    max_leaves=4,
)
decorated = st.builds(
    lambda t, const, suffix: TypeName(t.name, t.arguments, const, suffix),
    templates,
    st.booleans(),
    st.sampled_from(["", "&", "*", "*&"]),
)
numbers = st.one_of(st.integers(-(2**40), 2**40).map(str), st.sampled_from(["1.5", "-2.", "1e5"]))
texts = st.text(st.characters(exclude_categories=["C"], exclude_characters='"\\'), max_size=9)
leaves = st.one_of(
    numbers.map(lambda text: Value("number", text)),
    texts.map(lambda text: Value("string", f'"{text}"')),
    scoped.map(lambda name: Value("named", name)),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Value("list", items=tuple(items))),
        st.builds(
            lambda name, items: Value("named", name, tuple(items)),
            scoped,
            st.lists(inner, max_size=2),
        ),
    ),
    max_leaves=4,
)
flagged = st.lists(scoped, min_size=2, max_size=3).map(
    lambda keys: Value("flags", items=tuple(Value("named", key) for key in keys))
)
defaults = st.none() | values | flagged


def several(of: Any, most: int = 3) -> Any:
    return st.lists(of, max_size=most).map(tuple)


keys = st.lists(st.tuples(names, st.integers(-(2**31), 2**31)), min_size=1, max_size=4).map(tuple)
enums = st.builds(Enum, names, keys, st.booleans(), st.none() | builtins.map(TypeName))
flags = st.builds(Flag, names, names)
props = st.builds(Prop, decorated, names, defaults, st.sampled_from(Modifier), st.booleans())
models = st.builds(Model, names, several(names))
children = st.builds(Child, names, plain)
named = st.builds(Argument, decorated, names, defaults)
arguments = several(st.one_of(named, st.builds(Argument, decorated)))
signals = st.builds(Signal, names, arguments)
results = st.none() | decorated.filter(lambda t: t.name != "void")
slots = st.builds(Slot, names, arguments, results)
attributes = st.just("") | names
classes = st.builds(
    Class,
    names,
    several(st.one_of(props, models, children)),
    several(signals),
    several(slots),
    several(enums, 2),
    several(flags, 2),
    attributes,
)
fields = several(st.builds(Argument, decorated, names))
pods = st.builds(Pod, names, fields, several(enums, 2), several(flags, 2), attributes)
lines = st.sampled_from(["#include <QtCore>", '#include "a.h"', "#define A 1"])
around = st.sampled_from(["namespace A {", "}", "   indented", ""])
files = st.builds(
    File,
    several(classes, 2),
    several(pods, 2),
    several(enums, 2),
    several(flags, 2),
    several(scoped, 2),
    several(lines, 2),
    several(around, 2),
    several(around, 2),
)


@settings(max_examples=25, deadline=None)
@given(files)
def test_what_is_printed_parses_into_the_same(file: File) -> None:
    assert parse(str(file)) == file


@settings(max_examples=25, deadline=None)
@given(st.builds(File, several(classes, 2), several(pods, 2)), st.randoms(use_true_random=False))
def test_space_and_comments_do_not_matter(file: File, chance: random.Random) -> None:
    between = [" ", "\n", "\t", "\r\n", ' // a } ) " comment\n', "/* { ( */", "/**/ /* * */ "]

    def spaced(match: re.Match[str]) -> str:
        token = match.group()
        if token.startswith('"'):
            return token
        return f"{chance.choice(between)}{token}{chance.choice(between)}"

    text = re.sub(r'"[^"\n]*"|[(){},;<>=&*|]', spaced, str(file))
    assert parse(text) == file


@settings(max_examples=25, deadline=None)
@given(files, st.integers(0, 10_000), st.sampled_from('(){};,<>="#/*x \n'))
def test_a_changed_character_gives_a_file_or_a_rep_error(file: File, at: int, char: str) -> None:
    from pyside_ro import RepError

    text = str(file)
    at %= len(text)
    changed = text[:at] + char + text[at + 1 :]
    try:
        parse(changed)
    except RepError as error:
        assert 1 <= error.line <= changed.count("\n") + 1
