"""A wheel contains every file of the packages; without the generated files no wheel is built."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("geodata", "zoning", "api")
GENERATED = {
    "zoning/drawing/assets/vendor/leaflet/leaflet.js": "make setup",
    "api/pages/documentation_site/index.html": "make docs",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's packages, with empty generated files."""
    for name in (*PACKAGES, "pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        if (ROOT / name).is_dir():
            _copy(ROOT / name, tmp_path / name)
        else:
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in GENERATED:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    return tmp_path


def _copy(source: Path, target: Path) -> None:
    excluded = {"vendor", "node_modules", "__pycache__", "documentation_site"}
    for path in source.rglob("*"):
        if path.is_file() and not excluded & set(path.parts):
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def build(project: Path) -> Path:
    builder = WheelBuilder(str(project))
    [wheel] = builder.build(directory=str(project / "dist"), versions=["standard"])
    return Path(wheel)


def test_a_wheel_has_every_file_of_the_packages_and_the_generated_files(project: Path) -> None:
    with zipfile.ZipFile(build(project)) as wheel:
        names = set(wheel.namelist())
    expected = {
        str(path.relative_to(project))
        for package in PACKAGES
        for path in (project / package).rglob("*")
        if path.is_file()
    }
    suffixes = {Path(name).suffix for name in expected}
    assert {".sql", ".toml", ".csv", ".html", ".js", ".css"} <= suffixes
    assert expected <= names
    assert not any(name.startswith(("tests", "docs", "benchmarks")) for name in names)


@pytest.mark.parametrize(("missing", "command"), GENERATED.items())
def test_without_generated_files_the_error_names_the_command_that_makes_them(
    project: Path, missing: str, command: str
) -> None:
    (project / missing).unlink()
    with pytest.raises(FileNotFoundError, match=command):
        build(project)
