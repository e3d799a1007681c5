"""Public modules cannot import modules with counts; the import contract covers every module."""

import re
import shutil
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.http.access import PUBLIC_ROUTES
from api.http.security import bearer_token
from tests.test_layers import IGNORED_FOLDERS, ROOT, lint_imports

OFFICIAL_MODULES: Final = frozenset(
    {
        "api.schemas.official",
        "api.cli",
        "api.http.files.reading",
        "api.routes.newcomers",
        "api.routes.official_zones",
        "api.routes.records",
        "api.http.security",
        "api.http.files.uploads",
        "api.services.official",
        # Gives the public city to public services and the city with counts to official services.
        "api.app",
    }
)
"""Modules of the application that may use counts: officials' paths and the command line."""
COUNTING_PACKAGES: Final = frozenset(
    {
        *("city", "city_data", "counting", "days", "disclosure", "export", "quarantine"),
        *("records", "zones"),
    }
)
"""Packages of the engine that use counts or make files for officials."""
LOWER_PACKAGES: Final = frozenset(
    {"caching", "kernels", "locating", "phrases", "placing", "portal", "risk", "rules", "warm"}
)
"""Packages below public packages; the contract forbids their modules that read counts.

`warm` compiles kernels and gives no answers.
"""


def import_contract() -> tuple[set[str], set[str]]:
    """Public modules, and modules that they must not import."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = configuration["tool"]["importlinter"]["contracts"]
    [public_contract] = [contract for contract in contracts if "id" in contract]
    return set(public_contract["source_modules"]), set(public_contract["forbidden_modules"])


def within(module: str, packages: set[str] | frozenset[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def modules(folder: str) -> list[str]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [
        str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        for path in paths
        if path.name not in {"__init__.py", "__main__.py"}
    ]


def test_every_module_of_the_application_is_either_public_or_official() -> None:
    public, _ = import_contract()
    for module in modules("api"):
        assert within(module, public) != within(module, OFFICIAL_MODULES), module
    for name in (*public, *OFFICIAL_MODULES):
        assert (ROOT / name.replace(".", "/")).with_suffix(".py").exists() or (
            ROOT / name.replace(".", "/")
        ).is_dir(), name


def test_every_package_of_the_engine_is_public_counting_or_lower() -> None:
    public, forbidden = import_contract()
    packages = {path.stem for path in (ROOT / "zoning").iterdir() if not path.name.startswith("_")}
    public_packages = {
        package.removeprefix("zoning.") for package in public if package.startswith("zoning.")
    }
    assert packages - {"py"} == public_packages | COUNTING_PACKAGES | LOWER_PACKAGES
    assert not public_packages & (COUNTING_PACKAGES | LOWER_PACKAGES)
    for package in COUNTING_PACKAGES - {"export"}:
        assert f"zoning.{package}" in forbidden


def test_every_path_is_in_a_module_for_its_readers() -> None:
    public, _ = import_contract()
    paths = set()
    for name in modules("api/routes"):
        module = import_module(name)
        routers = [value for value in vars(module).values() if isinstance(value, APIRouter)]
        for route in (route for router in routers for route in router.routes):
            assert isinstance(route, APIRoute)
            paths.add(route.path)
            [is_public] = {
                f"{method} {route.path}" in PUBLIC_ROUTES for method in route.methods or ()
            }
            assert within(name, public if is_public else OFFICIAL_MODULES)
            is_closed = any(depends.dependency is bearer_token for depends in route.dependencies)
            assert is_closed != is_public, route.path
    assert len(paths) > 40


@pytest.mark.parametrize(
    ("public", "planted"),
    [
        ("zoning/public/day.py", "zoning.days.runs"),
        ("zoning/public/city.py", "geodata.store"),
        ("zoning/drawing/messages.py", "duckdb"),
        ("api/routes/zones.py", "zoning.city"),
        ("api/ogc/features/zones.py", "zoning.zones.series"),
        # Through modules that public modules import.
        ("zoning/phrases.py", "zoning.counting.houses"),
        ("zoning/placing/indexed_boundaries.py", "zoning.placing.placements"),
        ("geodata/clock.py", "geodata.records.layout.source"),
    ],
)
def test_an_import_of_a_module_with_counts_is_reported(
    tmp_path: Path, public: str, planted: str
) -> None:
    for layer in ("geodata", "zoning", "api"):
        shutil.copytree(ROOT / layer, tmp_path / layer, ignore=IGNORED_FOLDERS)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / public).open("a") as module:
        module.write(f"import {planted}\n")
    result = lint_imports(tmp_path)
    assert result.returncode != 0
    assert re.search("What makes public answers cannot read a count +BROKEN", result.stdout)
