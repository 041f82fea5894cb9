"""Multicast DNS in a thread of its own: say that a service is there, hear which ones are.

Knows python-zeroconf (the extra `zeroconf`), asyncio and threads; knows no Qt, no host and no
node. What it has to tell, it tells in its thread.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
import weakref
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from zeroconf import ServiceInfo
    from zeroconf.asyncio import AsyncZeroconf

__all__ = ["SERVICE", "Browser", "Details", "Worker", "missing", "service"]

SERVICE = "_pyside-ro._tcp.local."
#: How long others may believe that a service is there without hearing of it, in seconds: a host
#: that was killed is gone for all after that.
TTL = 30
#: How often it is looked whether each service that was found is still there, in seconds.
CHECK = 5.0
#: How long a service may take to answer, in milliseconds.
_PATIENCE = 3000
#: How many services are looked at; more on one network are an attack, or a mistake.
_MAX_SERVICES = 2000
#: How long the end of the process may take to say so to the network, in seconds.
_GOODBYE = 2.0


@dataclass(frozen=True)
class Details:
    """What a service says of itself, unchecked."""

    port: int | None
    addresses: tuple[str, ...]
    text: tuple[tuple[bytes, bytes | None], ...]


def missing() -> str:
    """Why there is no multicast DNS here, in words, or ''."""
    try:
        import zeroconf.asyncio  # noqa: F401
    except ImportError:
        return "discovery needs python-zeroconf: pip install 'pyside-ro[zeroconf]'"
    return ""


class Worker(threading.Thread):
    """Runs `work` on an open Zeroconf until `stop`; then the network is told, and it ends.

    `failed(error)` is called when it cannot. `interfaces` are addresses of this machine; None:
    all interfaces.
    """

    def __init__(
        self,
        interfaces: Sequence[str] | None,
        work: Callable[[AsyncZeroconf], Awaitable[object]],
        failed: Callable[[Exception], object],
    ) -> None:
        super().__init__(name="pyside_ro mdns", daemon=True)
        self._interfaces = interfaces
        self._work = work
        self._failed = failed
        # Not asyncio.run(): the policy may be one whose loops are Qt's.
        self._loop = asyncio.SelectorEventLoop()
        self._stopped = asyncio.Event()
        _workers.add(self)

    def stop(self, *_: object) -> None:
        """End soon; from any thread."""
        try:
            self._loop.call_soon_threadsafe(self._stopped.set)
        except RuntimeError:
            pass  # it ended before

    def run(self) -> None:
        """See Thread.run."""
        try:
            self._loop.run_until_complete(self._main())
        except Exception as error:
            self._failed(error)
        finally:
            self._loop.close()

    async def _main(self) -> None:
        import ifaddr  # what zeroconf itself asks
        from zeroconf import InterfaceChoice
        from zeroconf.asyncio import AsyncZeroconf

        chosen: Any = InterfaceChoice.All
        if self._interfaces is not None:
            chosen = list(self._interfaces)
            # Asked beforehand: zeroconf leaves sockets open when it fails.
            mine = {ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips}
            for address in chosen:
                if address not in mine and (address, 0, 0) not in mine:
                    raise OSError(f"{address} is no address of this machine")
        network = AsyncZeroconf(interfaces=chosen)
        working = asyncio.ensure_future(self._work(network))
        stopping = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
                await stopping
        finally:
            for task in (working, stopping):
                task.cancel()
            await network.async_close()


_workers: weakref.WeakSet[Worker] = weakref.WeakSet()


@atexit.register
def _finish() -> None:
    workers = [worker for worker in _workers if worker.is_alive()]
    for worker in workers:
        worker.stop()
    for worker in workers:
        worker.join(_GOODBYE)


def service(
    name: str, server: str, addresses: Sequence[str], port: int, text: dict[str, str]
) -> ServiceInfo:
    """The description of a service. Raises an Exception for a name that cannot be one."""
    from zeroconf import ServiceInfo

    return ServiceInfo(
        SERVICE,
        f"{name}.{SERVICE}",
        parsed_addresses=list(addresses),
        port=port,
        properties=text,
        server=f"{server}.local.",
        host_ttl=TTL,
        other_ttl=TTL,
    )


#: Called with a service's name, and its details or None when it is not there (any more).
Told: TypeAlias = Callable[[str, "Details | None"], object]


class Browser:
    """The work of finding services: `told` hears of each, and of each change."""

    def __init__(self, told: Told) -> None:
        self._tell = told
        self._known: dict[str, Details | None] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, network: AsyncZeroconf) -> None:
        """Look until cancelled."""
        from zeroconf import DNSQuestionType, ServiceStateChange
        from zeroconf.asyncio import AsyncServiceBrowser

        def changed(name: str, state_change: ServiceStateChange, **_: object) -> None:
            if state_change is ServiceStateChange.Removed:
                self._told(name, None)
                self._known.pop(name, None)
            elif name in self._known or len(self._known) < _MAX_SERVICES:
                self._known.setdefault(name, None)
                self._ask(network, name)

        # QM: a unicast answer reaches only one of the programs that share mDNS's port here.
        multicast = DNSQuestionType.QM
        browser = AsyncServiceBrowser(
            network.zeroconf, SERVICE, handlers=[changed], question_type=multicast
        )
        try:
            while True:
                await asyncio.sleep(CHECK)
                # Also those that did not answer the last time: nobody says that they are back.
                for name in list(self._known):
                    self._ask(network, name)
        finally:
            for task in self._asking.values():
                task.cancel()
            await browser.async_cancel()

    def _ask(self, network: AsyncZeroconf, name: str) -> None:
        if name not in self._asking:
            self._asking[name] = asyncio.ensure_future(self._answer(network, name))

    async def _answer(self, network: AsyncZeroconf, name: str) -> None:
        from zeroconf import DNSQuestionType
        from zeroconf.asyncio import AsyncServiceInfo

        multicast = DNSQuestionType.QM
        try:
            info = AsyncServiceInfo(SERVICE, name)
            if await info.async_request(network.zeroconf, _PATIENCE, multicast):
                text = tuple(sorted(info.properties.items()))
                details = Details(info.port, tuple(info.parsed_addresses()), text)
                self._told(name, details)
            else:
                self._told(name, None)
        except Exception:  # a name that can be none
            self._told(name, None)
        finally:
            del self._asking[name]

    def _told(self, name: str, details: Details | None) -> None:
        if name in self._known and self._known[name] != details:
            self._known[name] = details
            self._tell(name, details)
