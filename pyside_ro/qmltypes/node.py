"""Node: Qt's QRemoteObjectNode, declared in QML.

Knows the node's public API. pyside6-metaobjectdump reads this file: types and getters stand in
it as plain names.
"""

from __future__ import annotations

import weakref
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtQml import QPyQmlParserStatus
from shiboken6 import isValid

from ..errors import ErrorCode
from ..node import QRemoteObjectNode, QRemoteObjectSourceLocationInfo
from ..node.stores import QRemoteObjectAbstractPersistedStore
from ..node.weakly import weakly
from ..transport import isGiven, sameUrl, sslConfiguration, urlProblem
from .elements import QmlElement
from .inner import InnerNode
from .problems import refuse, warn
from .properties import Property

__all__ = ["Node", "nodeOf"]


@QmlElement
class Node(QPyQmlParserStatus):
    """An entry to a network of remote objects (QRemoteObjectNode).

    Its settings take effect when the component is complete, in the order that they need, and at
    once from then on.
    """

    registryUrlChanged = Signal()
    heartbeatIntervalChanged = Signal()
    connectToChanged = Signal()
    #: `sharedKey` or one of the TLS files changed.
    trustChanged = Signal()
    persistedStoreChanged = Signal()
    #: `lastError` or `errorString` changed.
    errorStringChanged = Signal()
    #: Something went wrong: the ErrorCode as a number, and the words.
    error = Signal(int, str, arguments=["code", "text"])
    #: The registry lists, or no longer lists, an object; of a host: it shares one of its own.
    remoteObjectAdded = Signal(str, str, QUrl, arguments=["name", "typeName", "hostUrl"])
    remoteObjectRemoved = Signal(str, str, QUrl, arguments=["name", "typeName", "hostUrl"])
    #: What the connected hosts share changed.
    connectedSourcesChanged = Signal()

    _kind: type[Any] = InnerNode
    #: No property that is shared gives it away: a client could connect it to anywhere.
    _ro_apart = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._complete = False
        self._registryUrl = QUrl()
        self._connectTo: list[str] = []
        self._sharedKey = ""
        self._tls = {"certificate": "", "key": "", "authority": ""}
        self._persistedStore: QObject | None = None
        self._errorString = ""
        self._sources: dict[str, Any] = {}
        #: Who looks at the node's connections: its `look` is called when one may have changed.
        self.watchers: weakref.WeakSet[Any] = weakref.WeakSet()
        self._node: Any = self._kind()
        self._node.told = weakly(self._told)
        self._node.waiting = True
        self._node.remoteObjectAdded.connect(weakly(self._added))
        self._node.remoteObjectRemoved.connect(weakly(self._removed))

    def node(self) -> QRemoteObjectNode:
        """The node inside, for Python."""
        node: QRemoteObjectNode = self._node
        return node

    # The beginning

    def classBegin(self) -> None:
        """See QQmlParserStatus::classBegin."""

    def componentComplete(self) -> None:
        """See QQmlParserStatus::componentComplete."""
        self._complete = True
        self._node.waiting = False
        self._node.setName(self.objectName())
        if self._trust():
            self._start()
        # Who uses it may have waited.
        self.errorStringChanged.emit()

    def _trust(self) -> bool:
        """Take on key and certificates; without them nothing is connected, or listened to."""
        files: dict[str, Any] = {name: file for name, file in self._tls.items() if file}
        try:
            if self._sharedKey:
                self._node.setSharedKey(self._sharedKey)
            if files:
                self._node.setSslConfiguration(sslConfiguration(**files))
        except (OSError, ValueError, RuntimeError) as error:
            warn(self, f"{error}; it stays unconnected")
            return False
        return True

    def _start(self) -> None:
        if isGiven(self._registryUrl):
            self._done(self._useRegistry(self._registryUrl))
        for url in self._connectTo:
            self._done(self._node.connectToNode(url))

    def _useRegistry(self, url: QUrl) -> bool:
        """Use a registry; False, with `errorString`, also where there can be none."""
        node = self._node
        if not node.setRegistryUrl(url):
            return False
        # As in Qt that is True for a URL that cannot be used, too.
        return node._isOwn(node.registryUrl()) or url.toString() in node._connections

    def _done(self, success: bool) -> bool:
        """Say in QML that what a setting asked for cannot be."""
        if not success:
            warn(self, self._node.errorString())
        return success

    # What the node says

    def _told(self, code: ErrorCode | None) -> None:
        if not isValid(self):
            return
        text = self._node.errorString()
        if text != self._errorString or code is not None:
            self._errorString = text
            self.errorStringChanged.emit()
        if code is not None:
            self.error.emit(code.value, text)
        sources = self._node.connectedSources()
        if sources != self._sources:
            self._sources = sources
            self.connectedSourcesChanged.emit()
        self._look()

    def _look(self) -> None:
        for watcher in list(self.watchers):
            watcher.look()

    def _added(self, entry: tuple[str, QRemoteObjectSourceLocationInfo]) -> None:
        if isValid(self):
            name, info = entry
            self.remoteObjectAdded.emit(name, info.typeName, info.hostUrl)

    def _removed(self, entry: tuple[str, QRemoteObjectSourceLocationInfo]) -> None:
        if isValid(self):
            name, info = entry
            self.remoteObjectRemoved.emit(name, info.typeName, info.hostUrl)

    # Properties

    @Property(QUrl, notify=registryUrlChanged)
    def registryUrl(self) -> QUrl:
        """Where the registry is."""
        return self._registryUrl

    @registryUrl.setter  # type: ignore[no-redef]
    def registryUrl(self, url: QUrl) -> None:
        if sameUrl(url, self._registryUrl):
            return
        if self._complete and not self._useRegistry(url):
            refuse(self, self._node.errorString())
            return
        self._registryUrl = QUrl(url)
        self.registryUrlChanged.emit()

    @Property(int, notify=heartbeatIntervalChanged)
    def heartbeatInterval(self) -> int:
        """The pause between two signs of life, in milliseconds; 0: none are asked for."""
        interval: int = self._node.heartbeatInterval()
        return interval

    @heartbeatInterval.setter  # type: ignore[no-redef]
    def heartbeatInterval(self, interval: int) -> None:
        if interval != self._node.heartbeatInterval():
            self._node.setHeartbeatInterval(interval)
            self.heartbeatIntervalChanged.emit()

    @Property("QStringList", notify=connectToChanged)
    def connectTo(self) -> list[str]:
        """The URLs of the hosts to be connected to."""
        return self._connectTo

    @connectTo.setter  # type: ignore[no-redef]
    def connectTo(self, urls: list[str]) -> None:
        old, new = self._connectTo, list(urls)
        if new == old:
            return
        self._connectTo = new
        self.connectToChanged.emit()
        if not self._complete:
            return
        for url in old:
            if url not in new and not urlProblem(QUrl(url)):
                self.disconnectFromNode(QUrl(url))
        for url in new:
            if url not in old and not self._node.connectToNode(url):
                refuse(self, self._node.errorString())
                return

    @Property(str, notify=trustChanged)
    def sharedKey(self) -> str:
        """The key that both sides prove to have; before the component is complete."""
        return self._sharedKey

    @sharedKey.setter  # type: ignore[no-redef]
    def sharedKey(self, key: str) -> None:
        if self._early("sharedKey") and key != self._sharedKey:
            self._sharedKey = key
            self.trustChanged.emit()

    @Property(str, notify=trustChanged)
    def tlsCertificate(self) -> str:
        """The file of the own certificate; before the component is complete."""
        return self._tls["certificate"]

    @tlsCertificate.setter  # type: ignore[no-redef]
    def tlsCertificate(self, file: str) -> None:
        self._setTls("certificate", file)

    @Property(str, notify=trustChanged)
    def tlsKey(self) -> str:
        """The file of its private key; before the component is complete."""
        return self._tls["key"]

    @tlsKey.setter  # type: ignore[no-redef]
    def tlsKey(self, file: str) -> None:
        self._setTls("key", file)

    @Property(str, notify=trustChanged)
    def tlsAuthority(self) -> str:
        """The file of the authorities to trust; before the component is complete."""
        return self._tls["authority"]

    @tlsAuthority.setter  # type: ignore[no-redef]
    def tlsAuthority(self, file: str) -> None:
        self._setTls("authority", file)

    def _setTls(self, name: str, file: str) -> None:
        if self._early(f"tls{name.capitalize()}") and file != self._tls[name]:
            self._tls[name] = file
            self.trustChanged.emit()

    def _early(self, name: str) -> bool:
        if self._complete:
            refuse(self, f"{name} cannot change any more: make another node")
        return not self._complete

    @Property(QObject, notify=persistedStoreChanged)
    def persistedStore(self) -> QObject | None:
        """Where persisted properties are kept: a SettingsStore."""
        return self._persistedStore

    @persistedStore.setter  # type: ignore[no-redef]
    def persistedStore(self, store: QObject | None) -> None:
        if store is self._persistedStore:
            return
        if store is not None and not isinstance(store, QRemoteObjectAbstractPersistedStore):
            refuse(self, f"persistedStore is no store: {store!r:.80}")
            return
        self._persistedStore = store
        self._node.setPersistedStore(store)
        self.persistedStoreChanged.emit()

    @Property(int, notify=errorStringChanged)
    def lastError(self) -> int:
        """The code of the last error, as QRemoteObjectNode::ErrorCode counts; 0: none."""
        code: int = self._node.lastError().value
        return code

    @Property(str, notify=errorStringChanged)
    def errorString(self) -> str:
        """The last error, or why a connection does not come about, in words."""
        return self._errorString

    @Property("QVariantMap", notify=connectedSourcesChanged)  # type: ignore[arg-type]
    def connectedSources(self) -> dict[str, Any]:
        """What the connected hosts share: typeName and hostUrl by name."""
        return {
            name: {"typeName": info.typeName, "hostUrl": info.hostUrl}
            for name, info in self._sources.items()
        }

    # Methods

    @Slot(QUrl, result=bool)
    def connectToNode(self, url: QUrl) -> bool:
        """Connect to a host and stay connected; see QRemoteObjectNode.connectToNode."""
        return self._asked(self._node.connectToNode(url))

    @Slot(QUrl, result=bool)
    def disconnectFromNode(self, url: QUrl) -> bool:
        """Leave a host; see QRemoteObjectNode.disconnectFromNode."""
        left: bool = self._node.disconnectFromNode(url)
        self._look()
        return left

    @Slot(str, result="QStringList")
    def instances(self, typeName: str) -> list[str]:
        """The names of all known objects of a type; see QRemoteObjectNode.instances."""
        names: list[str] = self._node.instances(typeName)
        return names

    def _asked(self, success: bool) -> bool:
        """Answer a method's caller; False comes with a warning that names the file."""
        if not success:
            refuse(self, self._node.errorString())
        return success


def nodeOf(what: QObject | None) -> QRemoteObjectNode | None:
    """The node that a property `node` was given: a QML type's, or one that Python made.

    Raises TypeError when it is none.
    """
    if what is None or not isValid(what):
        return None
    if isinstance(what, Node):
        return what.node()
    if isinstance(what, QRemoteObjectNode):
        return what
    raise TypeError(f"its node is no Node: {what!r:.80}")
