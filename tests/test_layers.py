"""The layers hold: ``api`` imports ``zoning`` imports ``geodata``; so do the packages in them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
MOST_MODULES: Final = 15
MOST_LINES: Final = 350
NOT_OURS: Final = frozenset({"vendor", "node_modules", "__pycache__"})
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


def test_no_folder_has_more_modules_than_one_sees_at_a_glance() -> None:
    for folder in folders():
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= MOST_MODULES or folder.name in {"kernels", "routes"}, folder


def test_no_module_of_the_program_is_longer_than_one_reads_at_once() -> None:
    for layer in ("geodata", "zoning", "api", "benchmarks"):
        for path in (ROOT / layer).rglob("*.py"):
            if not NOT_OURS.intersection(path.parts):
                assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES, path


def folders() -> Iterator[Path]:
    """Every folder of the project that holds modules."""
    for top in ("geodata", "zoning", "api", "benchmarks", "tests", "docs"):
        for folder in (ROOT / top, *(ROOT / top).rglob("*")):
            if folder.is_dir() and not NOT_OURS.intersection(folder.parts):
                yield folder
