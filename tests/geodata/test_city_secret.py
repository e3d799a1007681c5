"""One reading of the secret's text, and databases of either reading that was used before."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.errors import InputError, MikrozonasiError, StoreError
from geodata.pseudonyms.city_secret import check_value, find_secret, key_path
from geodata.store import Store, open_store
from tests.databases import NewDatabase, Server, given

DIGITS = "00ff" * 16
TEXT = "a secret of more than sixteen characters"
WRITTEN = (DIGITS, DIGITS.upper(), f"  {DIGITS}\n", f"{DIGITS}\r\n")
"""One secret, as a person may have copied it."""


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        yield opened


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as opened:
        yield opened


def made_with(store: Store, secret: bytes) -> None:
    """Let a database hold a batch that was taken in with a secret."""
    summary = f'{{"secret_check": "{check_value(secret)}"}}'
    add = "insert into batch values ('b', 'cases', 'f.csv', $1, $2)"
    with store.transaction() as work:
        work.execute(add, work.moment, summary)


def put(store: Store, text: str) -> None:
    path = key_path(store.url)
    path.touch(0o600)
    path.write_bytes(text.encode())


def refused(store: Store, secret: str | None) -> str:
    with pytest.raises(MikrozonasiError) as caught:
        find_secret(given(store, secret))
    assert secret is None or secret not in caught.value.message
    return caught.value.code


@pytest.mark.parametrize("text", WRITTEN)
def test_sixty_four_digits_are_bytes_in_the_variable_and_in_the_file(
    file_store: Store, text: str
) -> None:
    wanted = bytes.fromhex(DIGITS)
    assert find_secret(given(file_store, text)) == wanted
    put(file_store, text)
    assert find_secret(given(file_store, None)) == wanted


@pytest.mark.parametrize("text", [TEXT, f"{TEXT}\n", "deadbeef" * 2, "deadbeef" * 4, DIGITS[:-1]])
def test_any_other_text_is_its_characters_in_the_variable_and_in_the_file(
    file_store: Store, text: str
) -> None:
    wanted = text.strip().encode()
    assert find_secret(given(file_store, text)) == wanted
    put(file_store, text)
    assert find_secret(given(file_store, None)) == wanted


def test_a_key_file_that_is_made_is_the_same_secret_as_its_text(
    file_store: Store, store: Store
) -> None:
    made = find_secret(given(file_store, None))
    text = key_path(file_store.url).read_text()
    assert find_secret(given(store, text)) == made
    assert find_secret(given(store, text.strip().upper())) == made


BEFORE = [
    *((DIGITS, text.encode()) for text in WRITTEN[:2]),  # the variable of a PostgreSQL city
    (f"{DIGITS}\n", f"{DIGITS}\n".encode()),
    (DIGITS, f"{DIGITS}\n".encode()),
    (DIGITS, bytes.fromhex(DIGITS)),  # the key file of an embedded one
    (DIGITS[:32], bytes.fromhex(DIGITS[:32])),
    (DIGITS * 2, bytes.fromhex(DIGITS * 2)),
    ("deadbeef" * 4, ("deadbeef" * 4).encode()),
    (TEXT, TEXT.encode()),
    (f" {TEXT} ", f" {TEXT} ".encode()),
    ("päßwörter dürfen", "päßwörter dürfen".encode()),
]
"""The text that is given now, and the bytes that a database was made with before."""


@pytest.mark.parametrize(("text", "secret"), BEFORE)
def test_a_database_made_with_either_reading_takes_the_text_again(
    store: Store, text: str, secret: bytes
) -> None:
    made_with(store, secret)
    assert find_secret(given(store, text)) == secret
    assert refused(store, "0" + text[1:][::-1] + "1") == "other-secret"


@pytest.mark.parametrize(("text", "secret"), BEFORE)
def test_so_does_a_file_with_the_text_in_its_key_file(
    file_store: Store, text: str, secret: bytes
) -> None:
    made_with(file_store, secret)
    put(file_store, text)
    assert find_secret(given(file_store, None)) == secret
    put(file_store, "another secret of many characters")
    assert refused(file_store, None) == "other-secret"


def test_the_newest_batch_decides_and_not_the_rule(store: Store) -> None:
    made_with(store, DIGITS.encode())
    assert find_secret(given(store, DIGITS)) == DIGITS.encode() != bytes.fromhex(DIGITS)


def test_two_secrets_are_refused_where_nothing_decides(file_store: Store) -> None:
    put(file_store, DIGITS)
    assert refused(file_store, TEXT) == "two-secrets"
    assert find_secret(given(file_store, DIGITS.upper())) == bytes.fromhex(DIGITS)


def test_of_two_secrets_the_database_knows_the_right_one(file_store: Store) -> None:
    put(file_store, DIGITS)
    made_with(file_store, TEXT.encode())
    assert find_secret(given(file_store, TEXT)) == TEXT.encode()
    assert refused(file_store, None) == "other-secret"


def test_where_the_file_is_right_and_the_variable_is_not_that_is_said(file_store: Store) -> None:
    put(file_store, DIGITS)
    made_with(file_store, bytes.fromhex(DIGITS))
    with pytest.raises(StoreError, match="Unset MIKROZONASI_SECRET") as caught:
        find_secret(given(file_store, TEXT))
    assert caught.value.code == "other-secret"
    assert find_secret(given(file_store, None)) == bytes.fromhex(DIGITS)


@pytest.mark.parametrize("text", ["", " " * 40, "hunter2", "  hunter2 hunter2 \n", "ab" * 7])
def test_a_short_secret_is_weak_however_many_blanks_are_around_it(store: Store, text: str) -> None:
    with pytest.raises(InputError) as caught:
        find_secret(given(store, text))
    assert caught.value.code == "weak-secret"
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\0" * 64, b"\xff" * 64, b"x" * 5000])
def test_a_key_file_that_holds_no_secret_is_said_to(file_store: Store, content: bytes) -> None:
    key_path(file_store.url).touch(0o600)
    key_path(file_store.url).write_bytes(content)
    assert refused(file_store, None) == "no-secret"


def test_a_key_file_that_leads_nowhere_is_no_key_file(file_store: Store, tmp_path: Path) -> None:
    key_path(file_store.url).symlink_to(tmp_path / "gone")
    assert refused(file_store, None) == "no-secret"


def test_a_moved_city_is_told_where_its_secret_is(postgres_server: Server) -> None:
    with open_store(postgres_server.new()) as store:
        made_with(store, bytes.fromhex(DIGITS))
        with pytest.raises(StoreError, match="text of its key file") as caught:
            find_secret(given(store, None))
    assert caught.value.code == "no-secret"


@pytest.mark.parametrize("summary", ["{}", "[]", "not JSON", "null"])
def test_a_batch_that_does_not_say_its_secret_lets_nothing_in(store: Store, summary: str) -> None:
    with store.transaction() as work:
        work.execute("insert into batch values ('b', 'cases', 'f', $1, $2)", work.moment, summary)
    assert refused(store, TEXT) == "secret-unknown"


def test_a_key_file_that_others_may_read_is_closed_to_them_and_that_is_said(
    file_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    put(file_store, DIGITS)
    key_path(file_store.url).chmod(0o644)
    with caplog.at_level(logging.WARNING):
        find_secret(given(file_store, None))
    assert stat.S_IMODE(key_path(file_store.url).stat().st_mode) == 0o600
    assert "only its owner can" in caplog.text
