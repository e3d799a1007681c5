"""Typed services of routes: one module reads each of them from the state of the application."""

import ast
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.services.public import PublicServices
from api.settings import Settings
from zoning.city import City

ROOT: Final = Path(__file__).resolve().parents[3]
READERS: Final = {
    "api/app.py": {
        *("settings", "rules", "public", "official", "documentation", "assets", "profile")
    },
    "api/http/configuration.py": {"settings", "rules"},
    "api/http/files/documentation.py": {"documentation"},
    "api/http/files/release_assets.py": {"assets"},
    "api/http/portal_shell.py": {"profile"},
    "api/services/public.py": {"public"},
    "api/services/official.py": {"official"},
}
"""Names in the state of an application by the module that reads them; `api.app` writes them."""


def read_from_state(path: Path) -> set[str]:
    """Names that a module reads from the state of an application."""
    nodes = ast.walk(ast.parse(path.read_text()))
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    return {
        node.attr
        for node in attributes
        if isinstance(node.value, ast.Attribute)
        and node.value.attr == "state"
        and ast.unparse(node.value.value).endswith("app")
    }


def test_one_module_reads_each_name_of_the_state() -> None:
    paths = (ROOT / "api").rglob("*.py")
    names_by_module = {str(path.relative_to(ROOT)): read_from_state(path) for path in paths}
    assert {path: names for path, names in names_by_module.items() if names} == READERS


def test_the_check_sees_a_read_from_the_state(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("def city(request):\n    return request.app.state.official.city\n")
    assert read_from_state(path) == {"official"}


def test_public_services_are_frozen_and_have_no_city_with_counts(
    small_settings: Settings,
) -> None:
    app = create_app(small_settings)
    with TestClient(app):
        services: PublicServices = app.state.public
        values = [getattr(services, field.name) for field in fields(services)]
        assert values
        assert not any(isinstance(value, City) for value in values)
        with pytest.raises(FrozenInstanceError):
            services.city = app.state.official.city  # type: ignore[misc]
