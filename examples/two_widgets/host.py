"""Shares a QSlider, the widget itself."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSlider

from pyside_ro import QRemoteObjectHost

app = QApplication(sys.argv)
slider = QSlider(Qt.Orientation.Horizontal)
slider.resize(360, 30)
host = QRemoteObjectHost(sys.argv[2] if "--url" in sys.argv else "local:two_widgets")
host.enableRemoting(slider, "slider")
slider.show()
app.exec()
