"""Tests of the link room: handshake, flow control, endings, heartbeat."""
