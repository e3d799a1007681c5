"""The documentation under /docs/guide: its files, what a page may load, and that none is there."""

import base64
import hashlib
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages import documentation
from api.settings import Settings

SCRIPT = "let page = 1;"
BROWSER = {"Accept": "text/html"}


def policy(answer: object) -> dict[str, list[str]]:
    said: str = answer.headers["content-security-policy"]  # type: ignore[attr-defined]
    return {part.split()[0]: part.split()[1:] for part in said.split("; ")}


def test_the_folder_is_its_first_page_and_its_address_ends_with_a_slash(
    client: TestClient,
) -> None:
    assert client.get("/docs/guide/").text == client.get("/docs/guide/index.html").text
    moved = client.get("/docs/guide", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (307, "/docs/guide/")


def test_a_page_runs_its_own_script_and_loads_nothing_from_another_site(
    client: TestClient,
) -> None:
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    for page in ("", "deeper/page.html"):
        said = policy(client.get(f"/docs/guide/{page}"))
        assert said["default-src"] == ["'none'"]
        assert said["script-src"] == ["'self'", f"'sha256-{digest}'"]
        assert said["connect-src"] == said["frame-ancestors"] == ["'self'"]


def test_a_file_that_is_no_page_has_the_policy_that_allows_nothing(client: TestClient) -> None:
    said = policy(client.get("/docs/guide/guide.css"))
    assert said["default-src"] == ["'none'"]
    assert "script-src" not in said


def test_a_copy_is_asked_about_and_not_sent_again(client: TestClient) -> None:
    for path in ("/docs/guide/", "/docs/guide/guide.css"):
        first = client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["none.html", "deeper", "deeper/", "%2e%2e/app.py", "%2e%2e%2fapp.py"]
)
def test_nothing_but_files_of_the_site_is_found(client: TestClient, path: str) -> None:
    answer = client.get(f"/docs/guide/{path}", follow_redirects=False)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.fixture
def without_site(
    small_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FastAPI:
    monkeypatch.setattr(documentation, "FOLDER", tmp_path / "never-built")
    return create_app(small_settings)


def test_a_server_without_the_site_says_how_to_build_it(without_site: FastAPI) -> None:
    with TestClient(without_site) as client:
        for path in ("/docs/guide/", "/docs/guide/index.html", "/docs/guide/records.html"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "guide-not-built")
            assert "make docs" in answer.json()["message"]
            page = client.get(path, headers=BROWSER)
            assert page.headers["content-type"].startswith("text/html")
            assert page.text.count("make docs") == 2, "in both languages"
