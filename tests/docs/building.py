"""Builds the documentation site as `make docs` does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def built_site(folder: Path) -> Path:
    """Folder of the built site; a warning is an error."""
    recipe = (ROOT / "Makefile").read_text().partition("sphinx-build ")[2]
    arguments = recipe.partition("\n")[0].split()
    options = arguments[: arguments.index("-d")]
    assert "-W" in options
    # Sphinx changes settings of the whole process, so it runs in a separate process.
    process = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "-d", folder / "trees", "docs", folder / "html"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=350,
    )
    assert process.returncode == 0, process.stderr
    return folder / "html"
