"""Files, modules, environment variables and error codes that the documents name exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "README.id.md", "CONTRIBUTING.md", "SECURITY.md")),
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if page.name != "errors.md"),
]
TOP = ("api", "zoning", "geodata", "benchmarks", "tests", "docs", "notebooks", "requirements")
NO_FILES = {"docs/benchmarks.svg", "geodata/migrations/NNNN.sql"}
"""A file that a command makes and git does not have, and a pattern of names."""


def code_in(page: Path) -> set[str]:
    """Texts in backticks."""
    return set(re.findall(r"`([^`\n]+)`", page.read_text()))


def module_file(dotted: str) -> tuple[Path | None, list[str]]:
    """File of the longest module name at the start of a dotted name, and the remaining names."""
    names = dotted.split(".")
    for length in range(len(names), 0, -1):
        path = ROOT.joinpath(*names[:length])
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return file, names[length:]
    return None, names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_and_module_in_backticks_exists(page: Path) -> None:
    for text in code_in(page):
        if re.fullmatch(rf"({'|'.join(TOP)})/[\w./*-]+", text) and text not in NO_FILES:
            assert list(ROOT.glob(text.rstrip("/"))), text
        dotted = re.fullmatch(r"((?:api|zoning|geodata|benchmarks)(?:\.\w+)+)(?:\(.*)?", text)
        if dotted:
            file, names = module_file(dotted[1])
            assert file is not None, text
            if names:
                assert re.search(rf"\b{names[0]}\b", file.read_text()), text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_environment_variable_is_read_by_the_program(page: Path) -> None:
    settings = "".join(
        (ROOT / name).read_text().upper()
        for name in (
            "api/settings.py",
            "api/rule_settings.py",
            "geodata/settings.py",
            "geodata/language.py",
            "api/cli/terminal/language.py",
        )
    )
    for name in re.findall(r"MIKROZONASI_([A-Z_]+[A-Z])", page.read_text()):
        assert re.search(rf"\b(MIKROZONASI_)?{name}\b", settings), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_code_beside_a_status_is_in_the_catalogue(page: Path) -> None:
    known = set(re.findall(r"^### `([\w-]+)`", (ROOT / "docs/errors.md").read_text(), re.M))
    assert len(known) > 100
    codes = re.findall(r"\b[45]\d\d,? \(?`([a-z]+(?:-[a-z]+)+)`", page.read_text())
    assert set(codes) <= known
