"""Roles by number and by name, and what is said of a source that is no model."""

from __future__ import annotations

import enum
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QObject, QStringListModel, Qt

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QtRemoteObjects
from tests.behaviour.support import State, valid
from tests.helpers import PeerSide, wait_until
from tests.models.sources import DISPLAY, EDIT, Table
from tests.models.support import acquired

MISTAKEN = {
    "files": "'files' is not shared as a model: give its roles to "
    "enableRemoting(model, 'files', roles)",
    "lines": "'lines' is not shared as a model: give its roles to "
    "enableRemoting(model, 'lines', roles)",
    "plain": "'plain' is no model but a QObject: acquireDynamic() gives a replica of it (in QML: "
    "Replica)",
}


class Named(Table):
    """Its names are texts and bytes, as Python's own models have them."""

    def roleNames(self) -> dict[int, Any]:
        return {DISPLAY: "display", EDIT: b"edit", Qt.ItemDataRole.UserRole: QByteArray(b"weight")}


def roles_host(side: PeerSide, url: str) -> None:
    """Shares models by their roles' names, and others that are not shared as models."""
    host = QRemoteObjectHost(url)
    table, files, lines, plain = Named(), QStringListModel(["a"]), Table(), QObject()
    assert host.enableRemoting(table, "named", ["edit", Qt.ItemDataRole.DisplayRole, 1, b"weight"])
    assert host.enableRemoting(files, "files")
    assert host.enableRemoting(lines, "lines")
    assert host.enableRemoting(plain, "plain")
    side.keep(host, table, files, lines, plain)
    side.ready(url=url)


def test_by_name(peer: Any, node: QRemoteObjectNode, local_url: str) -> None:
    process = peer(roles_host, url=local_url)
    prefetch = QtRemoteObjects.InitialAction.PrefetchData
    table = acquired(node, process, "named", prefetch, [b"display", "edit"])
    assert table.availableRoles() == [EDIT, DISPLAY, 1, int(Qt.ItemDataRole.UserRole)]
    index = table.index(2, 1)
    assert table.hasData(index, DISPLAY) and table.hasData(index, EDIT)
    assert not table.hasData(index, Qt.ItemDataRole.UserRole)
    assert (table.data(index), table.data(index, EDIT)) == ("2,1", "2,1")


@pytest.mark.parametrize("name", MISTAKEN)
@pytest.mark.parametrize("first", ["", "acquired before"])
def test_what_is_not_shared_as_a_model(
    peer: Any, node: QRemoteObjectNode, local_url: str, qtlog: Any, name: str, first: str
) -> None:
    peer(roles_host, url=local_url)
    assert node.connectToNode(local_url)
    if first:
        valid(node.acquireDynamic(name))
    model = node.acquireModel(name)
    wait_until(lambda: model._link._ro.state is State.SignatureMismatch)
    assert not model.isInitialized()
    assert node.errorString() == f"{local_url}: {MISTAKEN[name]}"
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message == f"replica '{name}' (SignatureMismatch): {local_url}: {MISTAKEN[name]}"


@pytest.fixture
def host(qapp: Any, local_url: str) -> QRemoteObjectHost:
    return QRemoteObjectHost(local_url)


def test_a_name_that_the_model_does_not_have(host: QRemoteObjectHost) -> None:
    table = Named()
    with pytest.raises(ValueError) as caught:
        host.enableRemoting(table, "named", ["display", "nope", 5, b"color"])
    assert str(caught.value) == (
        "enableRemoting(): roles: the model 'named' (Named) has no role 'nope', 'color'; there "
        "are: display, edit, weight"
    )
    assert host.enableRemoting(table, "named", ["display"])  # nothing of it is left


class Loose(enum.Enum):
    """Members that are no numbers."""

    DISPLAY = 0


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (0, "roles is a list of roles, by numbers or names, not 0"),
        ("display", "roles is a list of roles, by numbers or names, not 'display'"),
        (b"display", "roles is a list of roles, by numbers or names, not b'display'"),
        ([None], "roles: a role's number or name is expected, not None"),
        ([1.5], "roles: a role's number or name is expected, not 1.5"),
        ([Loose.DISPLAY], "roles: a role's number or name is expected, not <Loose.DISPLAY"),
        ([["display"]], "roles: a role's number or name is expected, not ['display']"),
    ],
)
def test_what_is_no_list_of_roles(
    host: QRemoteObjectHost, node: QRemoteObjectNode, roles: Any, words: str
) -> None:
    with pytest.raises(TypeError) as caught:
        host.enableRemoting(Table(), "table", roles)
    assert str(caught.value).startswith(f"enableRemoting(): {words}")
    with pytest.raises(TypeError) as caught:
        node.acquireModel("table", QtRemoteObjects.InitialAction.PrefetchData, roles)
    hint = words.replace("roles", "rolesHint", 1)
    assert str(caught.value).startswith(f"acquireModel(): {hint}")


@pytest.mark.parametrize(
    ("roles", "shared"),
    [
        ([], [0, 4, 5, 2, 3, 1]),
        ([Qt.ItemDataRole.CheckStateRole, 0], [10, 0]),
        (range(2), [0, 1]),
        (["display", DISPLAY, QByteArray(b"display")], [0]),
        ({0: b"display", 2: b"edit"}, [0, 2]),
    ],
)
def test_numbers(
    host: QRemoteObjectHost, node: QRemoteObjectNode, local_url: str, roles: Any, shared: list[int]
) -> None:
    table = Table()
    assert host.enableRemoting(table, "table", roles)
    assert sorted(acquired(node, local_url, "table").availableRoles()) == sorted(shared)
