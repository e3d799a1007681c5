"""What makes public answers cannot reach a count: the import contract, and that none escapes it."""

import re
import shutil
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.http.access import LISTED
from api.http.security import official
from tests.test_layers import NO_MODULES, ROOT, lint_imports

OFFICIAL: Final = frozenset(
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
        # Hands the public city to the ones and the city with its counts to the others.
        "api.app",
    }
)
"""Modules of the application that may know counts: officials' paths and the command line."""
COUNTING: Final = frozenset(
    {
        *("city", "city_data", "counting", "days", "disclosure", "export", "quarantine"),
        *("records", "zones"),
    }
)
"""Packages of the engine that know counts or make files for officials, and no public answer.

`warm` compiles kernels and answers nobody.
"""
BELOW: Final = frozenset(
    {"caching", "kernels", "locating", "phrases", "placing", "portal", "risk", "rules", "warm"}
)
"""Packages below public packages; the contract forbids their modules that read counts."""


def contract() -> tuple[set[str], set[str]]:
    """What is public, and what it may not import."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [found] = [one for one in written["tool"]["importlinter"]["contracts"] if "id" in one]
    return set(found["source_modules"]), set(found["forbidden_modules"])


def within(module: str, packages: set[str] | frozenset[str]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in packages)


def modules(folder: str) -> list[str]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [
        str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        for path in paths
        if path.name not in {"__init__.py", "__main__.py"}
    ]


def test_every_module_of_the_application_is_public_or_for_officials_and_none_is_both() -> None:
    public, _ = contract()
    for module in modules("api"):
        assert within(module, public) != within(module, OFFICIAL), module
    for listed in (*public, *OFFICIAL):
        assert (ROOT / listed.replace(".", "/")).with_suffix(".py").exists() or (
            ROOT / listed.replace(".", "/")
        ).is_dir(), listed


def test_every_package_of_the_engine_is_public_or_counts_or_lies_below() -> None:
    public, forbidden = contract()
    packages = {path.stem for path in (ROOT / "zoning").iterdir() if not path.name.startswith("_")}
    shown = {one.removeprefix("zoning.") for one in public if one.startswith("zoning.")}
    assert packages - {"py"} == shown | COUNTING | BELOW
    assert not shown & (COUNTING | BELOW)
    for package in COUNTING - {"export"}:
        assert f"zoning.{package}" in forbidden


def test_every_path_is_answered_where_its_readers_are_named() -> None:
    public, _ = contract()
    paths = set()
    for name in modules("api/routes"):
        module = import_module(name)
        routers = [one for one in vars(module).values() if isinstance(one, APIRouter)]
        for route in (route for router in routers for route in router.routes):
            assert isinstance(route, APIRoute)
            paths.add(route.path)
            [is_public] = {f"{method} {route.path}" in LISTED for method in route.methods or ()}
            assert within(name, public if is_public else OFFICIAL)
            closed = any(one.dependency is official for one in route.dependencies)
            assert closed != is_public, route.path
    assert len(paths) > 40


@pytest.mark.parametrize(
    ("public", "planted"),
    [
        ("zoning/public/day.py", "zoning.days.runs"),
        ("zoning/public/city.py", "geodata.store"),
        ("zoning/drawing/messages.py", "duckdb"),
        ("api/routes/zones.py", "zoning.city"),
        ("api/ogc/features/zones.py", "zoning.zones.series"),
        # By way of what public modules import.
        ("zoning/phrases.py", "zoning.counting.houses"),
        ("zoning/placing/indexed_boundaries.py", "zoning.placing.placements"),
        ("geodata/clock.py", "geodata.records.layout.source"),
    ],
)
def test_an_import_of_what_can_read_a_count_would_be_seen(
    tmp_path: Path, public: str, planted: str
) -> None:
    for layer in ("geodata", "zoning", "api"):
        shutil.copytree(ROOT / layer, tmp_path / layer, ignore=NO_MODULES)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / public).open("a") as module:
        module.write(f"import {planted}\n")
    checked = lint_imports(tmp_path)
    assert checked.returncode != 0
    assert re.search("What makes public answers cannot read a count +BROKEN", checked.stdout)
