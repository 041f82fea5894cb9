"""RemoteObjects: results of calls, for JavaScript.

Knows pending calls and the JavaScript engine. pyside6-metaobjectdump reads this file.
"""

from __future__ import annotations

import weakref
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtQml import QJSEngine, QJSValue, qjsEngine
from shiboken6 import isValid

from ..errors import RemoteError
from ..replica import QRemoteObjectPendingCall
from .elements import QmlElement, QmlSingleton

__all__ = ["RemoteObjects"]

#: Makes a promise with its ends at hand, and runs a generator function as if it were async.
_HELPERS = """
(function (remote) {
    function promise() {
        let ends = {}
        ends.promise = new Promise((resolve, reject) => {
            ends.resolve = () => resolve(remote.taken())
            ends.reject = (type, message, member, text) => {
                let error = new Error(text)
                error.typeName = type
                error.remoteMessage = message
                error.member = member
                reject(error)
            }
        })
        return ends
    }
    function run(start) {
        return new Promise((resolve, reject) => {
            const steps = start()
            function step(how, value) {
                let found
                try {
                    found = steps[how](value)
                } catch (error) {
                    reject(error)
                    return
                }
                if (found.done) {
                    resolve(found.value)
                    return
                }
                const value_ = remote.isCall(found.value) ? remote.watch(found.value, -1)
                                                           : found.value
                Promise.resolve(value_).then(result => step("next", result),
                                             error => step("throw", error))
            }
            step("next", undefined)
        })
    }
    return {promise: promise, run: run}
})
"""


@QmlElement
@QmlSingleton
class RemoteObjects(QObject):
    """What JavaScript needs to know of remote calls; one for each engine."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._helpers: QJSValue | None = None
        self._result: Any = None

    @Slot("QVariant", result="QVariant")
    @Slot("QVariant", int, result="QVariant")
    def watch(self, call: Any, timeout: int = 30000) -> Any:
        """A Promise of the call's result.

        It is rejected with an Error when the slot raised (`typeName`, `remoteMessage` and
        `member` say more), when the connection is lost, and after `timeout` ms (negative: never).
        """
        engine = self._engine()
        if engine is None:
            return None
        if not isinstance(call, QRemoteObjectPendingCall):
            text = f"RemoteObjects.watch() takes a call of a replica's slot, not {_shown(call)}"
            engine.throwError(QJSValue.ErrorType.TypeError, text)
            return None
        ends = self._helper(engine, "promise").call([])
        reference = weakref.ref(self)

        def ended(ended: QRemoteObjectPendingCall) -> None:
            remote = reference()
            if remote is not None and isValid(remote):
                remote._settle(ended, ends)

        if timeout >= 0:
            call.setTimeout(timeout)
        call.add_done_callback(ended)
        return ends.property("promise")

    @Slot("QJSValue", result="QVariant")
    def run(self, steps: QJSValue) -> Any:
        """Run a generator function as an async one: ``yield`` waits for a call or a Promise.

        Gives a Promise of what the function returns. For ``await``, which QML's JavaScript lacks.
        """
        engine = self._engine()
        if engine is None:
            return None
        if not steps.isCallable():
            text = f"RemoteObjects.run() takes a function*, not {_shown(steps)}"
            engine.throwError(QJSValue.ErrorType.TypeError, text)
            return None
        return self._helper(engine, "run").call([steps])

    @Slot("QVariant", result=bool)
    def isCall(self, value: Any) -> bool:
        """Whether a value is a call of a replica's slot."""
        return isinstance(value, QRemoteObjectPendingCall)

    @Slot(result="QVariant")
    def taken(self) -> Any:
        """The result that is being delivered: for this module's own JavaScript."""
        result, self._result = self._result, None
        return result

    def _settle(self, call: QRemoteObjectPendingCall, ends: QJSValue) -> None:
        error = call.exception()
        if error is None:
            # Handed over by `taken`: as the result of a slot any value arrives intact.
            self._result = call.returnValue()
            ends.property("resolve").call([])
            return
        name, message, member = type(error).__name__, str(error), ""
        if isinstance(error, RemoteError):
            name, message, member = error.typeName, error.message, error.member
        words = [QJSValue(text) for text in (name, message, member, str(error))]
        ends.property("reject").call(words)

    def _engine(self) -> QJSEngine | None:
        return qjsEngine(self)

    def _helper(self, engine: QJSEngine, name: str) -> QJSValue:
        if self._helpers is None:
            maker: Any = engine.evaluate(_HELPERS, "PySideRO/RemoteObjects.js")
            self._helpers = maker.call([engine.newQObject(self)])
        assert self._helpers is not None
        return self._helpers.property(name)


def _shown(value: Any) -> str:
    if isinstance(value, QJSValue):
        return value.toString()[:80]
    return f"{value!r:.80}" if value is not None else "undefined"
