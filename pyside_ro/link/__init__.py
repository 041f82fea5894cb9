"""Links: one connection each, packets over a conduit.

Knows the protocol and conduits; knows nothing of objects, sources or replicas: what a packet
means is in the table that a link's user fills.
"""

from .channels import ChannelMap, Table
from .link import FULL, Link
from .peer import Peer, peerOf

__all__ = ["FULL", "ChannelMap", "Link", "Peer", "Table", "peerOf"]
