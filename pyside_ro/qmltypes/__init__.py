"""The QML module PySideRO: nodes, hosts, replicas and promises, declared in QML.

Its Python side is here, its QML side in the folder `qml/`. Knows the whole package; QtQml is
imported with this room, so nothing else imports it before it is asked for.
"""

from .elements import registerElements
from .paths import importPath
from .register import registerQmlTypes, registerReplicaType

__all__ = ["importPath", "registerElements", "registerQmlTypes", "registerReplicaType"]
