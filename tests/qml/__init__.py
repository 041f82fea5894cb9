"""The QML module PySideRO: in real engines, mostly with the other side in another process."""
