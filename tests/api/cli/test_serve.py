"""The command serve: commands work through the server, and wrong options are refused.

Servers are separate processes. Other commands run in the process of the tests, which to the server
is another process: the start of a process takes three seconds.
"""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from typer.testing import CliRunner, Result

from api.cli import main
from geodata.sample_city import SampleCity
from geodata.settings import SECRET
from geodata.store import database_path
from geodata.store.shared.wire import socket_path
from tests.databases import Server, copy_of
from tests.servers import TIMEOUT, served, served_with_few_files, wait_for_tiles
from tests.zoning import ward
from tests.zoning.ward import Case

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def answer(*words: object) -> dict[str, Any]:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.stderr
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


def test_commands_work_through_the_server_that_holds_the_file(
    small_database: str, small_sample: SampleCity, tmp_path: Path
) -> None:
    url = copy_of(small_database, tmp_path)
    with served(url) as client:
        assert client.get("/healthz").json()["latest"] == "2021-07-15"
        small_sample.cases.head(50).to_csv(tmp_path / "again.csv", index=False)
        loaded = answer("records", "load", "cases", tmp_path / "again.csv", "--database", url)
        assert (loaded["read"], loaded["unchanged"] > 40) == (50, True)
        run_summary = answer("zones", "run", "--database", url, "--date", "2021-07-16")
        assert run_summary["published"] == 1
        assert client.get("/healthz").json()["latest"] == "2021-07-16"
        export_summary = answer(
            *("zones", "export", "--database", url, "--date", "2021-07-16"),
            *("--format", "csv", "--output", tmp_path / "zones.csv"),
        )
        assert export_summary["run"] == run_summary["days"][0]["run"]
        second = call("serve", "--database", url, "--port", "1")
        assert (second.exit_code, "[database-held]" in second.stderr) == (1, True), second.stderr
        upgrade = call("database", "upgrade", "--database", url)
        assert "[database-held]" in upgrade.stderr
    assert not socket_path(database_path(url)).exists()


