"""The lists of test files for `make quick` and `make kernels` are complete."""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SLOW_FIXTURES = {
    *("new_database", "postgres_server", "small_database", "small_city", "small_sample"),
    "small_boundaries",
    *("small_pyramid", "small_settings", "hostile_database", "client", "site", "browser"),
    "shared_data",
}
SLOW_MODULES = {
    *("playwright", "subprocess", "qgis", "schemathesis", "nbclient", "multiprocessing"),
    *("geodata.store", "api.app", "fastapi.testclient", "tests.databases", "tests.servers"),
}
"""Modules for a database, a server, a browser, or a separate process."""
EXCLUDED = {
    "tests/api/cli/boundaries/test_make.py": "runs commands, 5 s",
    "tests/docs/test_wheel.py": "builds a wheel",
    "tests/geodata/boundaries/test_assemble.py": "12 s of properties",
    "tests/geodata/boundaries/test_tessellate_points.py": "its properties draw whole kelurahan",
    "tests/geodata/records/test_office_files.py": "writes large files",
    "tests/geodata/sample_city/test_past.py": "builds the sample city",
    "tests/geodata/test_hostile_files.py": "reads files that expand, 30 s",
    "tests/zoning/locating/test_nearest.py": "in `make kernels`",
}
"""Test files without slow dependencies that are still too slow for `make quick`, and why."""


def read_list(name: str) -> list[str]:
    return (TESTS / name).read_text().split()


def relative_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def read(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Imported modules and names of a file, and the arguments of its functions."""
    names: set[str] = set()
    arguments = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.arg):
            arguments.add(node.arg)
    return frozenset(names), frozenset(arguments)


def slow_dependencies(path: Path, seen: set[Path]) -> set[str]:
    """Slow modules and fixtures of a file and of its imported test modules."""
    if path in seen:
        return set()
    seen.add(path)
    names, arguments = read(path)
    slow_names = {
        slow for slow in SLOW_MODULES for name in names if f"{name}.".startswith(f"{slow}.")
    }
    slow_names |= arguments & SLOW_FIXTURES
    for name in names:
        module = ROOT / f"{name.replace('.', '/')}.py"
        if name.startswith("tests.") and name != "tests.conftest" and module.exists():
            slow_names |= slow_dependencies(module, seen)
    return slow_names


@pytest.mark.parametrize("name", ["quick.txt", "kernels.txt"])
def test_a_list_is_sorted_and_its_files_exist(name: str) -> None:
    files = read_list(name)
    assert files == sorted(set(files))
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_quick_lists_all_tests_without_slow_dependencies() -> None:
    slow_by_file = {
        relative_name(path): slow_dependencies(path, set()) for path in TESTS.rglob("test_*.py")
    }
    quick = set(read_list("quick.txt"))
    assert {file: slow_by_file[file] for file in quick if slow_by_file[file]} == {}
    missing = (
        {file for file, slow_names in slow_by_file.items() if not slow_names}
        - quick
        - set(EXCLUDED)
    )
    assert missing == set(), "add them to tests/quick.txt, or to EXCLUDED with a reason"
    assert set(EXCLUDED) <= set(slow_by_file)
    assert set(EXCLUDED).isdisjoint(quick)


def test_every_test_file_that_imports_a_kernel_is_in_the_kernel_list() -> None:
    kernel_tests = {
        relative_name(path)
        for path in TESTS.rglob("test_*.py")
        if any(name.startswith("zoning.kernels.") for name in read(path)[0])
    }
    assert len(kernel_tests) > 3
    assert kernel_tests <= set(read_list("kernels.txt"))
