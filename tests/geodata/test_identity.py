"""Pseudonyms and their secret."""

import hashlib
import hmac
import stat
from pathlib import Path

import pyarrow as pa
import pytest

from geodata.errors import InputError, StoreError
from geodata.pseudonyms.city_secret import key_path
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.store import Store, open_store
from tests.databases import Server, store_with_secret

NIK = "0000060101900017"
SECRET = "a secret of more than sixteen characters"


def _store(tmp_path: Path) -> Store:
    return open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True)


def _add_batch(store: Store, check_value: str) -> None:
    with store.transaction() as work:
        work.execute(
            "insert into batch values ('b', 'cases', 'f.csv', '2021-09-09', $1)",
            f'{{"secret_check": "{check_value}"}}',
        )


def test_a_pseudonym_is_an_hmac_with_the_key_of_its_domain() -> None:
    key = hmac.new(SECRET.encode(), b"mikrozonasi/nik/1", hashlib.sha256).digest()
    expected = hmac.new(key, NIK.encode(), hashlib.sha256).hexdigest()[:32]
    assert Pseudonymiser(SECRET.encode()).nik(NIK) == expected


def test_domains_and_secrets_give_different_pseudonyms() -> None:
    first, second = Pseudonymiser(SECRET.encode()), Pseudonymiser(SECRET[::-1].encode())
    pseudonyms = {
        first.pseudonym(domain, NIK) for domain in ("nik", "kk", "person", "row", "batch")
    }
    assert len(pseudonyms | {second.nik(NIK)}) == 6


def test_a_column_keeps_its_nulls() -> None:
    pseudonyms = Pseudonymiser(SECRET.encode()).column("nik", pa.array([NIK, None, NIK]))
    assert pseudonyms[0] == pseudonyms[2]
    assert pseudonyms.is_valid().to_pylist() == [True, False, True]


def test_without_a_setting_the_secret_is_made_once_in_a_private_file(
    tmp_path: Path,
) -> None:
    with _store(tmp_path) as store:
        first = open_pseudonymiser(store_with_secret(store, None)).nik(NIK)
        assert open_pseudonymiser(store_with_secret(store, None)).nik(NIK) == first
        assert stat.S_IMODE(key_path(store.url).stat().st_mode) == 0o600


def test_two_databases_have_different_secrets(tmp_path: Path) -> None:
    pseudonyms = set()
    for name in ("one", "two"):
        with open_store(f"duckdb:///{tmp_path}/{name}.duckdb", create=True) as store:
            pseudonyms.add(open_pseudonymiser(store_with_secret(store, None)).nik(NIK))
    assert len(pseudonyms) == 2


def test_with_the_setting_no_key_file_is_made(tmp_path: Path) -> None:
    with _store(tmp_path) as store:
        pseudonym = open_pseudonymiser(store_with_secret(store, SECRET)).nik(NIK)
        assert pseudonym == Pseudonymiser(SECRET.encode()).nik(NIK)
        assert not key_path(store.url).exists()


def test_the_error_for_a_short_secret_does_not_contain_it(tmp_path: Path) -> None:
    with _store(tmp_path) as store, pytest.raises(InputError, match="16") as error:
        open_pseudonymiser(store_with_secret(store, "hunter2"))
    assert error.value.code == "weak-secret"
    assert "hunter2" not in error.value.message


def test_a_missing_secret_is_an_error_and_no_new_secret_is_made(
    tmp_path: Path,
) -> None:
    with _store(tmp_path) as store:
        _add_batch(store, open_pseudonymiser(store_with_secret(store, None)).check_value())
        key_path(store.url).unlink()
        with pytest.raises(StoreError, match="Put the key file back") as error:
            open_pseudonymiser(store_with_secret(store, None))
        assert error.value.code == "no-secret"
        assert not key_path(store.url).exists()


def test_another_secret_is_rejected(tmp_path: Path) -> None:
    with _store(tmp_path) as store:
        _add_batch(store, open_pseudonymiser(store_with_secret(store, SECRET)).check_value())
        assert open_pseudonymiser(store_with_secret(store, SECRET)).nik(NIK)
        with pytest.raises(StoreError) as error:
            open_pseudonymiser(store_with_secret(store, SECRET[::-1]))
        assert error.value.code == "other-secret"


def test_a_database_on_a_server_needs_the_secret_in_the_setting(
    postgres_server: Server,
) -> None:
    with open_store(postgres_server.new()) as store:
        with pytest.raises(StoreError, match="not set") as error:
            open_pseudonymiser(store_with_secret(store, None))
        assert error.value.code == "no-secret"
        assert open_pseudonymiser(store_with_secret(store, SECRET)).nik(NIK)


def test_an_invalid_key_file_is_rejected(tmp_path: Path) -> None:
    with _store(tmp_path) as store:
        key_path(store.url).write_text("not hexadecimal")
        with pytest.raises(StoreError) as error:
            open_pseudonymiser(store_with_secret(store, None))
    assert error.value.code == "no-secret"
