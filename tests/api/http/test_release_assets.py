"""Assets of a release: kept for ever under their digest, compressed, never from outside."""

import gzip

import brotli
import pytest
from fastapi.testclient import TestClient

from api.http.files.release_assets import ReleaseAssets
from api.pages.assets import FOLDER

FONT = "vendor/plus-jakarta-sans/plus-jakarta-sans-latin-wght-normal.woff2"


@pytest.fixture(scope="module")
def release() -> str:
    return ReleaseAssets().release


def test_the_address_of_an_asset_is_kept_for_ever(client: TestClient, release: str) -> None:
    response = client.get(f"/assets/{release}/own/portal.css")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"].startswith("text/css")
    assert response.content == (FOLDER / "portal.css").read_bytes()


def test_the_address_of_another_release_answers_and_is_not_kept(client: TestClient) -> None:
    response = client.get(f"/assets/{'0' * 16}/own/portal.css")
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    ("encoding", "expand"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_a_text_is_compressed_and_a_font_is_not(
    client: TestClient, release: str, encoding: str, expand: object
) -> None:
    headers = {"Accept-Encoding": encoding}
    with client.stream("GET", f"/assets/{release}/own/portal.css", headers=headers) as response:
        assert response.headers["content-encoding"] == encoding
        assert response.headers["vary"] == "Accept-Encoding"
        content = b"".join(response.iter_raw())
    expand = brotli.decompress if encoding == "br" else gzip.decompress
    assert expand(content) == (FOLDER / "portal.css").read_bytes()
    font = client.get(f"/assets/{release}/{FONT}", headers=headers)
    assert font.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in font.headers


@pytest.mark.parametrize("name", ["own/none.css", "%2e%2e/a.py", "own/%2e%2e/%2e%2e/a.py", ""])
def test_nothing_but_an_asset_is_served(client: TestClient, release: str, name: str) -> None:
    response = client.get(f"/assets/{release}/{name}")
    assert response.status_code == 404
