"""The public names are complete, documented, and fast to import."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import zoning
from geodata import errors

_ROOT = Path(__file__).resolve().parents[2]
_DOCUMENT = _ROOT / "docs" / "api-stability.md"


def test_every_public_name_is_there_and_no_other() -> None:
    assert set(zoning.__all__) <= set(dir(zoning))
    assert all(getattr(zoning, name) is not None for name in zoning.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        zoning.Nothing  # noqa: B018


def test_the_document_lists_the_public_names_and_no_other() -> None:
    table = _DOCUMENT.read_text(encoding="utf-8").partition("## Public surface elsewhere")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    names = {name for cell in cells for name in re.findall(r"`(\w+)", cell)}
    assert names == set(zoning.__all__)


def test_every_error_is_public() -> None:
    error_names = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.MikrozonasiError)
    }
    assert error_names < set(zoning.__all__)
    assert all(getattr(zoning, name) is getattr(errors, name) for name in error_names)


def test_the_version_is_that_of_the_project_file() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert zoning.__version__ == project["project"]["version"]


def test_importing_the_package_imports_no_library() -> None:
    code = "import sys; before = set(sys.modules); import zoning; print(*set(sys.modules) - before)"
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    packages = {name.partition(".")[0] for name in process.stdout.split()}
    assert "zoning" in packages
    assert packages - {"zoning"} <= sys.stdlib_module_names
