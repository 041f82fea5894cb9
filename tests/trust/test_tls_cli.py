"""The command line's --tls-ca, --tls-cert and --tls-key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import run, running
from tests.helpers import PeerProcess
from tests.trust.certificates import Pki
from tests.trust.tls_sides import gauge_host, registry_host

Peer = Callable[..., PeerProcess]


def given(pki: Pki, name: str = "", authority: str = "") -> list[str]:
    found = pki.files(name, authority)
    names = {"certificate": "--tls-cert", "key": "--tls-key", "authority": "--tls-ca"}
    return [word for key, path in found.items() for word in (names[key], path)]


def test_verbs_that_connect(peer: Peer, pki: Pki) -> None:
    url = peer(gauge_host, tls=pki.files("host", "ca")).info["url"]
    mutual = given(pki, "client", "ca")
    for words, output in (
        (["list", url], "gauge"),
        (["show", url, "gauge"], "ticked"),
        (["call", url, "gauge", "add", "2", "3"], "5"),
    ):
        done = run(*words, *mutual)
        assert done.returncode == 0, done.stderr
        assert output in done.stdout


def test_refusals_say_why(peer: Peer, pki: Pki) -> None:
    url = peer(gauge_host, tls=pki.files("host", "ca"), allow_stderr=["client"]).info["url"]
    for options, words in (
        (["--tls-ca", str(pki.folder / "stranger-ca.pem")], "unknown authority"),
        (given(pki, "", "ca"), "the host demands a certificate"),
    ):
        done = run("list", url, "--timeout", "2", *options)
        assert done.returncode == 3
        assert words in done.stderr


def test_a_registry_and_its_certificate(pki: Pki) -> None:
    done = run("registry", "tls://127.0.0.1:0")
    assert done.returncode == 2
    assert "--tls-cert FILE and --tls-key FILE" in done.stderr
    with running("registry", "tls://127.0.0.1:0", *given(pki, "host")) as service:
        url = service.wait_output(r"tls://127\.0\.0\.1:\d+")[0]
        found = run("list", url, *given(pki, "", "ca"))
        assert found.returncode == 0, found.stderr
        assert "Registry" in found.stdout
        service.terminate()
        assert service.finish()[0] == 0


@pytest.mark.parametrize(
    ("flag", "open_"),
    [("", True), ("--tls-demand-certificates", False), ("--no-tls-demand-certificates", True)],
)
def test_a_proxy_checks_the_other_registry_and_its_clients_if_told(
    peer: Peer, pki: Pki, flag: str, open_: bool
) -> None:
    registry = peer(registry_host, tls=pki.files("host", "ca", demandCertificates=False))
    peer(gauge_host, tls=pki.files("host", "ca"), registryUrl=registry.info["url"])
    flags = [flag] if flag else []
    words = ("proxy", registry.info["url"], "tls://127.0.0.1:0", *given(pki, "host", "ca"), *flags)
    with running(*words) as service:
        url = service.wait_output(r"tls://127\.0\.0\.1:\d+")[0]
        found = run("list", url, "--timeout", "3", *given(pki, "", "ca"))
        if open_:
            assert found.returncode == 0, found.stderr
        else:
            assert found.returncode == 3
            assert "the host demands a certificate" in found.stderr
            found = run("list", url, *given(pki, "client", "ca"))
            assert found.returncode == 0, found.stderr
        service.terminate()
        code, errors = service.finish()
        assert code == 0
        assert ("clients need no certificate here" in errors) == (not flag)


@pytest.mark.parametrize(("flag", "open_"), [("", False), ("--no-tls-demand-certificates", True)])
def test_a_registry_with_an_authority_demands_certificates(
    pki: Pki, flag: str, open_: bool
) -> None:
    flags = [flag] if flag else []
    with running("registry", "tls://127.0.0.1:0", *given(pki, "host", "ca"), *flags) as service:
        url = service.wait_output(r"tls://127\.0\.0\.1:\d+")[0]
        found = run("list", url, "--timeout", "3", *given(pki, "", "ca"))
        assert found.returncode == (0 if open_ else 3), found.stderr


def test_watching_a_host_that_is_killed_and_comes_back(pki: Pki, tmp_path: Path, port: int) -> None:
    key = tmp_path / "lab.key"
    key.write_text("a key of more than sixteen bytes")
    key.chmod(0o600)
    here = ["--tls-demand-certificates", *given(pki, "host", "ca"), "--key-file", str(key)]
    there = [*given(pki, "client", "ca"), "--key-file", str(key)]
    url = f"tls://127.0.0.1:{port}"
    with running("demo", "--role", "host", "--url", url, *here) as host:
        url = host.wait_output(r"tls://127\.0\.0\.1:\d+")[0]
        with running("watch", url, "gps", "latitude", *there) as watch:
            watch.wait_output(r"gps\.latitude = ")
            host.process.kill()
            watch.wait_output(r"gps  Suspect  ")
            seen = len(watch.output)
            with running("demo", "--role", "host", "--url", url, *here) as again:
                again.wait_output(r"sharing")
                watch.wait_output(rf"(?s)\A.{{{seen}}}.*gps  Valid.*gps\.latitude = ")
                watch.interrupt()
                code, errors = watch.finish()
    assert (code, errors) == (130, "")


def test_the_demo(pki: Pki, tmp_path: Path) -> None:
    url = "tls://127.0.0.1:0"
    done = run("demo", "--role", "host", "--url", url)
    assert done.returncode == 2
    assert "--tls-cert FILE and --tls-key FILE" in done.stderr
    key = tmp_path / "lab.key"
    key.write_text("a key of more than sixteen bytes")
    key.chmod(0o600)
    trust = [*given(pki, "host", "ca"), "--key-file", str(key)]
    with running("demo", "--role", "host", "--url", url, *trust) as host:
        at = host.wait_output(r"tls://127\.0\.0\.1:\d+")[0]
        client = [*given(pki, "", "ca"), "--key-file", str(key)]
        found = run("list", at, *client)
        assert "printer" in found.stdout, found.stderr
        window = ("demo", "--role", "widgets", "--url", at, "--seconds", "0.5")
        done = run(*window, *client, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    done = run("demo", "--url", url, "--seconds", "0.5", *trust, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "updates seen" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--tls-ca", "none.pem"], "the authority 'none.pem' cannot be read"),
        (["--tls-key", "host.key"], "needs its certificate"),
        (["--tls-cert", "host.pem", "--tls-key", "client.key"], "is not that of the certificate"),
        (["--tls-cert", "host.key"], "holds a private key and no certificate"),
    ],
)
def test_mistakes(pki: Pki, options: list[str], words: str) -> None:
    done = run("list", "tls://127.0.0.1:5", *options, cwd=Path(pki.folder))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_certificates_are_demanded_of_some_authority(pki: Pki) -> None:
    done = run("registry", "tls://127.0.0.1:0", *given(pki, "host"), "--tls-demand-certificates")
    assert done.returncode == 2
    assert "needs the authority that issues them: --tls-ca FILE" in done.stderr