@pytest.fixture(scope="module")
def daily_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that computes the days of a city without published days, and trusts one proxy."""
    with ward.open_ward(tmp_path_factory.mktemp("daily"), CASES) as store:
        url = store.url
    with served(url, "--daily", "00:00", "--proxy", "192.0.2.7") as client:
        yield client


def wait_for_days(client: httpx.Client) -> None:
    deadline = time.monotonic() + TIMEOUT
    while client.get("/healthz").status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert client.get("/healthz").status_code == 200


def test_the_server_computes_the_days(daily_server: httpx.Client) -> None:
    wait_for_days(daily_server)


def test_several_workers_serve_a_postgresql_database(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with ward.new_ward(postgres_server.new(), CASES) as store:
        url = store.url
    answer("zones", "run", "--database", url, "--date", "2021-06-05")
    with served(url, "--workers", "2", "--root-path", "/zonasi") as client:
        template = client.get("/tilejson", headers=BEHIND).json()["tiles"][0]
        assert template.startswith("https://kota.example/zonasi/tiles/")
        assert client.get("/healthz").json()["latest"] == "2021-06-05"
        answer("zones", "run", "--database", url, "--date", "2021-06-06")
        for _ in range(6):
            assert client.get("/healthz").json()["latest"] == "2021-06-06"


BEHIND = {"Host": "kota.example", "X-Forwarded-Proto": "https"}


def test_every_link_leads_through_the_proxy(small_database: str, tmp_path: Path) -> None:
    url = copy_of(small_database, tmp_path)
    with served(url, "--root-path", "/zonasi") as client:
        (template,) = client.get("/tilejson", headers=BEHIND).json()["tiles"]
        public_url = "https://kota.example/zonasi"
        assert template.startswith(f"{public_url}/tiles/")
        landing = client.get("/ogc?f=json", headers=BEHIND).json()
        assert all(link["href"].startswith(public_url) for link in landing["links"])
        assert f'<iframe src="{public_url}/embed' in client.get("/embed/guide", headers=BEHIND).text
        page = client.get("/embed", headers=BEHIND).text
        scripts = re.findall(r'(?:src|href)="([^"]*/assets/[^"]*)"', page)
        assert scripts
        for script in scripts:
            # The proxy removes the path.
            assert script.startswith("/zonasi/")
            assert client.get(script.removeprefix("/zonasi"), headers=BEHIND).status_code == 200
        tile_path = template.removeprefix(public_url).format(z=12, x=3304, y=2127)
        assert wait_for_tiles(client).get(tile_path, headers=BEHIND).status_code in {200, 204}


def test_only_the_named_proxy_is_trusted(daily_server: httpx.Client) -> None:
    wait_for_days(daily_server)
    template = daily_server.get("/tilejson", headers=BEHIND).json()["tiles"][0]
    assert template.startswith("http://kota.example/tiles/")


def test_many_incomplete_requests_block_no_client(tmp_path: Path) -> None:
    """There are more requests than the process may open files; the default limit is higher."""
    with ward.open_ward(tmp_path, CASES) as store:
        url = store.url
    answer("zones", "run", "--database", url, "--date", "2021-06-05")
    with served_with_few_files(url, 300) as client, ExitStack() as connections:
        for number in range(700):
            connection = connections.enter_context(
                socket.create_connection(("127.0.0.1", client.base_url.port))
            )
            connection.sendall(b"GET / HTTP/1.1\r\nHost: kota.example\r\nA: ")
            if number % 100 == 99:
                assert client.get("/healthz").status_code == 200
        for _ in range(20):
            assert client.get("/healthz").json()["latest"] == "2021-06-05"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("--workers", "2"), 1, "[one-process]"),
        (("--daily", "night"), 2, "02:00"),
        (("--root-path", "zonasi"), 2, "/zonasi"),
        (("--root-path", "/zonasi/"), 2, "/zonasi."),
        (("--root-path", "https://kota.example/zonasi"), 2, "/zonasi."),
        (("--proxy", "kota.example"), 2, "10.0.0.0/8"),
        (("--proxy", "10.0.0.1,"), 2, "10.0.0.0/8"),
        (("--daily", "02:00+07:00"), 2, "02:00"),
    ],
)
def test_wrong_options_are_refused_with_a_sentence_and_no_server_starts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    status: int,
    message: str,
) -> None:
    starts: list[object] = []
    monkeypatch.setattr("api.cli.serve.open_store", lambda *args, **_: starts.append(args))
    result = call("serve", "--database", f"duckdb:///{tmp_path}/x.duckdb", *words)
    assert (result.exit_code, message in result.stderr) == (status, True)
    assert not starts


def test_a_wrong_profile_is_refused_with_its_field_and_no_server_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[object] = []
    monkeypatch.setattr("api.cli.serve.open_store", lambda *args, **_: starts.append(args))
    profile = tmp_path / "city.toml"
    profile.write_text('[doctor]\nid = "a"\nen = "b"\nfax = "1"\n')
    monkeypatch.setenv("MIKROZONASI_PROFILE", str(profile))
    result = call("serve", "--database", f"duckdb:///{tmp_path}/x.duckdb")
    assert result.exit_code == 1
    assert "city.toml" in result.stderr
    assert "doctor.fax" in result.stderr
    assert "[invalid-profile]" in result.stderr
    assert not starts


def test_a_websocket_request_gets_an_ordinary_answer_and_no_warning_is_logged(
    small_database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with served(copy_of(small_database, tmp_path)) as client:
        answers = [
            client.get(path, headers=headers) for path in ("/healthz", "/socket", "/records")
        ]
        plain = [client.get(path) for path in ("/healthz", "/socket", "/records")]
    assert [answer.status_code for answer in answers] == [answer.status_code for answer in plain]
    assert answers[0].status_code == 200
    log = "".join(capfd.readouterr())
    assert "pip install" not in log
    assert "Unsupported upgrade" not in log
