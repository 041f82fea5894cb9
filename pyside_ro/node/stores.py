"""Stores: where the persisted properties of replicas are kept.

Knows QSettings and how values become bytes; knows no replica.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings, QUrl

from .. import log
from ..errors import InvalidData
from ..protocol.stored import packStored, unpackStored

__all__ = ["QRemoteObjectAbstractPersistedStore", "QRemoteObjectSettingsStore"]


class QRemoteObjectAbstractPersistedStore(QObject):
    """What a store is derived from (QRemoteObjectAbstractPersistedStore).

    A subclass overrides both methods. They are called in the node's thread; one that raises is
    logged, and its values are not saved or restored.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        if type(self) is QRemoteObjectAbstractPersistedStore:
            raise NotImplementedError(
                "QRemoteObjectAbstractPersistedStore is abstract: derive a class from it, or use "
                "QRemoteObjectSettingsStore"
            )
        super().__init__(parent)

    def saveProperties(
        self, repName: str, repSig: QByteArray | bytes, values: Sequence[Any]
    ) -> None:
        """Keep the values of a replica's persisted properties, in the order of its class.

        `repName` is the name by which the source is shared (in Qt its type's, which two sources
        of a type would share), `repSig` the signature of its interface: 32 hexadecimal digits.
        """
        raise NotImplementedError(f"{type(self).__name__} does not override saveProperties()")

    def restoreProperties(self, repName: str, repSig: QByteArray | bytes) -> list[Any]:
        """Give what was saved last for this name and signature; an empty list when nothing was."""
        raise NotImplementedError(f"{type(self).__name__} does not override restoreProperties()")


class QRemoteObjectSettingsStore(QRemoteObjectAbstractPersistedStore):
    """A store in QSettings (QRemoteObjectSettingsStore).

    By default the settings are the application's, ``QSettings()``: set its organizationName and
    applicationName first. Beyond Qt, `settings` are others, for example
    ``QSettings("state.ini", QSettings.Format.IniFormat)``. Each value that can cross to another
    process can be saved, registered dataclasses and arrays included.

    Who can write the settings is trusted: PySide's QSettings itself unpickles what a settings
    file claims to be a pickled object. This store writes none.
    """

    def __init__(self, parent: QObject | None = None, *, settings: QSettings | None = None) -> None:
        super().__init__(parent)
        self._settings = settings if settings is not None else QSettings(self)

    def saveProperties(
        self, repName: str, repSig: QByteArray | bytes, values: Sequence[Any]
    ) -> None:
        """See QRemoteObjectAbstractPersistedStore; the settings are written out at once."""
        key = f"{_group(repName)}/{_text(repSig)}/values"
        self._settings.setValue(key, QByteArray(packStored(list(values))))
        self._settings.sync()
        self._complain(f"the properties of '{repName}' were not saved")

    def restoreProperties(self, repName: str, repSig: QByteArray | bytes) -> list[Any]:
        """See QRemoteObjectAbstractPersistedStore; what cannot be read is ignored in words."""
        settings, group, signature = self._settings, _group(repName), _text(repSig)
        settings.sync()
        self._complain(f"the saved properties of '{repName}' may be missing")
        stored: Any = settings.value(f"{group}/{signature}/values")
        if stored is None:
            settings.beginGroup(group)
            others = settings.childGroups()
            settings.endGroup()
            if others and signature not in others:
                self._ignored(repName, "its interface was another one then")
            return []
        if not isinstance(stored, QByteArray):
            kind = type(stored).__name__
            self._ignored(repName, f"it is a {kind}, which is not what this library writes")
            return []
        try:
            return unpackStored(bytes(stored.data()))
        except InvalidData as error:
            self._ignored(repName, str(error))
            return []

    def _ignored(self, repName: str, reason: str) -> None:
        where = self._settings.fileName()
        log.core.warning("what was saved of '%s' in %s is ignored: %s", repName, where, reason)

    def _complain(self, consequence: str) -> None:
        words = {
            QSettings.Status.AccessError: "it cannot be read or written (for the application's "
            "own settings: set QCoreApplication's organizationName and applicationName)",
            QSettings.Status.FormatError: "it is damaged, or in another format",
        }
        problem = words.get(self._settings.status())
        if problem:
            where = self._settings.fileName()
            log.core.warning("settings %s: %s; %s", where, problem, consequence)


def _group(name: str) -> str:
    # A slash would make groups within the group.
    return bytes(QUrl.toPercentEncoding(name).data()).decode()


def _text(signature: QByteArray | bytes) -> str:
    data = signature.data() if isinstance(signature, QByteArray) else signature
    return bytes(data).decode("ascii", "replace")
