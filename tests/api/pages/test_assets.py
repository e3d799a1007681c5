"""The assets of pages over HTTP: only files of the public folders are served."""

import pytest
from fastapi.testclient import TestClient

from api.pages.assets import FOLDER, GUIDE_CSS, GUIDE_JS, OGC_CSS


@pytest.mark.parametrize("asset", [GUIDE_JS, GUIDE_CSS, OGC_CSS])
def test_every_asset_of_pages_is_served(client: TestClient, asset: str) -> None:
    answer = client.get(f"/assets/{asset}")
    assert answer.status_code == 200
    assert answer.content == (FOLDER.parent / asset).read_bytes()


@pytest.mark.parametrize("path", ["own/__init__.py", "vendor/__init__.py", "__init__.py", "own/"])
def test_a_python_module_is_not_served(client: TestClient, path: str) -> None:
    assert client.get(f"/assets/{path}").status_code == 404


def test_the_public_folder_has_no_python_module() -> None:
    assert not list(FOLDER.rglob("*.py"))
