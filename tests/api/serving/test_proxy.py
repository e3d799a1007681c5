"""The server behind nginx, with the configuration file of docs/operating.md."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2 as httpx
import pytest

from tests.databases import copy_of
from tests.servers import TIMEOUT, reserved_port, served, wait_for_tiles

_EXAMPLE: Final = Path(__file__).resolve().parents[3] / "docs/examples/nginx.conf"
_NGINX: Final = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(
    _NGINX is None, reason="nginx is not installed (on Debian: apt-get install nginx-light)"
)
TOKEN: Final = "an-official-token-of-some-length"
# Only the parts of the example that belong to its machine are replaced.
_REPLACEMENTS: Final = {
    r"listen 443 ssl http2;": "listen 127.0.0.1:{port};",
    r" *ssl_certificate(_key)? .*\n": "",
    r"/var/cache/nginx": "{folder}",
    r"/var/log/nginx": "{folder}",
    r"server 127\.0\.0\.1:8000;": "server 127.0.0.1:{behind};",
    r"\$scheme;": "https;",
}
# Otherwise nginx runs as nobody, who may not read the folder of the test.
_USER: Final = "user root;" if os.geteuid() == 0 else ""
_MAIN_CONFIGURATION: Final = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    include {folder}/zonasi.conf;
}}
"""


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[httpx.Client]:
    """nginx with the example, in front of a server on a port."""
    with reserved_port() as port:
        example = _EXAMPLE.read_text()
        for pattern, replacement in _REPLACEMENTS.items():
            example, count = re.subn(
                pattern, replacement.format(folder=folder, port=port, behind=behind), example
            )
            assert count, pattern
        (folder / "zonasi.conf").write_text(example)
        (folder / "nginx.conf").write_text(_MAIN_CONFIGURATION.format(folder=folder, user=_USER))
        command: list[str | Path] = [
            str(_NGINX),
            "-p",
            folder,
            "-e",
            folder / "error.log",
            "-c",
            folder / "nginx.conf",
        ]
        process = subprocess.Popen(command)
        try:
            without_keepalive = httpx.Limits(max_keepalive_connections=0)
            base_url = f"http://127.0.0.1:{port}/zonasi"
            with httpx.Client(
                base_url=base_url, timeout=TIMEOUT, limits=without_keepalive
            ) as client:
                _await(client, process)
                yield client
        finally:
            process.terminate()
            process.wait(timeout=TIMEOUT)


def _await(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            client.get("/healthz")
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("nginx did not start")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def proxied(
    small_database: str, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    url = copy_of(small_database, tmp_path_factory.mktemp("city"))
    with (
        served(url, "--root-path", "/zonasi", MIKROZONASI_TOKEN=TOKEN) as client,
        nginx(folder, client.base_url.port or 0) as front,
    ):
        yield front


def test_links_have_the_host_and_scheme_of_the_proxy(proxied: httpx.Client) -> None:
    tilejson = proxied.get("/tilejson", headers={"Host": "kota.example"}).json()
    assert tilejson["tiles"][0].startswith("https://kota.example/zonasi/tiles/")
    page = proxied.get("/map")
    assert page.status_code == 200
    scripts = re.findall(r'src="(/[^"]*/assets/[^"]*)"', page.text)
    assert scripts
    for script in scripts:
        assert proxied.get(script.removeprefix("/zonasi")).status_code == 200


def test_the_proxy_caches_a_tile_compressed_and_uncompressed(proxied: httpx.Client) -> None:
    wait_for_tiles(proxied)
    template = proxied.get("/tilejson?date=2021-07-15").json()["tiles"][0]
    path = template.partition("/zonasi")[2].format(z=12, x=3304, y=2127)
    for packing in ("gzip", "identity"):
        headers = {"Accept-Encoding": packing}
        first = proxied.get(path, headers=headers)
        again = proxied.get(path, headers=headers)
        assert (first.status_code, first.content) == (200, again.content)
        assert (first.headers["x-cache"], again.headers["x-cache"]) == ("MISS", "HIT")
        assert again.headers.get("content-encoding", "identity") == packing


def test_files_of_records_pass_completely_and_leave_no_temporary_file(
    proxied: httpx.Client, folder: Path
) -> None:
    rows = "".join(f"POS-{n},suspek,,33.74.01.1003,1,1\n" for n in range(60_000))
    body = f"id_kasus,status,tgl_konfirmasi,kelurahan,rt,rw\n{rows}".encode()
    assert len(body) > 1_000_000
    headers = {"Content-Type": "text/csv"}
    assert proxied.post("/records/cases", content=body, headers=headers).status_code == 401
    headers["Authorization"] = f"Bearer {TOKEN}"
    answer = proxied.post("/records/cases", content=body, headers=headers)
    assert (answer.status_code, answer.json()["read"]) == (200, 60_000)
    assert not any((folder / "bodies").rglob("*"))


def test_a_large_body_of_another_request_is_refused(proxied: httpx.Client) -> None:
    assert proxied.post("/locate", content=b"x" * 70_000).status_code == 413


def test_the_log_has_no_positions(proxied: httpx.Client, folder: Path) -> None:
    proxied.get("/locate?lon=110.4203&lat=-6.9932")
    deadline = time.monotonic() + TIMEOUT
    while '"GET /zonasi/locate"' not in (log := (folder / "zonasi.log").read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert "110.4203" not in log
