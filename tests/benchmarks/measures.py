"""The clockwork of the client process: each function runs one kind of measurement.

Takes a `Side` and the parameters of a case, returns figures by metric. Knows the members of
`sources`, and nothing of processes or tables.
"""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer

from . import sources
from .models import MODEL_MEASURES
from .sides import Side

Figures = dict[str, float]
_now = time.perf_counter


class _Wait:
    """An event loop that ends by `done()`, or by an error that says what was missing."""

    def __init__(self, timeout: float) -> None:
        self._loop = QEventLoop()
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(int(timeout * 1000))
        self._timer.timeout.connect(lambda: self._loop.exit(1))
        self.done = self._loop.quit

    def run(self, missing: Callable[[], str]) -> None:
        self._timer.start()
        if self._loop.exec():
            raise TimeoutError(f"{missing()} within {self._timer.interval() / 1000:g} s")
        self._timer.stop()


def _receive(side: Side, signal: Any, start: Callable[[], object], count: int) -> Any:
    """Starts, receives `count` emissions; returns (seconds, seconds from the first, last)."""
    wait = _Wait(side.timeout)
    left, first, end, last = count, 0.0, 0.0, None

    def received(*values: Any) -> None:
        nonlocal left, first, end, last
        if left == count:
            first = _now()
        left -= 1
        if not left:
            end, last = _now(), values
            wait.done()

    signal.connect(received)
    begin = _now()
    start()
    wait.run(lambda: f"{count - left} of {count} messages arrived")
    signal.disconnect(received)
    return end - begin, end - first, last


def _expect(what: str, got: object, expected: object) -> None:
    if got != expected:
        raise ValueError(f"{what}: got {str(got)[:80]}, expected {str(expected)[:80]}")


def throughput(
    side: Side, *, kind: str, count: int, batches: int, size: tuple[int, ...] = ()
) -> Figures:
    """Messages a second, or MB a second where `size` is given (bytes, or an array's shape).

    Figures: `rate` (from the call that starts them) and `drain` (from the first received).
    """
    node = side.connected()
    replica = side.acquired(node, "arrays" if kind == "arrays" else "bench")
    signal, start, check, unit = _stream(side, replica, kind, count, size)
    rates, drains = [], []
    for batch in range(batches + 1):
        whole, drain, last = _receive(side, signal, start, count)
        check(last)
        if batch:
            rates.append(count * unit / whole)
            drains.append(count * unit / drain if drain > 0 else 0.0)
    return {"rate": statistics.median(rates), "drain": statistics.median(drains)}


def _stream(side: Side, replica: Any, kind: str, count: int, size: tuple[int, ...]) -> Any:
    """(signal, what starts it, check of the last message, what one message counts for)."""

    def same(expected: tuple[Any, ...]) -> Callable[[Any], None]:
        return lambda last: _expect(f"the last message of {kind}", last, expected)

    odd = (count - 1) & 1
    if kind == "ticks":
        check = same((count - 1, sources.TEXT))
        return replica.ticked, lambda: replica.sendTicks(count), check, 1
    if kind == "values":
        return replica.valueChanged, lambda: replica.sendValues(count), same((count - 1,)), 1
    if kind == "lists":
        return replica.listed, lambda: replica.sendLists(count), same((sources.FLOATS[odd],)), 1
    if kind == "maps":
        return replica.mapped, lambda: replica.sendMaps(count), same((sources.READINGS[odd],)), 1
    if kind == "floats":
        signal = _Reading(replica.floatsChanged, side.reader(replica, "floats"))
        return signal, lambda: replica.sendFloats(count), same((sources.FLOATS[odd],)), 1
    if kind == "readings":
        signal = _Reading(replica.readingChanged, side.reader(replica, "reading"))
        return signal, lambda: replica.sendReadings(count), same((sources.READINGS[odd],)), 1
    if kind == "bytes":
        (length,) = size

        def checkBytes(last: Any) -> None:
            _expect("the last bytes", bytes(last[0]), b"x" * length)

        return replica.delivered, lambda: replica.sendBytes(count, length), checkBytes, length / 1e6
    rows, columns = size

    def checkArray(last: Any) -> None:
        array = last[0]
        _expect("the array's shape", array.shape, (rows, columns) if rows > 1 else (columns,))
        _expect("its last number", float(array.flat[-1]), float(rows * columns - 1))

    megabytes = rows * columns * 8 / 1e6
    return replica.measured, lambda: replica.sendArrays(count, rows, columns), checkArray, megabytes


