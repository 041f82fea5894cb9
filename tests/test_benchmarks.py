"""The benchmarks run, on both sides, and say what they found; never how long anything takes.

Knows `tests.benchmarks` by its command line, and its pieces by fabricated figures.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from tests.benchmarks import report, runner, sides
from tests.benchmarks.cases import CASES, Target, byKey, chosen
from tests.benchmarks.plot import plot
from tests.benchmarks.runner import Child, Failed, Result, Samples

SIDES = ["ours", "peer"]


def benchmark(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *arguments],
        cwd=runner.ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.fixture
def results() -> list[Result]:
    """Echo and arrays over tcp: ours twice as slow and alone, respectively."""
    ours = Samples([{"p50": 100.0, "p99": 300.0}, {"p50": 120.0, "p99": 300.0}, {"p50": 140.0}])
    peer = Samples([{"p50": 61.0, "p99": 100.0}], failed="client died of SIGSEGV")
    cannot = byKey("array-4096").cannot["peer"]
    return [
        Result(byKey("echo"), "tcp", {"ours": ours, "peer": peer}),
        Result(
            byKey("array-4096"),
            "tcp",
            {"ours": Samples([{"rate": 2000.0}]), "peer": Samples(cannot=cannot)},
        ),
    ]


def test_quickRunGivesFiguresForBothSidesAndTransports(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    done = benchmark("--quick", "--only", "signals,result-watcher,array-4096", "--json", str(file))
    assert done.returncode == 0, done.stderr
    data = json.loads(file.read_text())
    assert {"python", "pyside6", "cpus", "os"} <= set(data["environment"])
    assert data["options"] == {"rounds": 1, "quick": True, "transports": ["local", "tcp"]}
    found = {(e["case"], e["metric"], e["transport"]): e for e in data["results"]}
    wanted = [("signals", "rate"), ("result-watcher", "p50"), ("result-watcher", "p99")]
    if not absent("numpy"):
        wanted.append(("array-4096", "rate"))
    assert set(found) == {(*names, t) for names in wanted for t in ("local", "tcp")}
    for (case, _, _), entry in found.items():
        for side in SIDES:
            check(case, side, entry)
        if not sides.missing("peer") and case != "array-4096":
            medians = [entry["sides"][side]["median"] for side in SIDES]
            assert entry["ratio"] == pytest.approx(medians[0] / medians[1])
    # The table that goes with it, printed.
    assert "signals (int, str)" in done.stdout


def check(case: str, side: str, entry: dict[str, Any]) -> None:
    samples = entry["sides"][side]
    if side == "peer" and sides.missing(side):
        assert samples["median"] is None and "cannot be imported" in samples["cannot"]
    elif case == "array-4096" and side == "peer":
        assert samples["median"] is None and samples["cannot"]
    else:
        assert not samples["failed"]
        assert len(samples["samples"]) == 1
        assert samples["median"] > 0


def absent(module: str) -> bool:
    try:
        __import__(module)
    except ImportError:
        return True
    return False


def test_unknownCaseIsRefusedInWords() -> None:
    done = benchmark("--only", "nonsense")
    assert done.returncode == 2
    assert "no case matches 'nonsense'" in done.stderr


def test_casesAreChosenByWildcardAndName() -> None:
    assert [case.key for case in chosen("bytes*")] == ["bytes-1k", "bytes-100k", "bytes-4m"]
    assert [case.key for case in chosen("echo, idle")] == ["echo", "idle"]
    assert len(chosen("")) == len({case.key for case in CASES}) == len(CASES)


class TestChildren:
    """A child that cannot, hangs or dies is a `Failed` that says so."""

    server = ("ours", "tcp://127.0.0.1:0", "bench", "0")

    def test_childThatRaisesSaysWhy(self) -> None:
        words = "ValueError: nothing to share is called 'nothing'"
        with (
            Child("server", [*self.server[:2], "nothing", "0"], None) as child,
            pytest.raises(Failed, match=words),
        ):
            child.said(60)

    def test_childThatKeepsSilentIsGivenUp(self) -> None:
        with Child("server", [*self.server], None) as child:
            assert child.said(60)["url"].startswith("tcp://127.0.0.1:")
            with pytest.raises(Failed, match="no answer within"):
                child.said(0.5)
            assert not child.ended()
        assert child.ended()

    @pytest.mark.skipif(os.name == "nt", reason="no signals")
    def test_deathBesideIsNoticedAtOnce(self) -> None:
        with (
            Child("server", [*self.server], None) as waiting,
            Child("server", [*self.server], None) as dying,
        ):
            waiting.said(60)
            os.kill(dying.pid(), signal.SIGKILL)
            with pytest.raises(Failed, match="server died of SIGKILL"):
                waiting.said(60, beside=dying)


def test_medianRatioAndTarget(results: list[Result]) -> None:
    p50, p99, arrays = report.rows(results)
    assert (p50.ours, p50.peer) == (120.0, 61.0)
    assert p50.ratio == pytest.approx(120 / 61)
    assert p50.times == pytest.approx(61 / 120)
    assert p50.met is False
    assert p99.ratio == pytest.approx(3.0) and p99.met is None
    assert arrays.ratio is None
    assert report.cell(arrays, "peer") == "-  (cannot)"


def test_scaledTargetFollowsThePeersEcho(results: list[Result]) -> None:
    assert report.echoScale(results) == pytest.approx(1.0)
    results[0].sides["peer"].figures[0]["p50"] = 122.0
    assert report.echoScale(results) == pytest.approx(0.5)
    target = Target("ours", ">=", 400_000.0, scaled=True)
    assert target.met(250_000.0, None, scale=0.5) is True
    assert target.met(250_000.0, None, scale=1.0) is False


def test_failuresAndInabilitiesAreNoted(results: list[Result]) -> None:
    notes = report.notes(results)
    assert any("SIGSEGV" in note and "echo over tcp" in note for note in notes)
    assert any("array-4096, QtRemoteObjects cannot" in note for note in notes)
    failed = Samples(failed="server: no answer within 60 s")
    row = report.rows([Result(byKey("signals"), "tcp", {"ours": failed})])[0]
    assert report.cell(row, "ours") == "failed: server: no answer within 60 s"


def test_markdownHasBothTransportsSideBySide(results: list[Result]) -> None:
    local = Result(byKey("echo"), "local", {"ours": Samples([{"p50": 50.0, "p99": 70.0}])})
    lines = report.markdown([local, *results]).splitlines()
    assert lines[0].count("pyside_ro") == 2
    echo = next(line for line in lines if "echo, p50" in line)
    assert "50.0 µs" in echo and "120 µs" in echo and "1.97" in echo


def test_numbersAreShort() -> None:
    assert [report.number(n) for n in (0.0, 1.234, 12.34, 123.4, 4321.0, 123_456.0)] == [
        "0.00",
        "1.23",
        "12.3",
        "123",
        "4,321",
        "123,000",
    ]


def test_plotIsAPicture(results: list[Result], tmp_path: Path, qapp: object) -> None:
    file = tmp_path / "ratios.png"
    plot(report.rows(results), str(file))
    image = QImage(str(file))
    assert not image.isNull()
    colours = {image.pixelColor(x, y).name() for x in range(0, 2200, 7) for y in range(0, 300, 7)}
    # Both of the echo's bars are worse than the peer's.
    assert "#d0533f" in colours and "#41a85f" not in colours
    with pytest.raises(OSError, match="cannot be written"):
        plot(report.rows(results), str(tmp_path / "nowhere" / "ratios.png"))
