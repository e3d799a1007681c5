"""What every test may use."""

from collections.abc import Callable
from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Path of a file of real data kept beside the project, or a skip that says so."""

    def path(name: str) -> Path:
        found = _SHARED / name
        if not found.exists():
            pytest.skip(f"real data shared/data/{name} is not beside this checkout")
        return found

    return path
