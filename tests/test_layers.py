"""The layers hold: ``api`` imports ``zoning`` imports ``geodata``; so do the packages in them."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
NO_MODULES: Final = shutil.ignore_patterns("vendor", "node_modules", "__pycache__")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_imports_from_above() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("below", "above"), [("geodata.areas", "zoning"), ("zoning.risk", "zoning.zones")]
)
def test_an_import_upward_would_be_seen(tmp_path: Path, below: str, above: str) -> None:
    for layer in ("geodata", "zoning", "api"):
        shutil.copytree(ROOT / layer, tmp_path / layer, ignore=NO_MODULES)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / below.replace(".", "/")).with_suffix(".py").open("a") as module:
        module.write(f"import {above}\n")
    checked = lint_imports(tmp_path)
    assert checked.returncode != 0
    assert f"{below.removesuffix('.areas')} is not allowed to import {above}" in checked.stdout
