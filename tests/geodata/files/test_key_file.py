"""The key file of a database: written once, completely or not at all."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geodata.errors import StoreError
from geodata.files.private import write_once
from geodata.pseudonyms.city_secret import key_path
from geodata.pseudonyms.identity import open_pseudonymiser
from geodata.store import open_store
from tests.databases import store_with_secret
from tests.full_disk import files_at_most


def test_a_full_disk_leaves_no_key_file_and_a_later_try_writes_it(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with open_store(url, create=True) as store:
        for size in (0, 1, 64):
            with files_at_most(size), pytest.raises(StoreError) as caught:
                open_pseudonymiser(store_with_secret(store, None))
            assert caught.value.code == "disk-full"
            assert not [path.name for path in tmp_path.iterdir() if "key" in path.name]
        pseudonymiser = open_pseudonymiser(store_with_secret(store, None))
        assert stat.S_IMODE(key_path(url).stat().st_mode) == 0o600
        reopened = open_pseudonymiser(store_with_secret(store, None))
        assert reopened.check_value() == pseudonymiser.check_value()


def test_of_eight_threads_one_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "city.key"
    with ThreadPoolExecutor(8) as threads:
        written = list(threads.map(lambda n: write_once(path, str(n) * 64), range(8)))
    assert written.count(True) == 1
    assert path.read_text() == str(written.index(True)) * 64
    assert [file.name for file in tmp_path.iterdir()] == ["city.key"]
