"""Host, RegistryHost and Shared: sharing objects from QML.

Knows hosts' public API. pyside6-metaobjectdump reads this file.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import ClassInfo, QObject, QUrl, Signal, Slot
from PySide6.QtQml import ListProperty, QJSValue, QPyQmlParserStatus, QQmlEngine, qjsEngine
from shiboken6 import isValid

from ..node.weakly import weakly
from ..transport import isGiven, sameUrl
from .elements import QmlElement
from .inner import InnerHost, InnerRegistryHost
from .models import rolesOf
from .node import Node
from .problems import refuse, warn
from .properties import Property
from .sharing import Terms

__all__ = ["Host", "RegistryHost", "Shared"]


@QmlElement
class Shared(QPyQmlParserStatus):
    """An object that the Host around it shares by a name, as long as both are set."""

    nameChanged = Signal()
    objectChanged = Signal()
    readOnlyChanged = Signal()
    accessChanged = Signal()
    rolesChanged = Signal()
    #: The host shares it now, or no longer.
    sharedChanged = Signal()

    _ro_apart = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._object: QObject | None = None
        self._host: weakref.ref[Host] | None = None
        self._isShared = False
        self._complete = False
        self._terms = Terms()

    def classBegin(self) -> None:
        """See QQmlParserStatus::classBegin."""

    def componentComplete(self) -> None:
        """See QQmlParserStatus::componentComplete."""
        self._complete = True
        host = self._around()
        if host is None:
            warn(self, "it is in no Host, and shares nothing: put it into one")
        elif host.listening():
            self.follow()

    def belong(self, host: Host | None) -> None:
        """Be among what `host` shares, from its next `follow` on."""
        self._host = weakref.ref(host) if host is not None else None

    def _around(self) -> Host | None:
        return self._host() if self._host is not None else None

    def follow(self) -> None:
        """Share what is to be shared now."""
        host = self._around()
        wanted = host is not None and host.listening() and self._complete
        obj: Any = self.object
        if host is None or not wanted or not self._name or obj is None:
            self._setShared(False)
        elif not self._isShared:
            self._setShared(host.share(self, obj, self._name, self._terms))

    def lost(self) -> None:
        """The host shares it no longer."""
        self._setShared(False)

    def _setShared(self, shared: bool) -> None:
        if shared != self._isShared and isValid(self):
            self._isShared = shared
            self.sharedChanged.emit()

    def _change(self) -> None:
        host = self._around()
        if host is not None and self._complete:
            host.unshare(self)
            self._setShared(False)
            self.follow()

    @Property(str, notify=nameChanged)
    def name(self) -> str:
        """The name by which it is acquired."""
        return self._name

    @name.setter  # type: ignore[no-redef]
    def name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.nameChanged.emit()
            self._change()

    @Property(QObject, notify=objectChanged)
    def object(self) -> QObject | None:
        """What is shared."""
        return self._object if self._object is not None and isValid(self._object) else None

    @object.setter  # type: ignore[no-redef]
    def object(self, what: QObject | None) -> None:
        if what is not self._object:
            self._object = what
            self.objectChanged.emit()
            self._change()

    @Property(bool, notify=readOnlyChanged)
    def readOnly(self) -> bool:
        """Whether clients may neither set its properties nor call its functions."""
        return self._terms.readOnly

    @readOnly.setter  # type: ignore[no-redef]
    def readOnly(self, readOnly: bool) -> None:
        if readOnly != self._terms.readOnly:
            self._terms.readOnly = readOnly
            self.readOnlyChanged.emit()
            self._change()

    # As a QVariant it could be no function.
    @Property("QJSValue", notify=accessChanged)
    def access(self) -> QJSValue:
        """A function that is asked once for each client, with a peer: true, false or "readOnly"."""
        return self._terms.rule or QJSValue()

    @access.setter  # type: ignore[no-redef]
    def access(self, rule: QJSValue) -> None:
        if not rule.isCallable() and not rule.isNull() and not rule.isUndefined():
            refuse(self, f"access: a function(peer) is expected, not {rule.toString()[:80]}")
            return
        self._terms.rule = QJSValue(rule) if rule.isCallable() else None
        self.accessChanged.emit()
        self._change()

    @Property("QVariantList", notify=rolesChanged)
    def roles(self) -> list[int | str]:
        """Of a model: the roles that are shared, by names or numbers; [] for all."""
        return self._terms.roles

    @roles.setter  # type: ignore[no-redef]
    def roles(self, roles: list[Any]) -> None:
        try:
            found = rolesOf(roles)
        except TypeError as error:
            refuse(self, str(error))
            return
        if found != self._terms.roles:
            self._terms.roles = found
            self.rolesChanged.emit()
            self._change()

    @Property(bool, notify=sharedChanged)
    def shared(self) -> bool:
        """Whether it can be acquired."""
        return self._isShared


class _Share:
    """One object that is shared, and what keeps it."""

    def __init__(self, host: QObject, obj: QObject, name: str, by: Shared | None) -> None:
        self.object = obj
        self.name = name
        self.by = weakref.ref(by) if by is not None else None
        self.rooted: Any = None
        engine = qjsEngine(host)
        if engine is not None and QQmlEngine.objectOwnership(obj) is _JAVASCRIPT:
            # JavaScript's collector knows nothing of a host: this is a root for it.
            self.rooted = engine.newQObject(obj)


_JAVASCRIPT = QQmlEngine.ObjectOwnership.JavaScriptOwnership


@QmlElement
@ClassInfo(DefaultProperty="data")  # type: ignore[arg-type]
class Host(Node):  # type: ignore[operator]
    """A node that shares objects (QRemoteObjectHost).

    It keeps what it shares from JavaScript's garbage collector.
    """

    hostUrlChanged = Signal()

    _kind: type[Any] = InnerHost

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hostUrl = QUrl()
        self._data: list[QObject] = []
        self._shares: dict[str, _Share] = {}
        self._node.remoteObjectRemoved.connect(weakly(self._dropped))

    def _start(self) -> None:
        self._listen()
        super()._start()

    def _listen(self, say: Callable[[QObject, str], None] = warn) -> None:
        if isGiven(self._hostUrl) and not self._node.setHostUrl(self._hostUrl):
            say(self, self._node.errorString())
        self._begin()

    def _begin(self) -> None:
        """Share what is declared."""
        declared = [item for item in self._data if isinstance(item, Shared) and isValid(item)]
        if not self.listening():
            if declared and not isGiven(self._hostUrl):
                warn(self, "it has no URL, and shares nothing: set its hostUrl")
            return
        self.hostUrlChanged.emit()
        for item in declared:
            item.follow()

    def listening(self) -> bool:
        """Whether it has an address, for Python."""
        return self._complete and not self._node.hostUrl().isEmpty()

    # What it shares

    def share(self, by: Shared | None, obj: QObject, name: str, terms: Terms | None = None) -> bool:
        """Share `obj` for a Shared, or for who called enableRemoting (None)."""
        say = refuse if by is None else warn
        options = (terms or Terms()).options(obj)
        try:
            done = self._node.enableRemoting(obj, name, **options)
        except ValueError as error:  # the model lacks a role
            say(by or self, str(error))
            return False
        if not done:
            say(by or self, self._node.errorString())
            return False
        found = name or next(n for n, s in self._node._sources.items() if s.reference() is obj)
        self._shares[found] = _Share(self, obj, found, by)
        return True

    def unshare(self, by: Shared) -> None:
        """Share no longer what a Shared had shared."""
        for share in list(self._shares.values()):
            if share.by is not None and share.by() is by:
                self._withdraw(share)

    def _withdraw(self, share: _Share) -> None:
        source = self._node._sources.get(share.name)
        if source is not None:
            self._node._withdraw(source, "the host shares it no longer")

    def _dropped(self, entry: tuple[str, Any]) -> None:
        share = self._shares.pop(entry[0], None)
        by = share.by() if share is not None and share.by is not None else None
        if by is not None:
            by.lost()

    # Properties

    @Property(QUrl, notify=hostUrlChanged)
    def hostUrl(self) -> QUrl:
        """Where it listens, with the port that was chosen; before, where it is to listen."""
        url: QUrl = self._node.hostUrl()
        return self._hostUrl if url.isEmpty() else url

    @hostUrl.setter  # type: ignore[no-redef]
    def hostUrl(self, url: QUrl) -> None:
        if sameUrl(url, self._hostUrl):
            return
        self._hostUrl = QUrl(url)
        if self._complete:
            shares = list(self._shares.values())
            if self.listening():
                self._node.close("the host moved to another address")
            self._listen(refuse)
            for share in shares:
                if share.by is None and isValid(share.object) and self.listening():
                    self.share(None, share.object, share.name)
        self.hostUrlChanged.emit()

    def _append(self, item: QObject) -> None:
        self._data.append(item)
        if isinstance(item, Shared):
            item.belong(self)
            if self._complete:
                item.follow()

    def _count(self) -> int:
        return len(self._data)

    def _at(self, index: int) -> QObject:
        return self._data[index]

    def _clear(self) -> None:
        for item in self._data:
            if isinstance(item, Shared) and isValid(item):
                self.unshare(item)
                item.belong(None)
        self._data.clear()

    #: What is declared in it: Shared, and any other object.
    data = ListProperty(QObject, append=_append, count=_count, at=_at, clear=_clear)

    # Methods

    @Slot(QObject, result=bool)
    @Slot(QObject, str, result=bool)
    def enableRemoting(self, what: QObject | None, name: str = "") -> bool:
        """Share an object; see QRemoteObjectHostBase.enableRemoting."""
        if what is None:
            refuse(self, "enableRemoting: there is no object, it is null")
            return False
        if not self._complete:
            refuse(self, "enableRemoting: the host is not complete yet, use Component.onCompleted")
            return False
        return self.share(None, what, name)

    @Slot(QObject, result=bool)
    def disableRemoting(self, what: QObject | None) -> bool:
        """Share an object no longer; see QRemoteObjectHostBase.disableRemoting."""
        if what is None:
            refuse(self, "disableRemoting: there is no object, it is null")
            return False
        return self._asked(self._node.disableRemoting(what))


@QmlElement
class RegistryHost(Host):
    """A host that also is the registry of its network, at its `registryUrl`."""

    _kind = InnerRegistryHost

    def _start(self) -> None:
        if isGiven(self._registryUrl):
            self._done(self._node.setRegistryUrl(self._registryUrl))
        self._begin()
        for url in self._connectTo:
            self._done(self._node.connectToNode(url))

    def _begin(self) -> None:
        if isGiven(self._hostUrl):
            warn(self, "a RegistryHost listens at its registryUrl; hostUrl is left out")
        super()._begin()
