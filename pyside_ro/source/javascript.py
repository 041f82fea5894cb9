"""Calling a function that QML defined: what it throws, and the Promise that it may return.

Knows QtQml, which is imported by then: the object has an engine. Through its metaobject such a
function gives nothing when it throws.
"""

from __future__ import annotations

import functools
import inspect
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Slot

from ..errors import RemoteError
from ..interface import SlotInfo

__all__ = ["Thrown", "inJavaScript", "javaScriptInvoker"]

#: Gives [result], [promise, true], or type, message, file and line of what was thrown.
_CALL = """
(function () {
    function told(thrown) {
        if (!(thrown instanceof Error)) {
            let text = String(thrown)
            try {
                text = typeof thrown === "object" ? JSON.stringify(thrown) : text
            } catch (cyclic) {
            }
            return ["", text, "", 0]
        }
        if (thrown.typeName !== undefined)  // of a call to yet another process
            return [thrown.typeName, thrown.remoteMessage, "", 0]
        return [thrown.name, thrown.message, thrown.fileName || "", thrown.lineNumber || 0]
    }
    function call(target, name, ...args) {
        try {
            const result = target[name](...args)
            return result instanceof Promise ? [result, true] : [result]
        } catch (thrown) {
            return told(thrown)
        }
    }
    function settle(promise, outcome) {
        promise.then(value => outcome.done(value), thrown => outcome.failed(...told(thrown)))
    }
    return [call, settle]
})()
"""


_LONGEST = 10_000  # characters


class Thrown(RemoteError):
    """What JavaScript threw; its message names the file and the line, `place` the whole URL."""

    def __init__(self, kind: str, text: str, file: str, line: int) -> None:
        name = file.rpartition("/")[2]
        message = f"{text[:_LONGEST]} ({name}:{line})" if name else text[:_LONGEST]
        super().__init__(kind or "Error", message, "")
        self.place = f"{file}:{line}: " if file else ""


class _Outcome(QObject):
    """What a Promise becomes: a future's result. It belongs to the engine, until then."""

    def __init__(self, parent: QObject, member: str) -> None:
        super().__init__(parent)
        self.future: Future[Any] = Future()
        self.destroyed.connect(functools.partial(_deserted, self.future, member))

    @Slot("QVariant")
    def done(self, value: Any) -> None:
        self.deleteLater()
        self.future.set_result(value)

    @Slot(str, str, str, int)
    def failed(self, kind: str, text: str, file: str, line: int) -> None:
        self.deleteLater()
        self.future.set_exception(Thrown(kind, text, file, line))


def _deserted(future: Future[Any], member: str, *_: object) -> None:
    if not future.done():
        future.set_exception(RuntimeError(f"the QML engine of {member} was deleted"))


def inJavaScript(obj: QObject, name: str) -> bool:
    """Whether the slot is none of the object's Python class, and the object lives in QML."""
    qml: Any = sys.modules.get("PySide6.QtQml")
    if qml is None or any(
        inspect.getattr_static(type(obj), attribute, None) is not None
        for attribute in (name, name + "_")
    ):
        return False
    return qml.qjsEngine(obj) is not None


def javaScriptInvoker(info: SlotInfo) -> Callable[..., Any]:
    """A function that calls the slot on an object given first; it raises Thrown."""
    from PySide6.QtQml import QJSValue, qjsEngine

    name, isReal = info.name, info.result in ("double", "float")
    #: The engine, which this does not keep alive, and its helpers.
    known: list[Any] = [lambda: None, None, None]

    def invoke(target: QObject, *args: Any) -> Any:
        engine: Any = qjsEngine(target)
        if engine is None:
            raise ReferenceError("its QML engine was deleted")
        if known[0]() is not engine:
            both = engine.evaluate(_CALL, "pyside_ro.js")
            known[:] = [weakref.ref(engine), both.property(0), both.property(1)]
        _, call, settle = known
        script = engine.toScriptValue
        given = [script(target), QJSValue(name), *map(script, args)]
        found = call.call(given)
        count = found.property("length").toInt()
        value = found.property(0)
        if count == 1:
            result = value.toVariant()
            return float(result) if isReal and type(result) is int else result
        if count == 2:
            outcome = _Outcome(engine, name)
            settle.call([value, script(outcome)])
            return outcome.future
        text, file = found.property(1).toString(), found.property(2).toString()
        raise Thrown(value.toString(), text, file, found.property(3).toInt())

    return invoke
