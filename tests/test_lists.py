"""The lists of test files that `make quick` and `make kernels` run hold what they promise."""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SLOW_FIXTURES = {
    *("new_database", "postgres_server", "small_database", "small_city", "small_sample"),
    *("small_pyramid", "small_settings", "hostile_database", "client", "site", "browser"),
    "shared_data",
}
SLOW_MODULES = {
    *("playwright", "subprocess", "qgis", "schemathesis", "nbclient", "multiprocessing"),
    *("geodata.store", "api.app", "fastapi.testclient", "tests.databases", "tests.servers"),
}
"""A database, a server, a browser, or a process of its own."""
LEFT_OUT = {
    "tests/api/cli/boundaries/test_make.py": "runs commands, 5 s",
    "tests/docs/test_wheel.py": "builds a wheel",
    "tests/geodata/boundaries/test_assemble.py": "12 s of properties",
    "tests/geodata/boundaries/test_tessellate_points.py": "its properties draw whole kelurahan",
    "tests/geodata/records/test_office_files.py": "writes large files",
    "tests/geodata/sample_city/test_past.py": "builds the sample city",
    "tests/geodata/test_hostile_files.py": "reads files that expand, 30 s",
    "tests/zoning/locating/test_nearest.py": "in `make kernels`",
}
"""Test files that need none of it and are left out of the quick ones all the same."""


def listed(name: str) -> list[str]:
    return (TESTS / name).read_text().split()


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def read(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Modules of a file with what is taken from them, and arguments of its functions."""
    names: set[str] = set()
    arguments = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.arg):
            arguments.add(node.arg)
    return frozenset(names), frozenset(arguments)


def needed(path: Path, seen: set[Path]) -> set[str]:
    """Slow modules and fixtures of a file and of the test modules that it imports."""
    if path in seen:
        return set()
    seen.add(path)
    names, arguments = read(path)
    found = {slow for slow in SLOW_MODULES for name in names if f"{name}.".startswith(f"{slow}.")}
    found |= arguments & SLOW_FIXTURES
    for name in names:
        module = ROOT / f"{name.replace('.', '/')}.py"
        if name.startswith("tests.") and name != "tests.conftest" and module.exists():
            found |= needed(module, seen)
    return found


@pytest.mark.parametrize("name", ["quick.txt", "kernels.txt"])
def test_a_list_is_in_order_and_every_file_of_it_is_there(name: str) -> None:
    files = listed(name)
    assert files == sorted(set(files))
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_quick_tests_are_all_those_that_need_no_database_server_browser_or_process() -> None:
    every = {named(path): needed(path, set()) for path in TESTS.rglob("test_*.py")}
    quick = set(listed("quick.txt"))
    assert {file: every[file] for file in quick if every[file]} == {}
    forgotten = {file for file, slow in every.items() if not slow} - quick - set(LEFT_OUT)
    assert forgotten == set(), "add them to tests/quick.txt, or to LEFT_OUT with a reason"
    assert set(LEFT_OUT) <= set(every)
    assert set(LEFT_OUT).isdisjoint(quick)


def test_every_test_file_that_imports_a_kernel_is_run_with_all_kinds_of_kernels() -> None:
    own = {
        named(path)
        for path in TESTS.rglob("test_*.py")
        if any(name.startswith("zoning.kernels.") for name in read(path)[0])
    }
    assert len(own) > 3
    assert own <= set(listed("kernels.txt"))
