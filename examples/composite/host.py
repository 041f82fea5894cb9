"""A test bench: objects within objects, and a log that is a model. Only the bench is shared."""

import argparse
import itertools
import math
import signal
import sys
import time

from PySide6.QtCore import (
    ClassInfo,
    Property,
    QAbstractItemModel,
    QCoreApplication,
    QObject,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QStandardItem, QStandardItemModel

from pyside_ro import QRemoteObjectHost

LENSES = itertools.cycle([(35, 2.0), (50, 1.4), (90, 2.8)])
SAMPLES = itertools.cycle([("quartz", 412.5), ("garnet", 96.0), ("beryl", 238.1)])


class Lens(QObject):
    focalLength = Property(int, lambda self: self._focal, constant=True)
    aperture = Property(float, lambda self: self._aperture, constant=True)

    def __init__(self) -> None:
        super().__init__()
        self._focal, self._aperture = next(LENSES)


class Camera(QObject):
    """Holds a lens, which can be changed, or taken off: None."""

    exposureChanged = Signal(int)
    framesChanged = Signal(int)
    lensChanged = Signal()

    def __init__(self, serial: int) -> None:
        super().__init__()
        self._serial, self._exposure, self._frames = serial, 20, 0
        self._lens: Lens | None = Lens()

    def shoot(self) -> None:
        self._frames += 1
        self.framesChanged.emit(self._frames)

    def setExposure(self, ms: int) -> None:
        self._exposure = max(1, min(ms, 1000))
        self.exposureChanged.emit(self._exposure)

    serial = Property(int, lambda self: self._serial, constant=True)
    exposure = Property(int, lambda self: self._exposure, setExposure, notify=exposureChanged)
    frames = Property(int, lambda self: self._frames, notify=framesChanged)
    lens = Property(Lens, lambda self: self._lens, notify=lensChanged)

    @Slot()
    def changeLens(self) -> None:
        self._lens = None if self._lens else Lens()
        self.lensChanged.emit()


class Stage(QObject):
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._angle = 0.0

    def turn(self) -> None:
        self._angle += 0.05
        self.moved.emit()

    x = Property(float, lambda self: round(40 * math.cos(self._angle), 2), notify=moved)
    y = Property(float, lambda self: round(40 * math.sin(self._angle), 2), notify=moved)


class Sample(QObject):
    mineral = Property(str, lambda self: self._mineral, constant=True)
    milligrams = Property(float, lambda self: self._weight, constant=True)

    def __init__(self) -> None:
        super().__init__()
        self._mineral, self._weight = next(SAMPLES)


@ClassInfo(LOG_ROLES="display")  # what clients see of the log
class Bench(QObject):
    """What it holds comes with it: objects by themselves and in a list, and a model."""

    sampleChanged = Signal(Sample)
    camerasChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._serials = itertools.count(101)
        self._stage = Stage()
        self._sample = Sample()
        self._cameras: list[Camera] = []
        self._log = QStandardItemModel(0, 3)
        self._log.setHorizontalHeaderLabels(["when", "where", "what"])
        for _ in range(3):
            self.plug()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._work)
        self._timer.start(50)

    def _work(self) -> None:
        self._stage.turn()
        for camera in self._cameras:
            camera.shoot()

    def note(self, where: str, what: str) -> None:
        texts = (time.strftime("%H:%M:%S"), where, what)
        self._log.insertRow(0, [QStandardItem(text) for text in texts])

    stage = Property(Stage, lambda self: self._stage, constant=True)
    sample = Property(Sample, lambda self: self._sample, notify=sampleChanged)
    cameras = Property(list, lambda self: self._cameras, notify=camerasChanged)
    log = Property(QAbstractItemModel, lambda self: self._log, constant=True)

    @Slot()
    def plug(self) -> None:
        camera = Camera(next(self._serials))
        name = f"camera {camera.serial}"
        camera.exposureChanged.connect(lambda ms: self.note(name, f"exposure {ms} ms"))
        camera.lensChanged.connect(lambda: self.note(name, "lens on" if camera.lens else "no lens"))
        self._cameras.append(camera)
        self.note(name, "plugged in")
        self.camerasChanged.emit()

    @Slot()
    def unplug(self) -> None:
        if not self._cameras:
            raise LookupError("no camera is plugged in")
        camera = self._cameras.pop(0)
        self.note(f"camera {camera.serial}", f"unplugged after {camera.frames} frames")
        self.camerasChanged.emit()
        camera.deleteLater()

    @Slot()
    def changeSample(self) -> None:
        self._sample = Sample()
        self.note("sample", self._sample.mineral)
        self.sampleChanged.emit(self._sample)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:composite")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    bench = Bench()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(bench, "bench")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
