"""The floors of the house hold: ``api`` > ``zoning`` > ``geodata``."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_floor_imports_from_a_floor_above() -> None:
    checked = _lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_import_upward_would_be_seen(tmp_path: Path) -> None:
    for floor in ("geodata", "zoning", "api"):
        (tmp_path / floor).mkdir()
        (tmp_path / floor / "__init__.py").write_text("import zoning\n" * (floor == "geodata"))
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    checked = _lint_imports(tmp_path)
    assert checked.returncode != 0
    assert "geodata is not allowed to import zoning" in checked.stdout
