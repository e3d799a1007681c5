"""Where the public address is set, no header of a request changes an answer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from typer.testing import CliRunner

from api.app import create_app
from api.cli.main import main
from api.settings import Settings
from tests.api.routes.every_route import every_get

PUBLIC = "https://zonasi.kota.example/zonasi"
FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Port": "666",
    "X-Original-URL": "/evil",
    "Forwarded": "host=evil.example;proto=gopher",
}
HOSTS = [
    "evil.example",
    "evil.example:666",
    "evil.example/evil?",
    "evil.example#",
    "user@evil.example",
    "[::1]:666",
    "",
    "a b",
    "\tevil",
    "evil.example\\@zonasi.kota.example",
]


@pytest.fixture(scope="module")
def public_client(small_settings: Settings) -> Iterator[TestClient]:
    """A client of the small city, whose settings have a public address."""
    settings = small_settings.model_copy(update={"public_url": PUBLIC})
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def fetch(client: TestClient, path: str, headers: dict[str, str]) -> tuple[int, Any, bytes]:
    """Status, headers and body without the time of the answer."""
    answer = client.get(path, headers=headers, follow_redirects=False)
    body = re.sub(rb'"timeStamp":"[^"]*"', b"", answer.content)
    return answer.status_code, sorted(answer.headers.items()), body


REDIRECTED = [
    "/zones/",
    "/ogc/",
    "/ogc/collections/zones-rt/items/?limit=1",
    "/embed/guide/",
    "/docs/",
]
ERRORS = ["/nothing", "/zones/no-such-code", "/map?date=2099-01-01", "/zones?dat=1"]


def test_a_forged_host_changes_nothing_in_any_answer(public_client: TestClient) -> None:
    paths = [*every_get(public_client), *REDIRECTED, *ERRORS]
    assert len(paths) > 40
    for path in paths:
        for accept in ("*/*", "text/html"):
            honest = fetch(public_client, path, {"Accept": accept})
            assert fetch(public_client, path, {"Accept": accept, **FORGED}) == honest, path
            assert b"evil" not in honest[2] + repr(honest[1]).encode()
            assert b"testserver" not in honest[2] + repr(honest[1]).encode(), path


@pytest.mark.parametrize("host", HOSTS)
def test_no_form_of_the_host_header_appears_in_an_answer(
    public_client: TestClient, host: str
) -> None:
    for path in ["/tilejson", "/zones?level=rt&limit=1", "/ogc", "/?lang=en", "/map", *REDIRECTED]:
        assert fetch(public_client, path, {"Host": host}) == fetch(public_client, path, {}), path


def test_links_begin_with_the_public_address(public_client: TestClient) -> None:
    assert public_client.get("/tilejson").json()["tiles"][0].startswith(f"{PUBLIC}/tiles/")
    assert public_client.get("/tilestyle").json()["sources"]["zones"]["url"] == f"{PUBLIC}/tilejson"
    (next_link,) = public_client.get("/zones?limit=2&level=rt&date=2021-07-15").json()["links"]
    assert next_link["href"] == f"{PUBLIC}/zones?limit=2&level=rt&date=2021-07-15&offset=2"
    links = public_client.get("/ogc").json()["links"]
    assert links
    assert all(link["href"].startswith(f"{PUBLIC}/ogc") for link in links)
    for path in REDIRECTED:
        answer = public_client.get(path, follow_redirects=False)
        assert answer.status_code == 307
        assert answer.headers["location"].startswith("/zonasi/")
    page = public_client.get("/map").text
    assert re.search(r'src="/zonasi/assets/[0-9a-f]{16}/vendor/leaflet/leaflet\.js"', page)
    assert 'href="/zonasi/map"' in public_client.get("/").text
    assert public_client.get("/openapi.json").json()["servers"] == [{"url": "/zonasi"}]


def test_another_public_address_changes_the_etag(
    public_client: TestClient, small_settings: Settings
) -> None:
    other = small_settings.model_copy(update={"public_url": "https://other.example"})
    with TestClient(create_app(other)) as client:
        for path in ("/tilejson", "/zones?level=rt&limit=1", "/ogc", "/embed/guide"):
            etag = public_client.get(path).headers["etag"]
            assert client.get(path, headers={"If-None-Match": etag}).status_code == 200
            assert public_client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_a_proxy_that_keeps_the_path_changes_no_answer(
    public_client: TestClient, small_settings: Settings
) -> None:
    """With --root-path, as uvicorn passes it: the path comes before each address."""
    settings = small_settings.model_copy(update={"public_url": PUBLIC})
    with TestClient(create_app(settings), root_path="/zonasi") as behind:
        for path in ("/tilejson", "/zones?level=rt&limit=1", "/ogc", "/map", "/zones/"):
            assert fetch(behind, path, FORGED) == fetch(public_client, path, {}), path
            assert (
                fetch(behind, f"/zonasi{path}", FORGED)[2] == fetch(public_client, path, {})[2]
            ), path


@pytest.mark.parametrize(
    ("value", "public_url"),
    [
        ("https://zonasi.semarangkota.go.id/zonasi", "https://zonasi.semarangkota.go.id/zonasi"),
        ("https://zonasi.semarangkota.go.id/", "https://zonasi.semarangkota.go.id"),
        ("http://10.0.0.7:8000", "http://10.0.0.7:8000"),
        ("http://localhost", "http://localhost"),
        ("https://xn--a-b.x-y.id", "https://xn--a-b.x-y.id"),
        (f"https://{'a' * 63}.id", f"https://{'a' * 63}.id"),
        ("http://[fd00::7]:8000/a/b-c", "http://[fd00::7]:8000/a/b-c"),
        ("", None),
        (None, None),
    ],
)
def test_a_public_address_is_accepted(value: str | None, public_url: str | None) -> None:
    assert Settings(public_url=value).public_url == public_url


@pytest.mark.parametrize(
    "value",
    [
        "peta.example",
        "//peta.example",
        "ftp://peta.example",
        "javascript:alert(1)",
        "https://",
        "https:///zonasi",
        "https://user:secret@zonasi.example",
        "https://zonasi.example/zonasi?date=1",
        "https://zonasi.example/#top",
        "https://zonasi.example//zonasi",
        "https://zonasi.example/../zonasi",
        "https://zonasi.example/zonasi/..",
        "https://zonasi.example:0",
        "https://zonasi.example:70000",
        "https://zonasi.example:",
        "https://zonasi.example/a b",
        "https://zonasi.example\r\nX: y",
        "https://zonasi.example/<b>",
        'https://zonasi.example/"',
        " https://zonasi.example",
        "https://-.example",
        "https://a..b",
        "https://zonasi..example/zonasi",
        "https://zonasi.-example.id",
        "https://zonasi-.example.id",
        "https://.example",
        f"https://{'a' * 64}.example",
        "https://z\u043enasi.example",
    ],
)
def test_an_invalid_public_address_is_rejected_and_not_repeated(value: str) -> None:
    with pytest.raises(ValidationError) as error:
        Settings(public_url=value)
    assert "looks like https://" in str(error.value)
    assert "input_value" not in str(error.value)


def test_a_root_path_that_contradicts_the_public_address_is_rejected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MIKROZONASI_PUBLIC_URL", PUBLIC)
    url = f"duckdb:///{tmp_path}/none.duckdb"
    for root_path, code in (
        ("/kota", "two-paths"),
        ("/zonasi", "no-database"),
        ("", "no-database"),
    ):
        run = CliRunner().invoke(main, ["serve", "--database", url, "--root-path", root_path])
        assert run.exit_code == 1
        assert f"[{code}]" in run.output
