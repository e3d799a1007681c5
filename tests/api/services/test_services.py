"""What requests are answered from: typed values, read from the application in one place each."""

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
    "api/app.py": {"settings", "rules", "public", "official", "documentation"},
    "api/http/configuration.py": {"settings", "rules"},
    "api/routes/documentation.py": {"documentation"},
    "api/services/public.py": {"public"},
    "api/services/official.py": {"official"},
}
"""Which module reads what from the state of an application; `api.app` writes it."""


def read_from_state(path: Path) -> set[str]:
    """Names that a module takes from the state of an application."""
    nodes = ast.walk(ast.parse(path.read_text()))
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    return {
        node.attr
        for node in attributes
        if isinstance(node.value, ast.Attribute)
        and node.value.attr == "state"
        and ast.unparse(node.value.value).endswith("app")
    }


def test_one_module_each_reads_settings_public_and_official_services() -> None:
    paths = (ROOT / "api").rglob("*.py")
    found = {str(path.relative_to(ROOT)): read_from_state(path) for path in paths}
    assert {path: names for path, names in found.items() if names} == READERS


def test_a_read_from_the_state_of_an_application_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("def city(request):\n    return request.app.state.official.city\n")
    assert read_from_state(path) == {"official"}


def test_public_services_hold_no_city_with_counts_and_do_not_change(
    small_settings: Settings,
) -> None:
    app = create_app(small_settings)
    with TestClient(app):
        services: PublicServices = app.state.public
        held = [getattr(services, field.name) for field in fields(services)]
        assert held
        assert not any(isinstance(each, City) for each in held)
        with pytest.raises(FrozenInstanceError):
            services.city = app.state.official.city  # type: ignore[misc]
