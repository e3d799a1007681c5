"""The documentation under /docs/guide: files, page policies, and a server without the site."""

import base64
import hashlib
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.files import documentation
from api.settings import Settings

SCRIPT = "let page = 1;"
BROWSER = {"Accept": "text/html"}


def policy(answer: object) -> dict[str, list[str]]:
    header: str = answer.headers["content-security-policy"]  # type: ignore[attr-defined]
    return {part.split()[0]: part.split()[1:] for part in header.split("; ")}


def test_the_folder_serves_its_first_page_at_an_address_with_a_final_slash(
    client: TestClient,
) -> None:
    assert client.get("/docs/guide/").text == client.get("/docs/guide/index.html").text
    redirect = client.get("/docs/guide", follow_redirects=False)
    assert (redirect.status_code, redirect.headers["location"]) == (307, "/docs/guide/")


def test_a_page_runs_its_own_script_and_loads_nothing_from_another_site(
    client: TestClient,
) -> None:
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    for page in ("", "deeper/page.html"):
        directives = policy(client.get(f"/docs/guide/{page}"))
        assert directives["default-src"] == ["'none'"]
        assert directives["script-src"] == ["'self'", f"'sha256-{digest}'"]
        assert directives["connect-src"] == directives["frame-ancestors"] == ["'self'"]


def test_a_file_that_is_not_a_page_has_the_policy_that_allows_nothing(client: TestClient) -> None:
    directives = policy(client.get("/docs/guide/guide.css"))
    assert directives["default-src"] == ["'none'"]
    assert "script-src" not in directives


def test_an_unchanged_file_is_validated_and_not_sent_again(client: TestClient) -> None:
    for path in ("/docs/guide/", "/docs/guide/guide.css"):
        first = client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["none.html", "deeper", "deeper/", "%2e%2e/app.py", "%2e%2e%2fapp.py"]
)
def test_only_files_of_the_site_are_found(client: TestClient, path: str) -> None:
    answer = client.get(f"/docs/guide/{path}", follow_redirects=False)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.fixture
def without_site(
    small_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FastAPI:
    monkeypatch.setattr(documentation, "FOLDER", tmp_path / "never-built")
    return create_app(small_settings)


def test_a_server_without_the_site_explains_how_to_build_it(without_site: FastAPI) -> None:
    with TestClient(without_site) as client:
        for path in ("/docs/guide/", "/docs/guide/index.html", "/docs/guide/records.html"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "guide-not-built")
            assert "make docs" in answer.json()["message"]
            for language in ("id", "en"):
                page = client.get(path, params={"lang": language}, headers=BROWSER)
                assert page.headers["content-type"].startswith("text/html")
                assert page.text.count("make docs") == 1
