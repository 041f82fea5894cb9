"""Sources: one shared QObject each; watches its signals, reads its properties, runs its slots.

Knows interfaces, packets and links; never sees a socket or a node.
"""

from .caller import Caller
from .courier import courierTo
from .family import Family
from .mailbox import Mailbox
from .source import Source, StandIn

__all__ = ["Caller", "Family", "Mailbox", "Source", "StandIn", "courierTo"]
