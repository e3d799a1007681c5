"""The key of a database: made once, whole, or not at all."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geodata.errors import StoreError
from geodata.files.private import write_once
from geodata.pseudonyms.city_secret import key_path
from geodata.pseudonyms.identity import open_pseudonymiser
from geodata.store import open_store
from tests.databases import given
from tests.full_disk import files_at_most


def test_a_key_that_finds_no_room_is_not_there_and_is_made_later(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with open_store(url, create=True) as store:
        for size in (0, 1, 64):
            with files_at_most(size), pytest.raises(StoreError) as caught:
                open_pseudonymiser(given(store, None))
            assert caught.value.code == "disk-full"
            assert not [each.name for each in tmp_path.iterdir() if "key" in each.name]
        made = open_pseudonymiser(given(store, None))
        assert stat.S_IMODE(key_path(url).stat().st_mode) == 0o600
        assert open_pseudonymiser(given(store, None)).check_value() == made.check_value()


def test_of_many_who_write_at_once_one_does_and_its_text_stays(tmp_path: Path) -> None:
    path = tmp_path / "city.key"
    with ThreadPoolExecutor(8) as threads:
        wrote = list(threads.map(lambda n: write_once(path, str(n) * 64), range(8)))
    assert wrote.count(True) == 1
    assert path.read_text() == str(wrote.index(True)) * 64
    assert [each.name for each in tmp_path.iterdir()] == ["city.key"]
