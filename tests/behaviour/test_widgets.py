"""Widgets bound to replicas: two-way, with mappers, and labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QSlider, QSpinBox

from pyside_ro import QRemoteObjectNode
from tests.behaviour.hosts.gallery import gallery
from tests.behaviour.hosts.native import native
from tests.behaviour.support import live, shared_host
from tests.helpers import PeerProcess, process_events, wait_until


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(gallery) as process:
        yield process


def test_a_slider_a_bar_and_a_label(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    slider, bar, label = QSlider(), QProgressBar(), QLabel()
    slider.setMaximum(1000)
    bar.setMaximum(1000)
    for bound in (slider, bar):
        bound.setValue(counter.value)
        counter.valueChanged.connect(bound.setValue)
    counter.valueChanged.connect(label.setNum)
    slider.valueChanged.connect(counter.setValue)
    slider.setValue(500)
    wait_until(lambda: bar.value() == 500 and label.text() == "500")
    assert host.ask("value") == 500
    host.ask("setValue", 250)
    wait_until(lambda: slider.value() == 250 and bar.value() == 250)
    process_events(0.02)
    assert host.ask("value") == 250, "no echo goes round and round"


def test_a_slider_here_bound_to_a_slider_there(qapp: Any, node: QRemoteObjectNode) -> None:
    with shared_host(native, app="widgets") as host:
        remote = live(node, host, "slider")
        bar = QProgressBar()
        bar.setRange(remote.minimum, remote.maximum)
        remote.valueChanged.connect(bar.setValue)
        host.ask("slide", 42)
        wait_until(lambda: bar.value() == 42)


def test_a_form_mapped_by_user_properties(host: PeerProcess, node: QRemoteObjectNode) -> None:
    """As QDataWidgetMapper does it: through the widgets' user property, by name."""
    counter = live(node, host, "counter")
    gauge = live(node, host, "gauge")
    fields: dict[str, tuple[Any, Any]] = {
        "value": (counter, QSpinBox()),
        "name": (gauge, QLineEdit()),
    }
    fields["value"][1].setMaximum(10_000)

    def user(widget: Any) -> str:
        return str(widget.metaObject().userProperty().name())

    def populate() -> None:
        for name, (replica, widget) in fields.items():
            widget.setProperty(user(widget), replica.property(name))

    def submit(name: str) -> bool:
        replica, widget = fields[name]
        return bool(replica.setProperty(name, widget.property(user(widget))))

    # By metaobject alone, as a generic form does: which signal tells of which property.
    for name, (replica, _) in fields.items():
        meta = replica.metaObject()
        signal = meta.property(meta.indexOfProperty(name)).notifySignal()
        getattr(replica, bytes(signal.name().data()).decode()).connect(populate)
    host.ask("setValue", 4321)
    host.ask("move", 1, 1.0, "north")
    wait_until(lambda: fields["value"][1].value() == 4321 and fields["name"][1].text() == "north")
    fields["value"][1].setValue(1234)
    assert submit("value")
    wait_until(lambda: host.ask("value") == 1234)
    assert not submit("name"), "read-only"
