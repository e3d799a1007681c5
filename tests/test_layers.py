"""Imports go downward: ``api`` imports ``zoning``, ``zoning`` imports ``geodata``; packages too."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
MAX_MODULES: Final = 15
MAX_LINES: Final = 350
OTHER_FOLDERS: Final = frozenset({"vendor", "node_modules", "__pycache__"})
IGNORED_FOLDERS: Final = shutil.ignore_patterns("vendor", "node_modules", "__pycache__")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_module_imports_a_higher_layer() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("lower", "higher"), [("geodata.areas", "zoning"), ("zoning.risk", "zoning.zones")]
)
def test_an_upward_import_is_reported(tmp_path: Path, lower: str, higher: str) -> None:
    for layer in ("geodata", "zoning", "api"):
        shutil.copytree(ROOT / layer, tmp_path / layer, ignore=IGNORED_FOLDERS)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / lower.replace(".", "/")).with_suffix(".py").open("a") as module:
        module.write(f"import {higher}\n")
    result = lint_imports(tmp_path)
    assert result.returncode != 0
    assert f"{lower.removesuffix('.areas')} is not allowed to import {higher}" in result.stdout


def test_no_folder_has_more_than_fifteen_modules() -> None:
    for folder in folders():
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= MAX_MODULES or folder.name in {"kernels", "routes"}, folder


def test_no_module_has_more_than_350_lines() -> None:
    for layer in ("geodata", "zoning", "api", "benchmarks"):
        for path in (ROOT / layer).rglob("*.py"):
            if not OTHER_FOLDERS.intersection(path.parts):
                assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES, path


def folders() -> Iterator[Path]:
    """Every folder of the project with modules."""
    for top in ("geodata", "zoning", "api", "benchmarks", "tests", "docs"):
        for folder in (ROOT / top, *(ROOT / top).rglob("*")):
            if folder.is_dir() and not OTHER_FOLDERS.intersection(folder.parts):
                yield folder
