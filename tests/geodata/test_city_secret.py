"""The rule for the secret's text, and databases from the readings of older versions."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.errors import InputError, MikrozonasiError, StoreError
from geodata.pseudonyms.city_secret import check_value, find_secret, key_path
from geodata.store import Store, open_store
from tests.databases import NewDatabase, Server, store_with_secret

DIGITS = "00ff" * 16
TEXT = "a secret of more than sixteen characters"
SPELLINGS = (DIGITS, DIGITS.upper(), f"  {DIGITS}\n", f"{DIGITS}\r\n")
"""Spellings of the same secret."""


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        yield opened


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as opened:
        yield opened


def add_batch_with(store: Store, secret: bytes) -> None:
    """Add a batch that was loaded with a secret."""
    summary = f'{{"secret_check": "{check_value(secret)}"}}'
    add = "insert into batch values ('b', 'cases', 'f.csv', $1, $2)"
    with store.transaction() as work:
        work.execute(add, work.moment, summary)


def write_key_file(store: Store, text: str) -> None:
    path = key_path(store.url)
    path.touch(0o600)
    path.write_bytes(text.encode())


def refused(store: Store, secret: str | None) -> str:
    with pytest.raises(MikrozonasiError) as raised:
        find_secret(store_with_secret(store, secret))
    assert secret is None or secret not in raised.value.message
    return raised.value.code


@pytest.mark.parametrize("text", SPELLINGS)
def test_sixty_four_hexadecimal_digits_are_bytes_in_the_variable_and_the_file(
    file_store: Store, text: str
) -> None:
    expected = bytes.fromhex(DIGITS)
    assert find_secret(store_with_secret(file_store, text)) == expected
    write_key_file(file_store, text)
    assert find_secret(store_with_secret(file_store, None)) == expected


@pytest.mark.parametrize("text", [TEXT, f"{TEXT}\n", "deadbeef" * 2, "deadbeef" * 4, DIGITS[:-1]])
def test_any_other_text_means_its_characters_in_the_variable_and_the_file(
    file_store: Store, text: str
) -> None:
    expected = text.strip().encode()
    assert find_secret(store_with_secret(file_store, text)) == expected
    write_key_file(file_store, text)
    assert find_secret(store_with_secret(file_store, None)) == expected


def test_a_new_key_file_and_its_text_in_the_variable_are_the_same_secret(
    file_store: Store, store: Store
) -> None:
    secret = find_secret(store_with_secret(file_store, None))
    text = key_path(file_store.url).read_text()
    assert find_secret(store_with_secret(store, text)) == secret
    assert find_secret(store_with_secret(store, text.strip().upper())) == secret


OLDER_READINGS = [
    *((DIGITS, text.encode()) for text in SPELLINGS[:2]),  # the variable of a city on PostgreSQL
    (f"{DIGITS}\n", f"{DIGITS}\n".encode()),
    (DIGITS, f"{DIGITS}\n".encode()),
    (DIGITS, bytes.fromhex(DIGITS)),  # the key file of an embedded database
    (DIGITS[:32], bytes.fromhex(DIGITS[:32])),
    (DIGITS * 2, bytes.fromhex(DIGITS * 2)),
    ("deadbeef" * 4, ("deadbeef" * 4).encode()),
    (TEXT, TEXT.encode()),
    (f" {TEXT} ", f" {TEXT} ".encode()),
    ("päßwörter dürfen", "päßwörter dürfen".encode()),
]
"""The text of the setting, and the bytes from which an older version made the pseudonyms."""


@pytest.mark.parametrize(("text", "secret"), OLDER_READINGS)
def test_a_database_from_an_older_reading_accepts_the_text(
    store: Store, text: str, secret: bytes
) -> None:
    add_batch_with(store, secret)
    assert find_secret(store_with_secret(store, text)) == secret
    assert refused(store, "0" + text[1:][::-1] + "1") == "other-secret"


@pytest.mark.parametrize(("text", "secret"), OLDER_READINGS)
def test_a_database_from_an_older_reading_accepts_its_key_file(
    file_store: Store, text: str, secret: bytes
) -> None:
    add_batch_with(file_store, secret)
    write_key_file(file_store, text)
    assert find_secret(store_with_secret(file_store, None)) == secret
    write_key_file(file_store, "another secret of many characters")
    assert refused(file_store, None) == "other-secret"


def test_the_check_value_of_the_newest_batch_decides_the_reading(store: Store) -> None:
    add_batch_with(store, DIGITS.encode())
    assert find_secret(store_with_secret(store, DIGITS)) == DIGITS.encode() != bytes.fromhex(DIGITS)


def test_two_secrets_are_rejected_for_an_empty_database(file_store: Store) -> None:
    write_key_file(file_store, DIGITS)
    assert refused(file_store, TEXT) == "two-secrets"
    assert find_secret(store_with_secret(file_store, DIGITS.upper())) == bytes.fromhex(DIGITS)


def test_of_two_secrets_the_check_value_decides(file_store: Store) -> None:
    write_key_file(file_store, DIGITS)
    add_batch_with(file_store, TEXT.encode())
    assert find_secret(store_with_secret(file_store, TEXT)) == TEXT.encode()
    assert refused(file_store, None) == "other-secret"


def test_a_wrong_variable_next_to_a_right_key_file_is_reported(file_store: Store) -> None:
    write_key_file(file_store, DIGITS)
    add_batch_with(file_store, bytes.fromhex(DIGITS))
    with pytest.raises(StoreError, match="Unset MIKROZONASI_SECRET") as raised:
        find_secret(store_with_secret(file_store, TEXT))
    assert raised.value.code == "other-secret"
    assert find_secret(store_with_secret(file_store, None)) == bytes.fromhex(DIGITS)


@pytest.mark.parametrize("text", ["", " " * 40, "hunter2", "  hunter2 hunter2 \n", "ab" * 7])
def test_a_short_secret_is_weak_with_any_number_of_blanks(store: Store, text: str) -> None:
    with pytest.raises(InputError) as raised:
        find_secret(store_with_secret(store, text))
    assert raised.value.code == "weak-secret"
    assert "hunter2" not in raised.value.message


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\0" * 64, b"\xff" * 64, b"x" * 5000])
def test_a_key_file_without_a_secret_is_rejected(file_store: Store, content: bytes) -> None:
    key_path(file_store.url).touch(0o600)
    key_path(file_store.url).write_bytes(content)
    assert refused(file_store, None) == "no-secret"


def test_a_broken_link_is_no_key_file(file_store: Store, tmp_path: Path) -> None:
    key_path(file_store.url).symlink_to(tmp_path / "gone")
    assert refused(file_store, None) == "no-secret"


def test_the_error_for_a_moved_city_names_the_key_file(postgres_server: Server) -> None:
    with open_store(postgres_server.new()) as store:
        add_batch_with(store, bytes.fromhex(DIGITS))
        with pytest.raises(StoreError, match="text of its key file") as raised:
            find_secret(store_with_secret(store, None))
    assert raised.value.code == "no-secret"


@pytest.mark.parametrize("summary", ["{}", "[]", "not JSON", "null"])
def test_a_batch_without_a_check_value_is_rejected(store: Store, summary: str) -> None:
    with store.transaction() as work:
        work.execute("insert into batch values ('b', 'cases', 'f', $1, $2)", work.moment, summary)
    assert refused(store, TEXT) == "secret-unknown"


def test_a_key_file_that_others_may_read_becomes_private_with_a_warning(
    file_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    write_key_file(file_store, DIGITS)
    key_path(file_store.url).chmod(0o644)
    with caplog.at_level(logging.WARNING):
        find_secret(store_with_secret(file_store, None))
    assert stat.S_IMODE(key_path(file_store.url).stat().st_mode) == 0o600
    assert "only its owner can" in caplog.text
