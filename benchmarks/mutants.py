"""Which changed programs the tests notice: ``python -m benchmarks.mutants [PART ...]``.

A mutant is the program with one small change. mutmut makes them and runs for each the tests that
reach the changed function. ``tests/mutants.toml`` names the parts of the program, their tests, and
the mutants that do what the program does (with a reason). A part of whose other mutants fewer
than the least share is killed ends with status 1.
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
_ASSETS: Final = Path("zoning/drawing/assets/vendor")
"""Made by `make setup`, not kept in git."""
_RESULT: Final = re.compile(r"^\s*(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
_KILLED: Final = frozenset({"killed", "timeout", "caught by type check"})
_NAME: Final = re.compile(r"(?P<module>.+)\.x(?:ǁ(?P<type>\w+)ǁ|_)(?P<function>\w+?)__mutmut_\d+")


class Change(NamedTuple):
    """A mutant, named by what it changes: numbers of mutants move with every edit."""

    function: str
    was: str
    becomes: str


class Outcome(NamedTuple):
    """What became of the mutants of a part."""

    killed: int
    survivors: list[Change]

    def share(self, equivalent: Collection[Change]) -> float:
        """Share of the killed in percent, the equivalent ones left out."""
        alive = [one for one in self.survivors if one not in equivalent]
        return 100 * self.killed / max(self.killed + len(alive), 1)


def main() -> None:
    listed = tomllib.loads(LIST.read_text())
    asked = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    asked.add_argument("part", nargs="*", help=f"of {', '.join(listed['parts'])}; all by default")
    wanted = asked.parse_args().part or list(listed["parts"])
    if unknown := sorted(set(wanted) - set(listed["parts"])):
        asked.error(f"no such part: {', '.join(unknown)}; there are: {', '.join(listed['parts'])}")
    equivalent = equivalents(listed)
    failed = []
    for name in wanted:
        outcome = tried(listed["parts"][name])
        share = outcome.share(equivalent)
        for one in outcome.survivors:
            kind = "equivalent" if one in equivalent else "SURVIVED"
            print(f"{kind}: {one.function}\n  - {one.was}\n  + {one.becomes}")
        total = outcome.killed + len(outcome.survivors)
        print(f"{name}: {outcome.killed} of {total} killed, {share:.1f} % of those not equivalent")
        if share < listed["least"]:
            failed.append(name)
    sys.exit(bool(failed))


def equivalents(listed: Mapping[str, Any]) -> set[Change]:
    """Mutants that do what the program does, as the list has them."""
    return {
        Change(one["function"], one["was"], one["becomes"]) for one in listed.get("equivalent", ())
    }


def tried(part: Mapping[str, Sequence[str]]) -> Outcome:
    """Make and try the mutants of a part, in a copy of the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy_to(copy)
        with (copy / "pyproject.toml").open("a") as file:
            file.write(settings(part))
        _mutmut(copy, "run")
        results = dict(_RESULT.findall(_mutmut(copy, "results", "--all", "true")))
        survivors = [
            change_of(name, _mutmut(copy, "show", name))
            for name, became in results.items()
            if became not in _KILLED
        ]
    return Outcome(len(results) - len(survivors), survivors)


def settings(part: Mapping[str, Sequence[str]]) -> str:
    """What mutmut is told, as it stands in ``pyproject.toml``."""
    return "\n".join(
        (
            "\n[tool.mutmut]",
            'source_paths = ["geodata", "zoning", "api"]',
            'also_copy = ["benchmarks"]',
            f"only_mutate = {list(part['modules'])}",
            f"pytest_add_cli_args_test_selection = {list(part['tests'])}",
            'pytest_add_cli_args = ["-q", "-p", "no:xdist", "--timeout=0"]',
            "use_git_change_detection = false\n",
        )
    )


def change_of(name: str, shown: str) -> Change:
    """What a mutant changes, from its name and the difference that mutmut shows."""
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    parts = {
        sign: " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    }
    return Change(_function(name), parts["-"], parts["+"])


def _function(name: str) -> str:
    found = _NAME.fullmatch(name)
    if found is None:
        return name
    return ".".join(part for part in found.groups() if part)


def _copy_to(folder: Path) -> None:
    for path in _tracked():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    shutil.copytree(ROOT / _ASSETS, folder / _ASSETS)


def _tracked() -> Iterator[Path]:
    found = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    yield from (Path(name) for name in found.stdout.split("\0") if (ROOT / name).is_file())


def _mutmut(folder: Path, *words: str) -> str:
    # A run ends with a status of its own where mutants survive.
    found = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "mutmut", *words],
        cwd=folder,
        check=words[0] != "run",
        capture_output=True,
        text=True,
    )
    if words[0] == "run" and "mutations/second" not in found.stdout:
        raise RuntimeError(f"mutmut did not come to its end:\n{found.stdout[-2000:]}{found.stderr}")
    return found.stdout


if __name__ == "__main__":
    main()
