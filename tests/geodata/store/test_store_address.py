"""A password in a database URL is found in every form and never shown."""

from pathlib import Path

import pytest

from geodata.errors import InputError
from geodata.store import database_path, holds_password, is_embedded, open_store, shown_url
from geodata.store.address import server_name
from geodata.store.opening import check_url
from geodata.upgrading import upgrade_store

PASSWORD = "hunter2"
WITH_PASSWORD = [
    "postgresql://dinkes:hunter2@db/zonasi",
    "postgres://dinkes:hunter2@db:5433/zonasi?sslmode=require",
    "POSTGRESQL://dinkes:hunter2@db/zonasi",
    " postgresql://dinkes:hunter2@db/zonasi",
    "postgresql://:hunter2@/zonasi?host=/run/postgresql",
    "postgresql://dinkes:%68unter2hunter2@db/zonasi",
    "postgresql://dinkes:x@hunter2@db/zonasi",
    "postgresql://dinkes:x:hunter2@db/zonasi",
    "postgresql://dinkes:x/hunter2@db/zonasi",
    "postgresql://dinkes:1234/hunter2@db/zonasi",
    "postgresql://dinkes:x?hunter2@db/zonasi",
    "postgresql://dinkes:x#hunter2@db/zonasi",
    "postgresql://dinkes@db/zonasi?password=hunter2",
    "postgresql:///zonasi?user=dinkes&password=hunter2&sslmode=require",
    "postgresql://dinkes@db/zonasi?PassWord=hunter2",
    "postgresql://dinkes@db/zonasi?p%61ssword=hunter2",
    "postgresql://dinkes@db/zonasi?%70%61%73%73word=hunter2",
    "postgresql://dinkes@db/zonasi?sslmode=require#&password=hunter2",
    "postgresql://dinkes@db/zonasi?sslkey=k.pem&sslpassword=hunter2",
    "postgresql://dinkes@db/zonasi?oauth_client_secret=hunter2",
    "postgresql://dinkes@db/zonasi?scram_client_key=hunter2",
    "host=db dbname=zonasi user=dinkes password=hunter2",
    "password = hunter2 host = db",
    "postgresqlx://dinkes:hunter2@db/zonasi",
]
WITHOUT_PASSWORD = [
    "duckdb:///city.duckdb",
    "duckdb:////data/user:name@host/city.duckdb",
    "postgresql://dinkes@db/zonasi",
    "postgresql://dinkes:@db/zonasi",
    "postgresql://db:5433/zonasi",
    "postgresql:///zonasi?host=/run/postgresql&port=5433&passfile=/home/dinkes/.pgpass",
    "postgresql://db:5433/zonasi?application_name=dinkes@kota",
    "postgresql://dinkes@db/zonasi?password=",
    "the password = hunter2",
    "--reason=twice: dinkes@kota",
]


@pytest.mark.parametrize("text", WITH_PASSWORD)
def test_a_password_is_found_in_every_form_of_a_url(text: str) -> None:
    assert holds_password(text)


@pytest.mark.parametrize("text", WITHOUT_PASSWORD)
def test_a_text_without_a_password_is_not_reported(text: str) -> None:
    assert not holds_password(text)


@pytest.mark.parametrize("text", WITH_PASSWORD)
def test_no_form_of_a_url_is_shown_with_its_password(text: str) -> None:
    try:
        shown = f"{shown_url(text)} {' '.join(server_name(text))}"
    except InputError as error:
        shown = error.message
    assert PASSWORD not in shown


def test_harmless_options_are_shown() -> None:
    url = "postgresql://dinkes@db:5433/zonasi?host=/run&port=5433&sslmode=require"
    assert shown_url(url) == url


@pytest.mark.parametrize("url", ["duckdb:///a?b", "duckdb:///city.duckdb?password=hunter2"])
def test_a_file_url_with_options_is_rejected_and_no_file_is_made(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for function in (is_embedded, database_path, shown_url, check_url, upgrade_store):
        with pytest.raises(InputError, match="question mark") as raised:
            function(url)
        assert raised.value.code == "database-url"
        assert "hunter2" not in raised.value.message
    with pytest.raises(InputError, match="question mark"):
        open_store(url, create=True)
    assert list(tmp_path.iterdir()) == []
