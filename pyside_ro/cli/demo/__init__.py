"""The demo: a bus with a GPS receiver and an office printer, shared with two windows.

Knows the public API of the package. The parts: `gps` and `printer` (the sources), `host`,
`monitor` with the windows `widgets` and `qml` (the clients), `conductor` (starts and ends them
all). `town`, `drive` and `sky` are the world that the receiver measures.
"""
