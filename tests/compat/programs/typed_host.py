"""A thermostat, its interface written down in .rep: the host."""

import sys

from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtRemoteObjects import QRemoteObjectHost, RepFile
from thermostat import TEXT

rep = RepFile(TEXT)
Reading = rep.pod["CompatReading"]


class Thermostat(rep.source["CompatThermostat"]):
    def __init__(self, parent=None):
        super().__init__(parent)
        self.reading = Reading(18.5, "hall")
        self.history = []
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.warm)

    def heat(self, target):
        self.heating = True
        self.target = target
        self.timer.start(10)

    def warm(self):
        value = self.reading.celsius + 0.5
        self.reading = Reading(value, "hall")
        if value >= self.target:
            self.timer.stop()
            self.heating = False
            self.reached.emit(value, self.label)

    def note(self, text):
        self.history = [*self.history, text]
        return len(self.history)

    def difference(self, celsius):
        return self.reading.celsius - celsius


app = QCoreApplication(sys.argv)
host = QRemoteObjectHost(QUrl(sys.argv[1]))
thermostat = Thermostat()
print("shared:", host.enableRemoting(thermostat), flush=True)
app.exec()
