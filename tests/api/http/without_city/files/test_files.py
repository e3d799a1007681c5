"""Files over HTTP: page assets and the documentation, validated at each use, with policies."""

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.http.files.asset_files import Assets
from api.http.files.documentation import CurrentDocumentation, DocumentationFiles
from geodata.errors import NotFoundError
from tests.api.http.without_city.small_app import request, small_app

SCRIPT = "let page = 1;"


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """A folder with a small documentation."""
    folder = tmp_path / "site"
    (folder / "deeper").mkdir(parents=True)
    (folder / "index.html").write_text(f"<title>Pertama é</title><script>{SCRIPT}</script>")
    (folder / "deeper" / "page.html").write_text("<title>Second</title>")
    (folder / "guide.css").write_text("body { margin: 0; }")
    (folder / "page.html.txt").write_text("no page")
    (tmp_path / "outside.html").write_text("outside")
    return folder


def _scope(method: str = "GET", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {"type": "http", "method": method, "path": "/", "headers": pairs}


def _file(guide: Path, path: str, **headers: str) -> Response:
    return asyncio.run(DocumentationFiles(guide).file(path, _scope(**headers)))


def _directives(response: Response) -> dict[str, str]:
    policy = response.headers["content-security-policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))


@pytest.mark.parametrize("path", ["", "index.html", "deeper/page.html"])
def test_a_page_of_the_documentation_loads_only_files_of_the_site(guide: Path, path: str) -> None:
    response = _file(guide, path)
    assert (response.status_code, response.media_type) == (200, "text/html")
    assert response.headers["cache-control"] == "no-cache"
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    own_script = "" if path.startswith("deeper") else f" 'sha256-{digest}'"
    assert _directives(response) == {
        "default-src": "'none'",
        "script-src": f"'self'{own_script}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
    }


@pytest.mark.parametrize("path", ["guide.css", "page.html.txt"])
def test_a_file_that_is_no_page_has_no_policy_of_its_own(guide: Path, path: str) -> None:
    response = _file(guide, path)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"
    assert "content-security-policy" not in response.headers


def test_a_file_that_the_browser_has_is_not_sent_again(guide: Path) -> None:
    etag = _file(guide, "").headers["etag"]
    again = _file(guide, "", if_none_match=etag)
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")
    assert _file(guide, "", if_none_match='"other"').status_code == 200


def test_a_page_that_changes_gets_a_new_policy(guide: Path) -> None:
    before = _directives(_file(guide, "deeper/page.html"))["script-src"]
    (guide / "deeper" / "page.html").write_text("<script>let changed = 1;</script>")
    after = _directives(_file(guide, "deeper/page.html"))["script-src"]
    digest = base64.b64encode(hashlib.sha256(b"let changed = 1;").digest()).decode()
    assert (before, after) == ("'self'", f"'self' 'sha256-{digest}'")


@pytest.mark.parametrize("path", ["none.html", "deeper", "../outside.html", "/etc/passwd"])
def test_no_file_outside_of_the_site_is_found(guide: Path, path: str) -> None:
    with pytest.raises(HTTPException) as raised:
        _file(guide, path)
    assert raised.value.status_code == 404


def test_a_server_without_the_documentation_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as raised:
        _file(tmp_path / "none", "")
    assert raised.value.code == "guide-not-built"
    assert raised.value.message == (
        "The documentation of this server is not built. Run `make docs` in the folder of the "
        "project, then load this page again."
    )
    assert raised.value.indonesian == (
        "Dokumentasi belum dibuat untuk server ini. Jalankan `make docs` di folder proyek, lalu "
        "muat ulang halaman ini."
    )


def test_a_route_gets_the_documentation_of_its_application(guide: Path) -> None:
    app: FastAPI = small_app()
    app.state.documentation = DocumentationFiles(guide)

    @app.get("/docs/guide/{path:path}")
    async def _(path: str, request: Request, files: CurrentDocumentation) -> Response:
        return await files.file(path, request.scope)

    assert request(app, "/docs/guide/guide.css").body == b"body { margin: 0; }"


def test_an_asset_comes_from_the_first_folder_that_has_it(tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        (folder / "both.js").write_text(folder.name)
    (folders[1] / "map-worker.mjs").write_text("worker")
    (folders[1] / "worker.mjs").write_text("no worker")
    app = Assets(*folders)
    assert request(app, "/both.js").body == b"first"
    worker, other = request(app, "/map-worker.mjs"), request(app, "/worker.mjs")
    assert (worker.body, other.body) == (b"worker", b"no worker")
    assert worker.headers["content-security-policy"] == (
        "default-src 'none'; connect-src 'self'; script-src 'self'"
    )
    assert "content-security-policy" not in other.headers
    assert {answer.headers["cache-control"] for answer in (worker, other)} == {"no-cache"}
    etag = (("If-None-Match", worker.headers["etag"]),)
    assert request(app, "/map-worker.mjs", headers=etag).status == 304


def test_an_application_is_made_before_its_assets_exist(tmp_path: Path) -> None:
    assets = Assets(tmp_path / "later")
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "zones.js").write_text("zones")
    assert request(assets, "/zones.js").body == b"zones"
    with pytest.raises(HTTPException) as raised:
        request(assets, "/none.js")
    assert raised.value.status_code == 404
