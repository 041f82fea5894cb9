"""Tests of the protocol room: no socket, no event loop."""
