"""What is measured: every case with its parameters, its figures and the speed to reach.

Pure data, and how a target is judged. Knows nothing of processes or Qt.
"""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal


@dataclass(frozen=True)
class Target:
    """The speed to reach: of the ratio ours/peer or of our own figure, at least or at most.

    `scaled` targets were set on a machine where the peer's echo takes `ECHO_THERE`; here they
    shrink or grow with that.
    """

    of: Literal["ratio", "ours"]
    sign: Literal[">=", "<="]
    value: float
    scaled: bool = False

    def met(self, ours: float | None, ratio: float | None, scale: float = 1.0) -> bool | None:
        """Whether it is reached; None when there is no such figure."""
        figure = ratio if self.of == "ratio" else ours
        if figure is None:
            return None
        limit = self.limit(scale)
        return figure >= limit if self.sign == ">=" else figure <= limit

    def limit(self, scale: float = 1.0) -> float:
        """The value to reach on this machine."""
        return self.value * scale if self.scaled else self.value


ECHO_THERE = 61.0  # µs


@dataclass(frozen=True)
class Metric:
    """One figure of a case, a line of the table."""

    key: str
    title: str
    unit: str
    higherIsBetter: bool = True
    target: Target | None = None


@dataclass(frozen=True)
class Case:
    """One measurement: `measure` names the function, `share` what the server shares."""

    key: str
    measure: str
    metrics: tuple[Metric, ...]
    full: dict[str, Any]
    quick: dict[str, Any]
    share: str = "bench"
    transports: tuple[str, ...] = ("local", "tcp")
    cannot: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    maxRounds: int = 100
    timeout: float = 40.0
    """Seconds that one measurement may take inside the client."""


def _faster(value: float) -> Target:
    return Target("ratio", ">=", value)


