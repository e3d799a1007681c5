"""Records whose coordinates and address name different RT."""

from pathlib import Path

import pytest

from geodata.boundaries import save_boundaries
from geodata.errors import InputError
from geodata.store import open_store
from tests.cities.small_city import small_city
from zoning.records.disagreements import disagreements_frame


@pytest.mark.parametrize("kind", ["places", "indicators"])
def test_a_kind_without_persons_is_refused_with_a_sentence(tmp_path: Path, kind: str) -> None:
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        save_boundaries(store, small_city(), "small", {})
        with pytest.raises(InputError, match="cases, newcomers") as raised:
            disagreements_frame(store, kind)
    assert raised.value.code == "no-kind"
