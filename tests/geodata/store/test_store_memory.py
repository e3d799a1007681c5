"""The embedded database takes no more memory than it is told."""

from pathlib import Path

import pytest

from geodata.errors import InputError
from geodata.settings import DUCKDB_MEGABYTES, read_city_settings
from geodata.store import open_store


@pytest.mark.parametrize(("said", "limit"), [("", "1.0 GiB"), ("256", "256.0 MiB")])
def test_duckdb_has_the_limit_that_the_setting_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, limit: str
) -> None:
    monkeypatch.setenv(DUCKDB_MEGABYTES, said)
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        read = store.read("select current_setting('memory_limit') as held")["held"][0].as_py()
    assert read == limit


@pytest.mark.parametrize("said", ["much", "-5", "127", "1.5", "256MB", "9" * 14, "9" * 5000])
def test_what_is_no_number_of_megabytes_is_a_sentence(said: str) -> None:
    with pytest.raises(InputError, match="at least 128") as raised:
        read_city_settings({DUCKDB_MEGABYTES: said})
    assert raised.value.code == "duckdb-memory"
