"""Objects are shared no longer because of a slot or a rule that runs while others are told so."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QUrl

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.sources import Counter, Gauge
from tests.behaviour.support import State, live, own
from tests.helpers import wait_until


@pytest.fixture
def host(qapp: Any, local_url: str) -> QRemoteObjectHost:
    return QRemoteObjectHost(local_url)


def test_one_that_follows_another_when_the_host_is_closed(
    host: QRemoteObjectHost, node: QRemoteObjectNode
) -> None:
    first, second = Counter(1), Counter(2)
    url = host.hostUrl()
    host.enableRemoting(first, "first")
    host.enableRemoting(second, "second")
    replica = live(node, url, "second")
    removed: list[str] = []

    def onRemoved(entry: Any) -> None:
        removed.append(entry[0])
        if entry[0] == "first":
            assert host.disableRemoting(second)

    host.remoteObjectRemoved.connect(onRemoved)
    host.close()
    assert sorted(removed) == ["first", "second"]
    assert host.hostUrl() == QUrl()
    wait_until(lambda: own(replica) is State.Suspect)
    assert QRemoteObjectHost().setHostUrl(url), "nobody listens there any more"


@pytest.mark.parametrize("replaced", [False, True])
def test_one_that_is_not_wanted_as_soon_as_it_is_added(
    host: QRemoteObjectHost, node: QRemoteObjectNode, replaced: bool
) -> None:
    kept, unwanted, other = Counter(1), Counter(2), Gauge()
    host.enableRemoting(kept, "kept")
    live(node, host.hostUrl(), "kept")

    def onAdded(_: Any) -> None:
        host.remoteObjectAdded.disconnect(onAdded)
        assert host.disableRemoting(unwanted)
        if replaced:
            assert host.enableRemoting(other, "other")

    host.remoteObjectAdded.connect(onAdded)
    assert host.enableRemoting(unwanted, "other")
    assert host.enableRemoting(unwanted, "last")
    wait_until(lambda: "last" in node.connectedSources())
    found = {name: info.typeName for name, info in node.connectedSources().items()}
    third = {"other": "Gauge"} if replaced else {}
    assert found == {"kept": "Counter", "last": "Counter", **third}


@pytest.mark.parametrize("which", ["itself", "earlier", "later"])
def test_one_that_an_access_rule_withdraws(
    host: QRemoteObjectHost, node: QRemoteObjectNode, which: str, qtlog: Any
) -> None:
    counters = {name: Counter() for name in ("earlier", "itself", "later")}

    def rule(peer: Any) -> bool:
        assert host.disableRemoting(counters[which])
        return True

    for name, counter in counters.items():
        host.enableRemoting(counter, name, access=rule if name == "itself" else None)
    node.connectToNode(host.hostUrl())
    assert node.waitForNode(host.hostUrl())
    assert sorted(node.connectedSources()) == sorted({*counters} - {which})
    assert not [r.message for r in qtlog.records if "cannot be read" in r.message]