class _Reading:
    """A notify signal whose receiver reads the property, as if it carried the value."""

    def __init__(self, signal: Any, read: Callable[[], Any]) -> None:
        self._signal = signal
        self._read = read

    def connect(self, function: Callable[[Any], None]) -> None:
        read = self._read
        self._connected = lambda: function(read())
        self._signal.connect(self._connected)

    def disconnect(self, _function: object) -> None:
        self._signal.disconnect(self._connected)


def _percentiles(seconds: list[float]) -> Figures:
    ordered = sorted(seconds)
    return {
        "p50": statistics.median(ordered) * 1e6,
        "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1e6,
    }


def echo(side: Side, *, count: int, warmup: int) -> Figures:
    """Round trips of a void slot that emits a signal, one at a time: p50 and p99 in µs."""
    node = side.connected()
    replica = side.acquired(node, "bench")
    wait = _Wait(side.timeout)
    times: list[float] = []
    sent = 0.0

    def echoed(number: int) -> None:
        nonlocal sent
        times.append(_now() - sent)
        if number + 1 < count + warmup:
            sent = _now()
            replica.echo(number + 1)
        else:
            wait.done()

    replica.echoed.connect(echoed)
    sent = _now()
    replica.echo(0)
    wait.run(lambda: f"{len(times)} of {count + warmup} echoes came")
    _expect("echoes", len(times), count + warmup)
    return _percentiles(times[warmup:])


def waited(side: Side, *, count: int, warmup: int) -> Figures:
    """Calls with a result, `waitForFinished` after each: p50 and p99 in µs."""
    node = side.connected()
    replica = side.acquired(node, "bench")
    add = side.adder(replica)
    times, limit = [], int(side.timeout * 1000)
    for i in range(count + warmup):
        begin = _now()
        call = add(i, 1)
        call.waitForFinished(limit)
        result = call.returnValue()
        times.append(_now() - begin)
        _expect("add(i, 1)", result, i + 1)
    return _percentiles(times[warmup:])


def watched(side: Side, *, count: int, warmup: int) -> Figures:
    """Calls with a result, each by a watcher's `finished`: p50 and p99 in µs."""
    node = side.connected()
    replica = side.acquired(node, "bench")
    add, watch = side.adder(replica), side.api.QRemoteObjectPendingCallWatcher
    wait = _Wait(side.timeout)
    times: list[float] = []
    wrong: list[Any] = []
    sent = 0.0
    watchers: list[Any] = []

    def finished(watcher: Any) -> None:
        nonlocal sent
        if watcher.returnValue() != len(times) + 1:
            wrong.append(watcher.returnValue())
        times.append(_now() - sent)
        if len(times) < count + warmup:
            call()
        else:
            wait.done()

    def call() -> None:
        nonlocal sent
        sent = _now()
        watcher = watch(add(len(times), 1))
        watcher.finished.connect(finished)
        # The one that emits at this moment has to live until it has returned.
        watchers[:] = [*watchers[-1:], watcher]

    call()
    wait.run(lambda: f"{len(times)} of {count + warmup} results came")
    _expect("wrong results", wrong, [])
    return _percentiles(times[warmup:])


def pipelined(side: Side, *, count: int, batches: int) -> Figures:
    """Calls a second when all are issued before the first result is looked at."""
    node = side.connected()
    replica = side.acquired(node, "bench")
    add, limit, rates = side.adder(replica), int(side.timeout * 1000), []
    for batch in range(batches + 1):
        begin = _now()
        calls = [add(i, 1) for i in range(count)]
        calls[-1].waitForFinished(limit)
        end = _now()
        _expect("calls finished", sum(call.isFinished() for call in calls), count)
        _expect("the last result", calls[-1].returnValue(), count)
        del calls
        if batch:
            rates.append(count / (end - begin))
    return {"rate": statistics.median(rates)}


