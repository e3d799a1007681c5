"""Builds the documentation site as `make docs` does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def built_site(folder: Path) -> Path:
    """Folder of the built site; a warning fails."""
    words = (ROOT / "Makefile").read_text().partition("sphinx-build ")[2].partition("\n")[0].split()
    options = words[: words.index("-d")]
    assert "-W" in options
    # A process of its own, as by hand: Sphinx changes settings of the whole process.
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "-d", folder / "trees", "docs", folder / "html"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=350,
    )
    assert built.returncode == 0, built.stderr
    return folder / "html"
