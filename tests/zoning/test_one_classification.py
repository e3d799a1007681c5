"""A count becomes a risk in one place: two places would one day give two colours."""

import ast
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SHOWS = {"api/cli/rules.py"}
"""Prints thresholds, and compares nothing with them."""


def test_only_the_rule_compares_counts_with_its_thresholds() -> None:
    found = {
        path.relative_to(_ROOT).as_posix()
        for package in ("geodata", "zoning", "api")
        for path in (_ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"lowest", "thresholds"}
    }
    assert "zoning/rules/model.py" in found
    assert not [path for path in found - _SHOWS if not path.startswith("zoning/rules/")]
