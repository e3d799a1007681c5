"""Small inputs next to this checkout that once gave wrong results, and commands on them."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.cli.groups.boundaries import boundaries
from api.cli.groups.records import records
from api.cli.groups.zones import zones
from geodata.settings import SECRET

_CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
RT_1_RW_2 = "33.74.10.1001-002-001"

_app = typer.Typer()
_app.add_typer(records, name="records")
_app.add_typer(boundaries, name="boundaries")
_app.add_typer(zones, name="zones")


def shared_case(name: str) -> Path:
    """Path of an input; skips the test if the inputs are missing."""
    if not _CASES.is_dir():
        pytest.skip("the cases shared/cases are not next to this checkout")
    return _CASES / name


def run(status: int, *arguments: object) -> tuple[str, str]:
    """Standard output and standard error of a command."""
    result = CliRunner().invoke(_app, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result.stdout, result.stderr


def json_answer(*arguments: object) -> dict[str, Any]:
    """The JSON of a command that succeeds."""
    report: dict[str, Any] = json.loads(run(0, *arguments, "--json")[0])
    return report


def load(url: str, kind: str, name: str) -> dict[str, Any]:
    """The report of a load."""
    return json_answer("records", "load", kind, shared_case(name), "--database", url)


def load_city(url: str, monkeypatch: pytest.MonkeyPatch, city: str = "city.geojson") -> str:
    """Load the city of the cases into a database; its URL."""
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    run(0, "boundaries", "load", shared_case(city), "--database", url)
    return url
