"""Writes of a replica's properties for somebody else: a client of the host that shares it.

Knows links, and of replicas only how they are written. A write that is accepted has no answer;
one that the replica's own source refuses is told to the client that asked, as if it were there.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import RemoteError
from ..interface.types import fit
from ..link import Link
from .refusing import refuse

if TYPE_CHECKING:
    from .source import Source

__all__ = ["relayer"]


def relayer(source: Source, link: Link, index: int) -> Callable[[Any, Any, object], None]:
    """A function that writes property `index` of a replica, for a client's write of a number."""
    info = source.interface.properties[index]
    member = f"{source.name}.{info.name}"
    home, inbox, client = source.home, source.inbox, weakref.ref(link)

    def serialOf(number: object) -> Callable[[Any], int]:
        def refused(error: RemoteError) -> None:
            """In the thread of the replica's node."""
            asker = client()
            if asker is None:
                return
            log.core.debug("%s: passed on to %s: %s", member, asker.peer, error)
            if threading.get_ident() == home:
                refuse(asker, number, error, member)
            else:
                inbox.post(refuse, asker, number, error, member)

        return lambda calls: int(calls.relay(link, (member, number), refused))

    unnumbered = serialOf(0)

    def relay(replica: Any, value: Any, number: object) -> None:
        if info.name in replica._ro_readOnly:
            raise replica._ro.refusal(info.name)
        serial = unnumbered if number == 0 else serialOf(number)
        replica._ro.write(index, fit(value, info.type), serial)

    return relay
