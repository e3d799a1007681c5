"""Only one place turns a count into a risk: two places could give two colours."""

import ast
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SHOW_THRESHOLDS = {"api/cli/rules.py"}
"""Prints thresholds, but compares no counts with them."""


def test_only_the_rule_compares_counts_with_its_thresholds() -> None:
    paths = {
        path.relative_to(_ROOT).as_posix()
        for package in ("geodata", "zoning", "api")
        for path in (_ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"lowest", "thresholds"}
    }
    assert "zoning/rules/model.py" in paths
    assert not [path for path in paths - _SHOW_THRESHOLDS if not path.startswith("zoning/rules/")]
