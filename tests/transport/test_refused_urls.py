"""What QUrl cannot parse, wherever a URL is given: reported with its text and the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectRegistryHost
from pyside_ro.errors import ErrorCode
from pyside_ro.transport import sameUrl, urlProblem, urlText
from tests.helpers import Recorder, unique_local_url

PORT = "Invalid port or port number out of range"
#: What is given, and QUrl's reason.
WRONG = {
    "tcp://127.0.0.1:99999": PORT,
    "tcp://127.0.0.1:abc": PORT,
    "tcp://127.0.0.1:5005 ": PORT,
    " local:x": "Invalid path (character ' ' not permitted)",
    "tcp://[zz]:5": "Invalid IPv6 address",
}
EVERY = pytest.mark.parametrize(
    "given", [*WRONG, *map(QUrl, WRONG)], ids=lambda url: f"{type(url).__name__}-{text(url)}"
)


def text(given: str | QUrl) -> str:
    return given if isinstance(given, str) else urlText(given)


def words(given: str | QUrl) -> str:
    return f"'{text(given)}' is no URL: {WRONG[text(given)]}"


def warnings(qtlog: Any) -> list[str]:
    return [r.message for r in qtlog.records if r.context.category == "pyside_ro"]


def test_the_text_of_a_qurl_that_is_none() -> None:
    for wrong in ('a"b:c', "tcp://h:5\n", 'tcp://127.0.0.1:9"; scheme = "x', "tcp://u:p@h:x/a?b#c"):
        assert not QUrl(wrong).isValid()
        assert urlText(QUrl(wrong)) == wrong
        assert urlProblem(QUrl(wrong)).startswith(f"'{wrong}' is no URL: ")
    for fine in ("", "foo", "local:a b", "tcp://127.0.0.1:0"):
        assert (urlText(QUrl(fine)), urlProblem(QUrl(fine))) == (fine, "")
    part = QUrl()
    part.setHost("a b")
    assert urlProblem(part) == "'a b' is no URL: Invalid hostname (contains invalid characters)"


def test_two_that_are_none_are_not_the_same() -> None:
    one, other = QUrl("tcp://127.0.0.1:99999"), QUrl("tcp://127.0.0.1:abc")
    assert one == other  # QUrl's own opinion
    assert not sameUrl(one, other)
    assert sameUrl(one, QUrl(one))


@EVERY
@pytest.mark.parametrize("how", [QRemoteObjectHost, lambda url: QRemoteObjectHost(hostUrl=url)])
def test_a_host_that_is_made_with_it(
    qapp: Any, qtlog: Any, given: str | QUrl, how: Callable[[Any], QRemoteObjectHost]
) -> None:
    host = how(given)
    assert host.lastError() is ErrorCode.HostUrlInvalid
    assert host.errorString() == words(given)
    assert warnings(qtlog) == [words(given)]
    assert host.hostUrl() == QUrl()
    shared = QObject()
    assert not host.enableRemoting(shared, "thing")
    assert host.errorString() == (
        f"enableRemoting: the host does not listen: {words(given)}; call setHostUrl() with "
        "another URL first"
    )
    assert host.setHostUrl(unique_local_url())
    assert host.enableRemoting(shared, "thing")


@EVERY
@pytest.mark.parametrize("kind", [QRemoteObjectNode, QRemoteObjectHost])
def test_as_the_url_of_the_registry(
    qapp: Any, qtlog: Any, given: str | QUrl, kind: type[QRemoteObjectNode]
) -> None:
    node = kind(registryUrl=given)
    assert node.lastError() is ErrorCode.RegistryNotAcquired
    assert node.errorString() == f"connectToNode: {words(given)}"
    assert warnings(qtlog) == [f"connectToNode: {words(given)}"]
    assert not node.waitForRegistry(1)
    assert node.errorString() == f"'Registry': this node is connected to no host: {words(given)}"
    assert not node.setRegistryUrl("local:another")
    assert f"uses the registry at '{text(given)}' already" in node.errorString()


@EVERY
def test_a_registry_host_that_is_made_with_it(qapp: Any, given: str | QUrl) -> None:
    host = QRemoteObjectRegistryHost(given)
    assert host.lastError() is ErrorCode.HostUrlInvalid
    assert host.errorString() == words(given)
    assert not host.proxy("local:other")
    assert host.errorString() == (
        f"proxy: the host does not listen: {words(given)}; call setRegistryUrl() with another "
        "URL first"
    )


@EVERY
@pytest.mark.parametrize("method", ["connectToNode", "disconnectFromNode", "waitForNode"])
def test_given_to_a_method(qapp: Any, qtlog: Any, given: str | QUrl, method: str) -> None:
    node = QRemoteObjectNode()
    assert getattr(node, method)(given) is False
    assert node.errorString() == f"{method}: {words(given)}"
    assert warnings(qtlog) == [f"{method}: {words(given)}"]


@EVERY
def test_given_to_a_proxy(qapp: Any, given: str | QUrl) -> None:
    host = QRemoteObjectHost(unique_local_url())
    assert not host.proxy(given)
    assert host.errorString() == f"proxy: {words(given)}"
    assert not host.proxy("local:other", given)
    assert host.errorString() == f"proxy: {words(given)}"


def test_a_url_of_a_scheme_of_ones_own(qapp: Any) -> None:
    given = "mytcp://127.0.0.1:99999"
    host = QRemoteObjectHost(given, allowedSchemas=QRemoteObjectHost.AllowExternalRegistration)
    assert host.errorString() == f"'{given}' is no URL: {PORT}"
    node = QRemoteObjectNode()
    asked: list[QUrl] = []
    node.registerExternalSchema("mytcp", asked.append)
    assert not node.connectToNode(given)
    assert node.errorString() == f"connectToNode: '{given}' is no URL: {PORT}"
    assert not asked


def test_another_url_that_was_refused_is_named_as_well(qapp: Any) -> None:
    host = QRemoteObjectHost("foo")
    refused = host.errorString()
    assert not host.enableRemoting(host, "thing")
    assert host.errorString().startswith(f"enableRemoting: the host does not listen: {refused}; ")
    assert not host.setHostUrl("local:")
    last = host.errorString()
    assert not host.enableRemoting(host, "thing")
    assert host.errorString().startswith(f"enableRemoting: the host does not listen: {last}; ")


@pytest.mark.parametrize("none", ["", QUrl(), None])
def test_an_empty_one_is_none(qapp: Any, qtlog: Any, none: Any) -> None:
    made = [
        QRemoteObjectHost(none, none),
        QRemoteObjectHost(hostUrl=none, registryUrl=none),
        QRemoteObjectRegistryHost(none),
        QRemoteObjectNode(none),
    ]
    for node in made:
        assert (node.lastError(), node.errorString()) == (ErrorCode.NoError, "")
        assert node.registry() is None
    assert warnings(qtlog) == []
    assert not made[0].enableRemoting(made[0], "thing")
    assert "the host has no URL yet, call setHostUrl() (or" in made[0].errorString()


def test_who_listens_elsewhere_already(qapp: Any, local_url: str) -> None:
    host = QRemoteObjectHost(local_url)
    errors = Recorder(host.error)
    assert not host.setHostUrl("tcp://127.0.0.1:abc")
    assert errors.values == [ErrorCode.ServerAlreadyCreated]
    assert "'tcp://127.0.0.1:abc': the host listens at" in host.errorString()
    assert host.enableRemoting(QObject(host), "thing")
