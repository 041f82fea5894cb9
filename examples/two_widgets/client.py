"""Binds a QProgressBar to the QSlider of another process."""

import sys

from PySide6.QtWidgets import QApplication, QProgressBar, QSlider

from pyside_ro import QRemoteObjectNode

app = QApplication(sys.argv)
bar = QProgressBar()
bar.resize(360, 30)
node = QRemoteObjectNode()
node.connectToNode(sys.argv[2] if "--url" in sys.argv else "local:two_widgets")
slider = node.acquire(QSlider, "slider")
slider.valueChanged.connect(bar.setValue)
bar.show()
app.exec()

print(f"client: the bar is at {bar.value()}, the slider at {slider.value}")
sys.exit(not slider.isInitialized())
