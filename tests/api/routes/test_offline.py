"""The manifest and the service worker over HTTP."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings


def portal_of(script: str) -> dict[str, object]:
    found = re.match(r"const PORTAL = (.*);\n", script)
    assert found is not None
    values: dict[str, object] = json.loads(found[1])
    return values


@pytest.mark.parametrize(("query", "start"), [("", "/"), ("?lang=en", "/?lang=en")])
def test_the_manifest_names_the_service_its_start_and_its_logo(
    client: TestClient, query: str, start: str
) -> None:
    answer = client.get(f"/manifest.webmanifest{query}")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["scope"], manifest["start_url"]) == ("/", start)
    assert client.get(manifest["start_url"]).status_code == 200
    icon = client.get(manifest["icons"][0]["src"])
    assert icon.headers["content-type"].startswith(manifest["icons"][0]["type"])
    page = client.get(start).text
    assert f'<link rel="manifest" href="/manifest.webmanifest{query}">' in page


def test_the_manifest_of_another_city_has_its_name(
    small_settings: Settings, tmp_path: Path
) -> None:
    profile = tmp_path / "city.toml"
    profile.write_text('[service]\nid = "Kota Sehat"\nen = "Healthy City"\n')
    with TestClient(create_app(small_settings.model_copy(update={"profile": profile}))) as other:
        assert other.get("/manifest.webmanifest").json()["name"] == "Kota Sehat"
        assert other.get("/manifest.webmanifest?lang=en").json()["name"] == "Healthy City"


def test_the_service_worker_keeps_a_shell_that_exists_and_is_asked_for_anew(
    client: TestClient,
) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    values = portal_of(answer.text)
    shell = values["shell"]
    assert isinstance(shell, list)
    for address in (*shell, values["style"]):
        assert client.get(address).status_code == 200
    assert f"/assets/{values['release']}/" in client.get("/").text


def test_under_a_path_the_worker_and_the_manifest_stay_under_this_path(
    small_settings: Settings,
) -> None:
    settings = small_settings.model_copy(update={"public_url": "https://kota.example/zonasi"})
    with TestClient(create_app(settings)) as other:
        assert other.get("/manifest.webmanifest").json()["scope"] == "/zonasi/"
        values = portal_of(other.get("/service-worker.js").text)
        assert values["base"] == "/zonasi"
        assert 'href="/zonasi/manifest.webmanifest"' in other.get("/").text


def test_a_page_of_the_portal_may_start_the_worker_and_read_the_manifest(
    client: TestClient,
) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    assert "unsafe" not in policy
