"""A counter that the client knows nothing of: the client."""

import os
import sys

from PySide6.QtCore import QCoreApplication, QPoint, QUrl
from PySide6.QtGui import QColor
from PySide6.QtRemoteObjects import QRemoteObjectDynamicReplica, QRemoteObjectNode


class Client:
    def __init__(self, url):
        self.node = QRemoteObjectNode()
        self.node.connectToNode(QUrl(url))
        self.replica = self.node.acquireDynamic("compatCounter")
        print("a dynamic replica:", isinstance(self.replica, QRemoteObjectDynamicReplica))
        print("before:", self.replica.state().name, self.replica.isInitialized())
        self.replica.initialized.connect(self.onInitialized)

    def onInitialized(self):
        replica = self.replica
        print("initialized:", replica.state().name, replica.isReplicaValid())
        meta = replica.metaObject()
        first = meta.propertyOffset()
        properties = [meta.property(n) for n in range(first, meta.propertyCount())]
        for prop in properties:
            value = replica.property(prop.name())
            print("property:", prop.name(), prop.typeName(), value)
        names = {meta.method(n).name().data().decode() for n in range(meta.methodCount())}
        print("members:", sorted(names & {"valueChanged", "countTo", "paint", "moved", "secret"}))
        replica.valueChanged.connect(self.onValue)
        replica.nameChanged.connect(lambda name: print("name:", name, replica.property("name")))
        replica.colorChanged.connect(lambda color: print("color:", color.name()))
        replica.finished.connect(self.onFinished)
        replica.moved.connect(lambda point, speed: print("moved:", point, speed))
        replica.listed.connect(lambda values: print("listed:", values))
        replica.mapped.connect(self.onMapped)
        replica.setProperty("value", 7)
        print("still:", replica.property("value"))
        replica.setProperty("name", "")
        replica.setProperty("name", "seven")
        replica.paint(QColor("#00ff80"))
        replica.countTo(10)

    def onValue(self, value):
        print("value:", value, self.replica.property("value"))

    def onFinished(self, value, name):
        print("finished:", value, name)
        self.replica.move(QPoint(3, 4), 0.25)
        self.replica.describe("key")

    def onMapped(self, values):
        print("mapped:", sorted(values.items()))
        app.quit()


app = QCoreApplication(sys.argv)
client = Client(sys.argv[1])
app.exec()
print("end", flush=True)
# QtRemoteObjects may crash when Python takes its replicas apart.
os._exit(0)
