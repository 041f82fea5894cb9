"""A thermostat, its interface written down in .rep: the client."""

import os
import sys

from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtRemoteObjects import (
    QRemoteObjectNode,
    QRemoteObjectPendingCallWatcher,
    QRemoteObjectReplica,
    RepFile,
)
from thermostat import TEXT

rep = RepFile(TEXT)


class Client:
    def __init__(self, url):
        self.node = QRemoteObjectNode()
        print("connected:", self.node.connectToNode(QUrl(url)))
        self.replica = self.node.acquire(rep.replica["CompatThermostat"])
        replica = self.replica
        print("before:", replica.state().name, replica.isReplicaValid(), replica.target)
        print("before:", replica.label, replica.heating, replica.history)
        replica.stateChanged.connect(self.onState)
        replica.initialized.connect(self.onInitialized)
        replica.labelChanged.connect(lambda label: print("label:", label))
        replica.heatingChanged.connect(lambda heating: print("heating:", heating))
        replica.reached.connect(self.onReached)

    def onState(self, new, old):
        print("state:", old.name, "to", new.name)

    def onInitialized(self):
        replica = self.replica
        print("reading:", tuple(replica.reading), type(replica.reading).__name__)
        print("reading:", replica.reading.celsius, replica.reading.room)
        print("mode:", [(mode.name, mode.value) for mode in replica.get_enum("Mode")])
        # Not here: the caller of this would not go on before the answer.
        QTimer.singleShot(0, self.call)

    def call(self):
        replica = self.replica
        call = replica.note("first")
        print("waited:", call.waitForFinished(), call.isFinished(), call.returnValue())
        call = replica.difference(10.0)
        print("waited:", call.waitForFinished(), call.returnValue())
        self.watcher = QRemoteObjectPendingCallWatcher(replica.note("second"))
        self.watcher.finished.connect(self.onNoted)

    def onNoted(self, watcher):
        print("noted:", watcher.returnValue(), self.replica.history)
        self.replica.pushLabel("upstairs")
        print("label is still:", self.replica.label)
        self.replica.target = 30.0
        print("target is still:", self.replica.target)
        self.replica.heat(21.0)

    def onReached(self, celsius, label):
        replica = self.replica
        print("reached:", celsius, label, replica.reading.celsius, replica.target)
        try:
            replica.heating = True
        except AttributeError:
            print("heating is read only")
        print("valid:", replica.isInitialized(), replica.isReplicaValid())
        print("is valid:", replica.state() == QRemoteObjectReplica.State.Valid)
        app.quit()


app = QCoreApplication(sys.argv)
client = Client(sys.argv[1])
app.exec()
print("end", flush=True)
# QtRemoteObjects may crash when Python takes its replicas apart.
os._exit(0)
