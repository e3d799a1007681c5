"""Mutation testing: ``python -m benchmarks.mutants [PART ...]``.

A mutant is the program with one small change. mutmut makes the mutants. A mutant is killed if mypy
refuses it, or if a test that reaches the changed function fails. A changed word of a sentence in
``docs/errors.md`` is killed too: `make test` compares that file with the source code.
``tests/mutants.toml`` names the parts of the program, their tests, and the equivalent mutants (with
a reason). The exit status is 1 if too small a share of the other mutants of a part is killed.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
LIST: Final = ROOT / "tests" / "mutants.toml"
CATALOGUE: Final = ROOT / "docs" / "errors.md"
# The copies of a method that mutmut makes define its attributes again, and hide their types.
_TYPE_CHECK: Final = [
    "mypy",
    *("geodata", "zoning", "api"),
    *("--output", "json", "--no-warn-unused-ignores"),
    *("--disable-error-code", "no-redef", "--disable-error-code", "has-type"),
]
_ASSETS: Final = Path("zoning/drawing/assets/vendor")
"""Built by `make setup`, not in git."""
_RESULT: Final = re.compile(r"^\s*(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
_KILLED: Final = frozenset({"killed", "timeout", "caught by type check"})
_LITERAL: Final = re.compile(r'"([^"]*)"')
_VALUE: Final = re.compile(r"\{[^{}]*\}")
_NAME: Final = re.compile(r"(?P<module>.+)\.x(?:ǁ(?P<type>\w+)ǁ|_)(?P<function>\w+?)__mutmut_\d+")


class Change(NamedTuple):
    """A mutant, identified by its change, because the numbers of mutants change with every edit."""

    function: str
    was: str
    becomes: str


class Outcome(NamedTuple):
    """The result for the mutants of a part."""

    killed: int
    survivors: list[Change]
    """Mutants that no test notices, and that the catalogue of errors does not show."""

    def share(self, equivalent: Collection[Change]) -> float:
        """Share of killed mutants in percent, without equivalent mutants."""
        alive = [change for change in self.survivors if change not in equivalent]
        return 100 * self.killed / max(self.killed + len(alive), 1)


def main() -> None:
    mutant_list = tomllib.loads(LIST.read_text())
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument(
        "part", nargs="*", help=f"of {', '.join(mutant_list['parts'])}; all by default"
    )
    parts = parser.parse_args().part or list(mutant_list["parts"])
    if unknown := sorted(set(parts) - set(mutant_list["parts"])):
        parser.error(
            f"no such part: {', '.join(unknown)}; there are: {', '.join(mutant_list['parts'])}"
        )
    equivalent = equivalents(mutant_list)
    failed = []
    for name in parts:
        outcome = run_part(mutant_list["parts"][name])
        share = outcome.share(equivalent)
        for change in outcome.survivors:
            kind = "equivalent" if change in equivalent else "SURVIVED"
            print(f"{kind}: {change.function}\n  - {change.was}\n  + {change.becomes}")
        total = outcome.killed + len(outcome.survivors)
        print(f"{name}: {outcome.killed} of {total} killed, {share:.1f} % of those not equivalent")
        if share < mutant_list["least"]:
            failed.append(name)
    sys.exit(bool(failed))


def equivalents(mutant_list: Mapping[str, Any]) -> set[Change]:
    """The equivalent mutants of the list."""
    return {
        Change(entry["function"], entry["was"], entry["becomes"])
        for entry in mutant_list.get("equivalent", ())
    }


def run_part(part: Mapping[str, Sequence[str]]) -> Outcome:
    """Make and test the mutants of a part, in a copy of the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder)
        _copy_to(checkout)
        with (checkout / "pyproject.toml").open("a") as file:
            file.write(settings(part))
        _mutmut(checkout, "run")
        results = dict(_RESULT.findall(_mutmut(checkout, "results", "--all", "true")))
        alive = (
            parse_change(name, _mutmut(checkout, "show", name))
            for name, result in results.items()
            if result not in _KILLED
        )
        catalogue = " ".join(CATALOGUE.read_text().split())
        survivors = [change for change in alive if not in_catalogue(change, catalogue)]
    return Outcome(len(results) - len(survivors), survivors)


def settings(part: Mapping[str, Sequence[str]]) -> str:
    """The settings of mutmut for ``pyproject.toml``."""
    return "\n".join(
        (
            "\n[tool.mutmut]",
            'source_paths = ["geodata", "zoning", "api"]',
            'also_copy = ["benchmarks", "docs"]',
            f"type_check_command = {_TYPE_CHECK}",
            f"only_mutate = {list(part['modules'])}",
            f"pytest_add_cli_args_test_selection = {list(part['tests'])}",
            # A server for every mutant would take longer than its tests.
            'pytest_add_cli_args = ["-q", "-p", "no:xdist", "--timeout=0", "-k", "not postgresql"]',
            "use_git_change_detection = false\n",
        )
    )


def parse_change(name: str, difference: str) -> Change:
    """The change of a mutant, from its name and the difference that mutmut shows."""
    lines = [line for line in difference.splitlines() if not line.startswith(("---", "+++"))]
    changed_lines = {
        sign: " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    }
    return Change(_function(name), changed_lines["-"], changed_lines["+"])


def in_catalogue(change: Change, catalogue: str) -> bool:
    """Whether the change is of some words of a sentence in the catalogue of errors."""
    was, becomes = _LITERAL.findall(change.was), _LITERAL.findall(change.becomes)
    if _LITERAL.sub("", change.was) != _LITERAL.sub("", change.becomes) or len(was) != len(becomes):
        return False
    changed = [old for old, new in zip(was, becomes, strict=True) if old != new]
    return all(" " in text and _VALUE.sub("…", text).strip() in catalogue for text in changed)


def _function(name: str) -> str:
    match = _NAME.fullmatch(name)
    if match is None:
        return name
    return ".".join(part for part in match.groups() if part)


def _copy_to(folder: Path) -> None:
    for path in _tracked():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    shutil.copytree(ROOT / _ASSETS, folder / _ASSETS)


def _tracked() -> Iterator[Path]:
    process = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    yield from (Path(name) for name in process.stdout.split("\0") if (ROOT / name).is_file())


def _mutmut(folder: Path, *words: str) -> str:
    # A run with surviving mutants has a status other than 0.
    process = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "mutmut", *words],
        cwd=folder,
        check=words[0] != "run",
        capture_output=True,
        text=True,
    )
    if words[0] == "run" and "mutations/second" not in process.stdout:
        raise RuntimeError(
            f"mutmut did not come to its end:\n{process.stdout[-2000:]}{process.stderr}"
        )
    return process.stdout


if __name__ == "__main__":
    main()
