"""A wheel has every file of the project, and is refused where made files are missing."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("geodata", "zoning", "api")
MADE = {
    "zoning/drawing/assets/vendor/leaflet/leaflet.js": "make setup",
    "api/pages/documentation_site/index.html": "make docs",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's packages, with made files that are empty."""
    for name in (*PACKAGES, "pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        if (ROOT / name).is_dir():
            _copy(ROOT / name, tmp_path / name)
        else:
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in MADE:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    return tmp_path


def _copy(source: Path, target: Path) -> None:
    left_out = {"vendor", "node_modules", "__pycache__", "documentation_site"}
    for path in source.rglob("*"):
        if path.is_file() and not left_out & set(path.parts):
            copied = target / path.relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(path.read_bytes())


def build(project: Path) -> Path:
    builder = WheelBuilder(str(project))
    [wheel] = builder.build(directory=str(project / "dist"), versions=["standard"])
    return Path(wheel)


def test_a_wheel_has_every_file_of_the_packages_and_the_made_ones(project: Path) -> None:
    with zipfile.ZipFile(build(project)) as wheel:
        inside = set(wheel.namelist())
    wanted = {
        str(path.relative_to(project))
        for package in PACKAGES
        for path in (project / package).rglob("*")
        if path.is_file()
    }
    assert {".sql", ".toml", ".csv", ".html", ".js", ".css"} <= {Path(one).suffix for one in wanted}
    assert wanted <= inside
    assert not any(name.startswith(("tests", "docs", "benchmarks")) for name in inside)


@pytest.mark.parametrize(("missing", "command"), MADE.items())
def test_a_wheel_without_made_files_is_refused_with_the_command_that_makes_them(
    project: Path, missing: str, command: str
) -> None:
    (project / missing).unlink()
    with pytest.raises(FileNotFoundError, match=command):
        build(project)
