"""A Python module of a .rep file: the text that `pyside-ro repc` writes.

The module declares what the file does in class statements (`pyside_ro.rep`), and needs neither
the file nor its parser.
"""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from .classes import argumentNames, byName, heldClass
from .comments import Comments
from .expressions import emptyExpression, expression
from .kinds import Kind
from .layout import WIDTH, Group, Node, call, laid, lead, pythonText, width
from .naming import Names
from .repfile import RepFile
from .syntax import Argument, Class, Enum, Flag, Model, Modifier, Pod, Prop, Signal, Slot

__all__ = ["moduleText"]

#: What an editor shows of a longer annotation says nothing.
_LONG = 60


def moduleText(rep: RepFile, text: str, name: str) -> str:
    """The module for the .rep file `name`, whose content is `text` and whose classes are `rep`.

    Raises RepError for what no module can have.
    """
    return _Module(rep, text, name).text()


class _Module:
    """Writes a module: enums, records and classes in the order in which they need each other."""

    def __init__(self, rep: RepFile, text: str, name: str) -> None:
        self.rep = rep
        self.file = rep._file
        self.name = name
        self.names = Names(rep, name)
        self.blocks: list[list[str]] = []
        self.classes = self.names.classes
        self.comments = Comments(text)
        items: list[Any] = [*self.file.enumerations, *self.file.pods, *self.classes]
        for pod in self.file.pods:
            items += [*pod.enumerations, *_apart(pod)]
        for cls in self.classes:
            items += [*cls.enumerations, *cls.properties, *cls.signals, *cls.slots]
        #: How many declarations each line has.
        self.lines = Counter(item.line for item in items)

    def text(self) -> str:
        """The whole module."""
        for item in self.file.enumerations:
            self.blocks.append(self.enum(item, self.rep.enum[item.name]))
        for cls, (owner, item) in self.names.ahead.items():
            self.blocks.append(self.enum(item, cls, of=owner))
        for pod in self.file.pods:
            self.blocks.append(self.pod(pod))
        for declared in self.classes:
            self.blocks.append(self.source(declared))
            self.blocks.append(self.replica(declared))
        uses = [f"{self.names.ro}.useEnum({pythonText(use)})" for use in self.file.uses]
        exported = [f'    "{name}",' for name in sorted(self.names.exported)]
        doc = f'"""The classes of {self.title()}, made by `pyside-ro repc`: change that file, not'
        doc += ' this one."""'
        codes = ", ".join(sorted(self.names.ignored))
        head = [f"# ruff: noqa: {codes}"] if codes else []
        top = [
            [*head, doc],
            ["from __future__ import annotations"] if self.blocks else [],
            *self.names.imports(),
            ["__all__ = [", *exported, "]"] if exported else ["__all__: list[str] = []"],
            uses,
        ]
        blocks = ["\n".join(block) for block in self.blocks]
        return "\n\n\n".join(["\n\n".join("\n".join(b) for b in top if b), *blocks]) + "\n"

    def about(self, item: Any, depth: int = 0) -> list[str]:
        """The comments of a declaration; none where its line has several."""
        if self.lines[item.line] != 1:
            return []
        words = self.comments.above(item.line)
        if not (isinstance(item, Pod) and _firstField(item)):
            words += self.comments.beside(item.line)
        return _commented(words, depth)

    def aboutField(self, field: Argument, pod: Pod) -> list[str]:
        """The comments of a record's field."""
        if field is _firstField(pod):
            return _commented(self.comments.beside(field.line), 1)
        return self.about(field, 1) if field.line != pod.line else []

    # Enums

    def enum(
        self, item: Enum | Flag, cls: Any, depth: int = 0, of: Class | None = None
    ) -> list[str]:
        """The statement of an enum; `of` is its class where it comes before that."""
        name = f"_{of.name}_{item.name}" if of is not None else item.name
        options: dict[str, Node] = {}
        if isinstance(item, Enum):
            options |= {"scoped": "True"} if item.scoped else {}
            options |= {"type": pythonText(str(item.type))} if item.type is not None else {}
        if of is not None:
            options |= {"of": pythonText(of.name), "name": pythonText(item.name)}
        decorator = f"{self.names.ro}.Enum" if options or depth == 0 else ""
        base = f"{self.names.module('enum')}.Int{'Flag' if isinstance(item, Flag) else 'Enum'}"
        keys = [(key, str(int(value))) for key, value in cls.__members__.items()]
        lines = self.about(item, depth)
        if any(keyword.iskeyword(key) for key, _ in keys):
            pairs = Group("{", tuple((f"{pythonText(k)}: ", v) for k, v in keys), "}")
            where: dict[str, Node] = {}
            if depth:
                where["qualname"] = pythonText(f"{self.names.statement}.{item.name}")
            made: Node = call(base, pythonText(item.name), pairs, **where)
            if decorator:
                made = call(decorator, made, **options)
            return lines + laid(f"{name} = ", made, "", depth)
        if decorator:
            node: Node = call(decorator, **options) if options else decorator
            lines += laid("@", node, "", depth)
        self.names.note(name, "E742")
        lines.append(f"{'    ' * depth}class {name}({base}):")
        for key, value in keys:
            self.names.note(key, "E741")
            lines.append(f"{'    ' * (depth + 1)}{key} = {value}")
        return lines

    def enums(self, cls: Pod | Class, made: Any) -> list[list[str]]:
        """The enums in a class's body."""
        found = []
        for item in cls.enumerations:
            python = made.get_enum(item.name)
            if python in self.names.ahead:
                found.append([f"    {item.name} = _{cls.name}_{item.name}"])
            else:
                found.append(self.enum(item, python, 1))
        return found

    # Records

    def pod(self, pod: Pod) -> list[str]:
        made: Any = self.rep.pod[pod.name]
        fields = [field.name for field in pod.fields]
        self.names.enter(pod.name, made, fields, made._ro_kinds)
        groups = [[f'    """A record of {self.title()}."""'], *self.enums(pod, made)]
        lines = []
        for field, kind in zip(pod.fields, made._ro_kinds, strict=True):
            attribute = self.names.attribute(field.name)
            node = call(f"{self.names.ro}.Field", pythonText(str(field.type)))
            lines += self.aboutField(field, pod)
            lines += self.declared(attribute, kind, node, field.name)
        return self.statement(pod, f"class {pod.name}(", [f"{self.names.ro}.Pod"], [*groups, lines])

    def title(self) -> str:
        return self.name.replace("\\", "/").replace('"', "'")

    def statement(
        self, item: Any, head: str, bases: Sequence[str], groups: Iterable[list[str]]
    ) -> list[str]:
        """A class statement, with a blank line between the groups of its body."""
        node = Group(head, tuple(("", base) for base in bases), ")")
        body = [line for group in groups if group for line in ("", *group)]
        return [*self.about(item), *laid("", node, ":"), *body[1:]]

    def declared(self, attribute: str, type_: Kind | str, node: Group, name: str) -> list[str]:
        """A declaration, of a type or of what holds an object of one of Qt's classes.

        It says its own name where its attribute has another.
        """
        room = WIDTH - len(f"    {attribute}:  = {node.open}")
        if isinstance(type_, str):
            fits = len(f"_{type_} | None") <= room
            held = f"{self.names.uses('PySide6.QtCore', type_)} | None" if fits else ""
            annotation = held or self.names.any()
        else:
            annotation = self.names.annotation(type_, min(room, _LONG))
        if attribute != name:
            node = Group(node.open, (*node.items, ("name=", pythonText(name))), node.close)
        return laid(f"{attribute}: {annotation} = ", node, "", 1)

    def annotation(self, kind: Kind) -> str:
        """What Python calls a type, where it is written now."""
        return self.names.annotation(kind, _LONG)

    # Classes

    def source(self, cls: Class) -> list[str]:
        made: Any = self.rep.source[cls.name]
        ro = self.names.ro
        members = [item.name for item in (*cls.properties, *cls.signals, *cls.slots)]
        kinds = [self.kind(type_, cls) for type_ in cls.types]
        self.names.enter(made.__name__, made, members, kinds)
        properties: list[str] = []
        for item in cls.properties:
            properties += self.about(item, 1)
            if isinstance(item, Prop):
                properties += self.property(item, cls)
            else:
                if isinstance(item, Model):
                    node = call(f"{ro}.Model", *map(pythonText, item.roles))
                else:
                    node = call(f"{ro}.Child", pythonText(str(item.type)))
                attribute = self.names.attribute(item.name)
                properties += self.declared(attribute, heldClass(item).__name__, node, item.name)
        signals: list[str] = []
        for overloads in byName(cls.signals).values():
            signals += self.signal(overloads)
        slots = [self.slot(overloads, cls) for overloads in byName(cls.slots).values()]
        doc = f'    """A source of {cls.name}: override its slots."""'
        groups = [[doc], *self.enums(cls, made), properties, signals, *slots]
        return self.statement(cls, f"class {made.__name__}(", [f"{ro}.Source"], groups)

    def kind(self, type_: Any, cls: Class) -> Kind:
        return self.rep._scope.kind(type_, cls.name)

    def property(self, item: Prop, cls: Class) -> list[str]:
        kind = self.kind(item.type, cls)
        ro = self.names.ro
        given: list[Node] = [pythonText(str(item.type))]
        if item.modifier is not Modifier.READPUSH:
            given.append(f"{ro}.{item.modifier.value}")
        named: dict[str, Node] = {}
        if item.default is not None:
            default = expression(item.default, kind, self.names.called)
            if default is not None:
                named["default"] = default
        if item.persisted:
            named["persisted"] = "True"
        attribute = self.names.attribute(item.name)
        node = call(f"{ro}.Property", *given, **named)
        return self.declared(attribute, kind, node, item.name)

    def signal(self, overloads: list[Signal]) -> list[str]:
        name = overloads[0].name
        attribute = self.names.attribute(name)
        items: list[tuple[str, Node]] = [("", pythonText(name))] if attribute != name else []
        forms = [
            [*zip(argumentNames(signal.arguments), signal.arguments, strict=True)]
            for signal in overloads
        ]
        if len(forms) > 1 or any(keyword.iskeyword(argument) for argument, _ in forms[0]):
            for form in forms:
                pairs = [(f"{pythonText(n)}: ", pythonText(str(a.type))) for n, a in form]
                items.append(("", Group("{", tuple(pairs), "}")))
        else:
            items += [(f"{n}=", pythonText(str(a.type))) for n, a in forms[0]]
        node = Group(f"{self.names.ro}.Signal(", tuple(items), ")")
        annotation = self.names.uses("PySide6.QtCore", "SignalInstance")
        lines = [line for signal in overloads for line in self.about(signal, 1)]
        return lines + laid(f"{attribute}: {annotation} = ", node, "", 1)

    def slot(self, overloads: list[Slot], cls: Class) -> list[str]:
        name = overloads[0].name
        attribute = self.names.attribute(name)
        self.names.note(attribute, "E743")
        ro = self.names.ro
        lines = [line for slot in overloads for line in self.about(slot, 1)]
        parameters: list[tuple[str, Node]] = []
        for slot in overloads:
            called = argumentNames(slot.arguments)
            own = _parameters(called)
            named: dict[str, Node] = {}
            if slot.result is not None:
                named["result"] = pythonText(str(slot.result))
            if attribute != name:
                named["name"] = pythonText(name)
            defaults = [self.default(argument, cls) for argument in slot.arguments]
            given = [default for default in defaults if default is not None]
            if len(overloads) > 1 or own != called:
                named["names"] = _list(map(pythonText, called))
                if given:
                    named["defaults"] = _list(given)
            types = [pythonText(str(argument.type)) for argument in slot.arguments]
            lines += laid("@", call(f"{ro}.Slot", *types, **named), "", 1)
            for argument, parameter, default in zip(slot.arguments, own, defaults, strict=True):
                if len(overloads) > 1:
                    break
                self.names.note(parameter, "E741")
                kind, before = self.kind(argument.type, cls), f"{parameter}: "
                # Too long an annotation would be broken within its brackets.
                after = "," if default is None else f" = {lead(default)}"
                room = WIDTH - width(f"{'    ' * 2}{before}{after}")
                told = self.names.annotation(kind, min(room, _LONG))
                if default is None:
                    parameters.append(("", f"{before}{told}"))
                    continue
                self._noteDefault(default)
                parameters.append((f"{before}{told} = ", default))
        result = "None"
        if len(overloads) > 1:
            parameters = [("", f"*args: {self.names.any()}")]
            result = self.names.any()
        elif overloads[0].result is not None:
            result = self.annotation(self.kind(overloads[0].result, cls))
        head = Group(f"def {attribute}(", (("", "self"), *parameters), ")")
        lines += laid("", head, f" -> {result}:", 1)
        raised = call(f"{ro}.notOverridden", "self", pythonText(name))
        return lines + laid("raise ", raised, "", 2)

    def default(self, argument: Argument, cls: Class) -> Node | None:
        if argument.default is None:
            return None
        kind = self.kind(argument.type, cls)
        found = expression(argument.default, kind, self.names.called)
        return found if found is not None else emptyExpression(kind, self.names.called)

    def _noteDefault(self, default: Node) -> None:
        """Defaults of methods are read and never changed, which ruff cannot know."""
        shown = str(default)
        if shown[-1] in "]})":
            self.names.ignored |= {"B006", "B008"}

    def replica(self, cls: Class) -> list[str]:
        source = self.rep.source[cls.name].__name__
        doc = f'    """A replica of {cls.name}, for QRemoteObjectNode.acquire()."""'
        bases = [f"{self.names.ro}.Replica", f"describedBy={source}"]
        return self.statement(_Nowhere, f"class {cls.name}(", bases, [[doc]])


def _commented(words: Iterable[str], depth: int) -> list[str]:
    return [f"{'    ' * depth}# {line}" for line in words]


def _apart(pod: Pod) -> list[Argument]:
    """A record's fields that do not stand beside its name."""
    return [field for field in pod.fields if field.line != pod.line]


def _firstField(pod: Pod) -> Argument | None:
    """The field that stands beside a record's name, where the others stand below it.

    A comment there is the field's.
    """
    beside = [field for field in pod.fields if field.line == pod.line]
    return beside[0] if len(beside) == 1 and _apart(pod) else None


class _Nowhere:
    """The place of what has no line in the file."""

    line = 0


def _parameters(names: Sequence[str]) -> tuple[str, ...]:
    """The arguments' names as a function of Python can have them."""
    found: list[str] = ["self"]
    for name in names:
        made = name
        while keyword.iskeyword(made) or made in found or (made != name and made in names):
            made += "_"
        found.append(made)
    return tuple(found[1:])


def _list(items: Iterable[Node]) -> Group:
    return Group("[", tuple(("", item) for item in items), "]")
