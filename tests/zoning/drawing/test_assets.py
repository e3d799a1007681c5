"""Page assets: locked by hash, no host names, copied completely."""

import json
from pathlib import Path

import pytest

from zoning.drawing.assets import (
    ADDED_CSS,
    ADDED_JS,
    FOLDER,
    JQUERY_JS,
    KEPT_JS,
    LEAFLET_CSS,
    LEAFLET_JS,
    OWN_JS,
    ZONES_CSS,
    asset_text,
)
from zoning.drawing.assets.__main__ import VENDOR_FILES, copy_vendor_files


def test_the_lock_has_a_hash_for_every_package_and_names_no_host() -> None:
    text = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert set(VENDOR_FILES) <= {name.removeprefix("node_modules/") for name in packages}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "http" not in text


def test_only_listed_files_are_copied_without_the_dist_folder(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    for package, names in VENDOR_FILES.items():
        for name in [*names, "dist/extra.js", "install.js"]:
            path = modules / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
    copied = copy_vendor_files(modules, tmp_path / "vendor")
    files = [path for path in (tmp_path / "vendor").rglob("*") if path.is_file()]
    assert sorted(files) == sorted(copied)
    assert not any("extra" in path.name or "install" in path.name for path in files)
    assert (tmp_path / "vendor/leaflet/images/layers.png").read_text() == "dist/images/layers.png"


@pytest.mark.parametrize(
    "name",
    [LEAFLET_JS, LEAFLET_CSS, ZONES_CSS, KEPT_JS, ADDED_JS, ADDED_CSS, JQUERY_JS, *OWN_JS.values()],
)
def test_the_assets_of_pages_exist(name: str) -> None:
    assert len(asset_text(name)) > 1000


def test_licences_are_copied_with_their_files() -> None:
    for package in VENDOR_FILES:
        assert any(name.startswith("LICENSE") for name in VENDOR_FILES[package])
