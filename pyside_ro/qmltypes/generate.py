"""Writes `qml/PySideRO/PySideRO.qmltypes` with PySide6's own tools: for completion and qmllint.

Run ``python -m pyside_ro.qmltypes.generate`` after a change to a QML type. Knows the tools
pyside6-metaobjectdump and pyside6-qmltyperegistrar, and which of these files declare types.
"""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from .elements import MAJOR, MINOR, URI
from .host import Host, RegistryHost, Shared
from .interface import ReplicaInterface
from .linkstate import LinkState
from .models import ModelReplica, SettingsStore
from .node import Node
from .paths import importPath
from .promises import RemoteObjects
from .replica import Replica

__all__ = ["generated", "target"]

_HERE = Path(__file__).parent
#: Bases first: pyside6-metaobjectdump knows a QObject by the bases it has seen.
_FILES = (
    "node.py",
    "host.py",
    "replica.py",
    "models.py",
    "promises.py",
    "interface.py",
    "linkstate.py",
)
#: Bases that Qt's own type information lacks, and what they are derived from.
_KNOWN = {"QIdentityProxyModel": "QAbstractItemModel"}
_POINTERS = {"QObject": "QObject*"}
_NODES = (Node, Host, RegistryHost, Shared, SettingsStore)
_REPLICAS = (Replica, ModelReplica, ReplicaInterface, LinkState, RemoteObjects)
_CLASSES: dict[str, Any] = {cls.__name__: cls for cls in (*_NODES, *_REPLICAS)}
#: It does not read that a property never changes.
_CONSTANT = [("ReplicaInterface", name) for name in ("properties", "slots", "log")]
_BASES = "\n".join(
    f"class {name}(QObject):\n    pass"
    for name in ("QPyQmlParserStatus", "QRemoteObjectSettingsStore")
)


def target() -> Path:
    """The file that is written."""
    return Path(importPath()) / URI / f"{URI}.qmltypes"


def generated() -> str:
    """What is to be in it."""
    with tempfile.TemporaryDirectory() as folder:
        bases, dump, types = (Path(folder, n) for n in ("bases.py", "dump.json", "out.qmltypes"))
        bases.write_text(_BASES, encoding="utf-8")
        files = [bases, *(_HERE / name for name in _FILES)]
        _run("pyside6-metaobjectdump", "--suppress-file", "--quiet", "-o", dump, *files)
        classes = json.loads(dump.read_text(encoding="utf-8"))
        dump.write_text(json.dumps(_fitted(classes)), encoding="utf-8")
        _run(
            "pyside6-qmltyperegistrar",
            "--generate-qmltypes",
            types,
            "-o",
            Path(folder, "unused.cpp"),
            "--import-name",
            URI,
            "--major-version",
            MAJOR,
            "--minor-version",
            MINOR,
            dump,
        )
        return types.read_text(encoding="utf-8")


def _fitted(dumped: list[Any]) -> list[Any]:
    """Add what the tool does not read: the names of parameters, and that objects are pointers."""
    for file in dumped:
        for entry in file["classes"]:
            for prop in entry.get("properties", ()):
                prop["type"] = _POINTERS.get(prop["type"], prop["type"])
                if (entry["className"], prop["name"]) == ("Replica", "object"):
                    # Its members are known at run time only: qmllint must not ask for them.
                    prop["type"] = "QVariant"
                if (entry["className"], prop["name"]) in _CONSTANT:
                    prop["constant"] = True
            for base in entry.get("superClasses", ()):
                base["name"] = _KNOWN.get(base["name"], base["name"])
            cls = _CLASSES.get(entry["className"])
            slots = [slot for slot in entry.get("slots", ()) if slot["name"] != "taken"]
            entry["slots"] = slots
            for method in [*slots, *entry.get("signals", ())]:
                for argument, name in zip(method["arguments"], _names(cls, method), strict=False):
                    argument["name"] = name
                    argument["type"] = _POINTERS.get(argument["type"], argument["type"])
    return dumped


def _names(cls: Any, method: dict[str, Any]) -> list[str]:
    member = vars(cls)[method["name"]]
    if inspect.isfunction(member):
        return list(inspect.signature(member).parameters)[1:]
    meta = cls.staticMetaObject
    methods = [meta.method(index) for index in range(meta.methodCount())]
    [found] = [m for m in methods if bytes(m.name().data()).decode() == method["name"]]
    return [bytes(name.data()).decode() for name in found.parameterNames()]


def _run(tool: str, *arguments: object) -> None:
    program = Path(sysconfig.get_path("scripts"), tool)
    done = subprocess.run(  # noqa: S603 - PySide6's own tool
        [str(program), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{tool} failed: {done.stderr or done.stdout}")


def main() -> None:
    """Write the file."""
    target().write_text(generated(), encoding="utf-8")
    sys.stdout.write(f"{target()}\n")


if __name__ == "__main__":
    main()
