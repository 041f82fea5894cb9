"""The protocol, sans-I/O: packets, framing, the codec and the values; bytes in, packets out.

May know Qt's value types; no QObject, no socket, no event loop.
"""
