"""What `errorString` says after a source was waited for in vain."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectRegistryHost
from tests.helpers import unique_local_url, wait_until


def why(node: QRemoteObjectNode, name: str) -> str:
    assert not node.acquireDynamic(name).waitForSource(1)
    return node.errorString()


def test_a_node_that_connects_nowhere(qapp: Any) -> None:
    words = "'printer': this node is connected to no host: call connectToNode() first"
    assert why(QRemoteObjectNode(), "printer") == words


def test_a_host_that_is_not_there(qapp: Any) -> None:
    node = QRemoteObjectNode()
    url = unique_local_url()
    node.connectToNode(url)
    wait_until(lambda: "no host listens" in node.errorString())
    text = why(node, "printer")
    assert text.startswith(f"'printer': no host is connected: {url}: no host listens"), text


def test_a_name_that_nobody_shares(qapp: Any) -> None:
    host = QRemoteObjectHost(unique_local_url())
    shared = [QObject() for _ in range(7)]
    node = QRemoteObjectNode()
    node.connectToNode(host.hostUrl())
    assert node.waitForNode(host.hostUrl())
    assert why(node, "printer") == "'printer': no connected host shares it"
    for number, each in enumerate(shared):
        assert host.enableRemoting(each, f"thing{number}")
    wait_until(lambda: len(node.connectedSources()) == 7)
    text = "'printer': no connected host shares it; there are 'thing0', 'thing1', 'thing2', "
    assert why(node, "printer") == text + "'thing3', 'thing4' and 2 more"
    text = "'thing_3': no connected host shares it; did you mean 'thing3'?"
    assert why(node, "thing_3") == text


def test_a_name_that_the_registry_does_not_list(qapp: Any) -> None:
    registry = QRemoteObjectRegistryHost(unique_local_url())
    node = QRemoteObjectNode(registry.hostUrl())
    assert node.waitForRegistry()
    text = "'printer': no connected host shares it, and the registry does not list it"
    assert why(node, "printer") == text