def _messages(key: str, title: str, kind: str, count: int, least: float) -> Case:
    return Case(
        key,
        "throughput",
        (Metric("rate", title, "/s", target=_faster(least)),),
        {"kind": kind, "count": count, "batches": 3},
        {"kind": kind, "count": max(count // 100, 10), "batches": 1},
    )


def _bytes(key: str, title: str, size: int, count: int) -> Case:
    return Case(
        key,
        "throughput",
        (Metric("rate", title, "MB/s", target=_faster(1.0)),),
        {"kind": "bytes", "count": count, "batches": 3, "size": (size,)},
        {"kind": "bytes", "count": max(count // 100, 3), "batches": 1, "size": (size,)},
    )


def _arrays(key: str, title: str, shape: tuple[int, int], count: int) -> Case:
    return Case(
        key,
        "throughput",
        (Metric("rate", title, "MB/s"),),
        {"kind": "arrays", "count": count, "batches": 3, "size": shape},
        {"kind": "arrays", "count": max(count // 100, 3), "batches": 1, "size": shape},
        share="arrays",
        cannot={"peer": "a Python object does not cross"},
        needs=("numpy",),
    )


def _latency(key: str, measure: str, title: str, target: Target | None = None) -> Case:
    return Case(
        key,
        measure,
        (
            Metric("p50", f"{title}, p50", "µs", higherIsBetter=False, target=target),
            Metric("p99", f"{title}, p99", "µs", higherIsBetter=False),
        ),
        {"count": 5000, "warmup": 500},
        {"count": 50, "warmup": 5},
    )


def _model(
    key: str, measure: str, metrics: tuple[Metric, ...], full: dict[str, Any], quick: dict[str, Any]
) -> Case:
    return Case(
        f"model-{key}",
        measure,
        metrics,
        {"count": 100_000, **full},
        {"count": 2_000, **quick},
        share="models",
        transports=("local",),
        maxRounds=5,
    )


def _scroll(key: str, title: str, name: str, jump: bool) -> Case:
    parameters = {"jump": jump, "name": name}
    memory = Metric("memory", f"{title}, memory", "MiB", higherIsBetter=False)
    return _model(
        key,
        "modelScroll",
        (
            Metric("rate", title, "rows/s", target=_faster(1.0)),
            *([memory] if name == "million" else []),
        ),
        {"pages": 300, **parameters},
        {"pages": 5, **parameters},
    )


_MODELS = (
    _model(
        "page",
        "modelPage",
        (
            Metric(
                "time",
                "model of 100,000 x 4, first page",
                "ms",
                higherIsBetter=False,
                target=Target("ratio", "<=", 1.0),
            ),
        ),
        {},
        {},
    ),
    _model(
        "prefetch",
        "modelPrefetch",
        (
            Metric(
                "time",
                "model, all data",
                "s",
                higherIsBetter=False,
                target=Target("ratio", "<=", 0.5),
            ),
            Metric("memory", "model, memory of all data", "MiB", higherIsBetter=False),
        ),
        {},
        {},
    ),
    _scroll("scroll", "model, scrolling", "rows", False),
    _scroll("jump", "model, jumping", "rows", True),
    _scroll("million", "1,000,000 rows, jumping", "million", True),
    _model(
        "change",
        "modelChange",
        (Metric("rate", "model, changes of a cell", "/s", target=_faster(1.0)),),
        {"changes": 10_000},
        {"changes": 100},
    ),
    _model(
        "insert",
        "modelInsert",
        (Metric("rate", "model, rows inserted", "/s", target=_faster(1.0)),),
        {"inserts": 10_000},
        {"inserts": 100},
    ),
)

# The floats and readings as properties stay under what a link keeps (32 MiB): past it waiting
# changes of a property shrink to the latest, by design, and the client would count too few.
CASES: tuple[Case, ...] = (
    _messages("signals", "signals (int, str)", "ticks", 200_000, 1.5),
    _messages("properties", "property changes (int)", "values", 200_000, 1.5),
    _messages("floats-property", "list of 1,000 floats, property", "floats", 2_500, 8.0),
    _messages("floats-signal", "list of 1,000 floats, signal", "lists", 2_500, 8.0),
    _messages("dict-property", "dict of 20, property", "readings", 40_000, 1.2),
    _messages("dict-signal", "dict of 20, signal", "maps", 40_000, 1.2),
    _bytes("bytes-1k", "bytes, 1 KB", 1_000, 100_000),
    _bytes("bytes-100k", "bytes, 100 KB", 100_000, 2_000),
    _bytes("bytes-4m", "bytes, 4 MB", 4_000_000, 60),
    _arrays("array-4096", "numpy float64, 4,096", (1, 4096), 5_000),
    _arrays("array-512x512", "numpy float64, 512 x 512", (512, 512), 150),
    _latency("echo", "echo", "slot and signal echo", Target("ratio", "<=", 1.15)),
    _latency("result-wait", "waited", "slot result, waitForFinished"),
    _latency("result-watcher", "watched", "slot result, watcher"),
    Case(
        "pipelined",
        "pipelined",
        (Metric("rate", "pipelined calls", "/s", target=Target("ours", ">=", 400_000.0, True)),),
        {"count": 50_000, "batches": 3},
        {"count": 500, "batches": 1},
    ),
    Case(
        "fanout",
        "fanout",
        (Metric("rate", "1 source to 50 nodes, deliveries", "/s"),),
        {"nodes": 50, "count": 4_000, "batches": 2},
        {"nodes": 5, "count": 20, "batches": 1},
    ),
    Case(
        "unwatched",
        "unwatched",
        (
            Metric("shared", "emission that nobody watches", "ns", higherIsBetter=False),
            Metric("bare", "bare emit beside it", "ns", higherIsBetter=False),
            Metric(
                "over",
                "unwatched over bare emission",
                "x",
                higherIsBetter=False,
                target=Target("ours", "<=", 1.05),
            ),
        ),
        {"count": 20_000},
        {"count": 200},
        share="unwatched",
        transports=("local",),
    ),
    Case(
        "acquire",
        "acquire",
        (
            Metric("time", "acquire 1,000 replicas", "s", higherIsBetter=False),
            Metric("memory", "memory of a replica", "KiB", higherIsBetter=False),
        ),
        {"count": 1000},
        {"count": 20},
        share="gauges",
        maxRounds=3,
    ),
    Case(
        "network",
        "network",
        (
            Metric("time", "200 hosts found by a registry", "s", higherIsBetter=False),
            Metric("client", "memory of their client", "MiB", higherIsBetter=False),
            Metric("hosts", "memory of the registry and its hosts", "MiB", higherIsBetter=False),
        ),
        {"count": 200},
        {"count": 5},
        share="network",
        maxRounds=3,
    ),
    Case(
        "idle",
        "idle",
        (Metric("cpu", "idle host, 1,000 sources", "% CPU", higherIsBetter=False),),
        {"count": 1000, "seconds": 3.0},
        {"count": 20, "seconds": 0.2},
        share="gauges",
        maxRounds=3,
    ),
    *_MODELS,
)


def chosen(pattern: str) -> list[Case]:
    """The cases whose key matches one of the comma-separated wildcards or contains it."""
    if not pattern:
        return list(CASES)
    parts = [part.strip() for part in pattern.split(",") if part.strip()]
    return [
        case for case in CASES if any(fnmatch(case.key, part) or part in case.key for part in parts)
    ]


def byKey(key: str) -> Case:
    """The case of that key; KeyError when there is none."""
    return {case.key: case for case in CASES}[key]
