"""Runs the tests of this folder with Qt Quick Test."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtQml import QQmlEngine
from PySide6.QtQuickTest import QUICK_TEST_MAIN_WITH_SETUP

import pyside_ro


class Setup(QObject):
    """What Qt Quick Test asks for."""

    @Slot(QQmlEngine)
    def qmlEngineAvailable(self, engine: QQmlEngine) -> None:
        pyside_ro.registerQmlTypes(engine)


folder = str(Path(__file__).parent)
sys.exit(QUICK_TEST_MAIN_WITH_SETUP("components", Setup, sys.argv, folder))