def fanout(side: Side, *, nodes: int, count: int, batches: int) -> Figures:
    """Deliveries a second of one source's signal to many nodes, each with its connection."""
    connections = [side.connected() for _ in range(nodes)]
    replicas = [side.acquired(node, "bench") for node in connections]
    wait = _Wait(side.timeout)
    arrived, end, rates, total = 0, 0.0, [], nodes * count

    def received(_number: int, _text: str) -> None:
        nonlocal arrived, end
        arrived += 1
        if arrived == total:
            end = _now()
            wait.done()

    def missing() -> str:
        return f"{arrived} of {total} deliveries came"

    for replica in replicas:
        replica.ticked.connect(received)
    for batch in range(batches + 1):
        arrived, begin = 0, _now()
        replicas[0].sendTicks(count)
        wait.run(missing)
        if batch:
            rates.append(total / (end - begin))
    return {"rate": statistics.median(rates)}


def _ask(side: Side, signal: Any, question: Callable[[], object]) -> tuple[float, ...]:
    _, _, answer = _receive(side, signal, question, 1)
    return tuple(answer)


def unwatched(side: Side, *, count: int) -> Figures:
    """The ns of an emission of a shared source that nobody subscribed to, and of a bare one."""
    node = side.connected()
    control = side.acquired(node, "control")
    shared, bare = _ask(side, control.cost, lambda: control.askCost(count))
    return {"shared": shared, "bare": bare, "over": shared / bare}


def _acquireAll(side: Side, node: Any, count: int) -> list[Any]:
    replicas = [node.acquireDynamic(f"gauge{i}") for i in range(count)]
    for i, replica in enumerate(replicas):
        side.valid(replica, f"gauge{i}")
    return replicas


def acquire(side: Side, *, count: int) -> Figures:
    """Seconds until `count` replicas of one host are valid, and KiB of memory for each."""
    node = side.connected()
    side.acquired(node, "control")
    gc.collect()
    before, begin = sources.resident(), _now()
    replicas = _acquireAll(side, node, count)
    figures = {"time": _now() - begin}
    after = sources.resident()
    if before is not None and after is not None:
        figures["memory"] = (after - before) / len(replicas)
    return figures


def network(side: Side, *, count: int) -> Figures:
    """Seconds until what `count` hosts share is valid at one node that knows their registry, and
    the MiB that both processes grow by."""
    first = side.connected()
    side.acquired(first, "control")
    gc.collect()
    before, begin = sources.resident(), _now()
    node = side.found()
    replicas = _acquireAll(side, node, count)
    figures = {"time": _now() - begin}
    after = sources.resident()
    if before is not None and after is not None:
        figures["client"] = (after - before) / 1024
    control = side.acquired(node, "control")
    (grown,) = _ask(side, control.grown, control.askGrown)
    if grown >= 0:
        figures["hosts"] = grown
    del replicas
    return figures


def idle(side: Side, *, count: int, seconds: float) -> Figures:
    """Percent of a processor that a host uses whose `count` sources all have replicas."""
    node = side.connected()
    control = side.acquired(node, "control")
    replicas = _acquireAll(side, node, count)
    pause = QEventLoop()
    used, at = [], []
    for _ in range(2):
        # Before each reading a rest, so that the first does not see the acquisition's tail.
        QTimer.singleShot(int(seconds * 1000), pause.quit)
        pause.exec()
        (value,) = _ask(side, control.used, control.askUsed)
        used.append(value)
        at.append(_now())
    del replicas
    return {"cpu": (used[1] - used[0]) / (at[1] - at[0]) * 100}


MEASURES: dict[str, Callable[..., Figures]] = {
    **MODEL_MEASURES,
    **{
        function.__name__: function
        for function in (
            throughput,
            echo,
            waited,
            watched,
            pipelined,
            fanout,
            unwatched,
            acquire,
            network,
            idle,
        )
    },
}
