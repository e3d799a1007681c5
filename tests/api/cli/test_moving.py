"""A city moves between databases with its secret, and all commands work as before."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from typer.testing import CliRunner

from api.cli import main
from geodata.boundaries import save_boundaries
from geodata.ledger.rejected import rejected_frame
from geodata.pseudonyms.city_secret import key_path
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import write_table
from tests.cities.small_city import TEMBALANG, middle, small_city
from tests.databases import Server, store_with_secret
from zoning.records.intake import load_records

DIGITS: Final = "0f" * 32
NIKS: Final = {name: f"00000601019000{number}1" for number, name in enumerate("ABCD", start=1)}
_DAY: Final = "9 September 2021"

Origin = Callable[[Path, Server], str]
"""Makes a city with records, and gives its URL."""


def answer(*words: object) -> dict[str, Any]:
    result = CliRunner().invoke(main, [*map(str, words), "--json"])
    assert result.exit_code == 0, result.stderr
    summary: dict[str, Any] = json.loads(result.stdout)
    return summary


def written(path: Path, *names: str, **change: str) -> Path:
    lon, lat = middle(TEMBALANG, 1, 2)
    common = {"bujur": lon, "lintang": lat, "tgl konfirmasi": _DAY, "status": "Positif"}
    rows = [{"id kasus": name, "nik": NIKS[name], **common, **change} for name in names]
    write_table(pd.DataFrame(rows), path)
    return path


def fill(store: Store, folder: Path, secret: Pseudonymiser) -> None:
    """Three cases, and a fourth rejected case, which lies in a file with the corrected row."""
    save_boundaries(store, small_city(), "rt.gpkg", {})
    load_records(store, "cases", written(folder / "list.csv", *"ABC"), pseudonymiser=secret)
    spoilt = written(folder / "spoilt.csv", "D", status="Posotif")
    load_records(store, "cases", spoilt, pseudonymiser=secret)
    mended = rejected_frame(store).assign(status="Positif")
    write_table(mended, folder / "mended.csv")


def file_with_key(folder: Path, _: Server) -> str:
    """An embedded city whose key file was made at the first use."""
    url = f"duckdb:///{folder}/origin.duckdb"
    with open_store(url, create=True) as store:
        fill(store, folder, open_pseudonymiser(store_with_secret(store, None)))
    text = key_path(url).read_text()
    (folder / "secret").write_text(text)
    with open_store(url) as store:
        [summary] = set(store.read("select summary from batch")["summary"].to_pylist()[:1])
    # Every version read the key file as digits.
    assert json.loads(summary)["secret_check"] == Pseudonymiser(bytes.fromhex(text)).check_value()
    return url


def file_with_variable(folder: Path, _: Server) -> str:
    """An embedded city of an older version, which read the variable as text."""
    url = f"duckdb:///{folder}/origin.duckdb"
    with open_store(url, create=True) as store:
        fill(store, folder, Pseudonymiser(DIGITS.encode()))
    (folder / "secret").write_text(DIGITS)
    return url


def server_of_older_version(folder: Path, server: Server) -> str:
    """A city of an older version, which read the variable of 64 digits as text."""
    url = server.new()
    with open_store(url) as store:
        fill(store, folder, Pseudonymiser(DIGITS.encode()))
    (folder / "secret").write_text(DIGITS)
    return url


def server_of_this_version(folder: Path, server: Server) -> str:
    url = server.new()
    with open_store(url) as store:
        fill(store, folder, open_pseudonymiser(store_with_secret(store, DIGITS)))
    (folder / "secret").write_text(DIGITS)
    return url


def server_with_a_phrase(folder: Path, server: Server) -> str:
    url = server.new()
    phrase = "a phrase of several words"
    with open_store(url) as store:
        fill(store, folder, open_pseudonymiser(store_with_secret(store, phrase)))
    (folder / "secret").write_text(phrase)
    return url


class Origins:
    """Backups of the origins, each made once and not changed: three targets restore it."""

    def __init__(self, folders: pytest.TempPathFactory, server: Server) -> None:
        self._folders = folders
        self._server = server
        self._made: dict[Origin, Path] = {}

    def folder(self, origin: Origin) -> Path:
        """The folder with the backup, the secret and the files of the origin."""
        if origin not in self._made:
            folder = self._folders.mktemp("origin")
            url = origin(folder, self._server)
            answer("database", "backup", folder / "city.zip", "--database", url)
            self._made[origin] = folder
        return self._made[origin]


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory, postgres_server: Server) -> Origins:
    return Origins(tmp_path_factory, postgres_server)


@pytest.mark.parametrize(
    "origin",
    [
        file_with_key,
        file_with_variable,
        server_of_older_version,
        server_of_this_version,
        server_with_a_phrase,
    ],
)
@pytest.mark.parametrize("target", ["server", "file with key", "file with variable"])
def test_a_moved_city_loads_corrects_withdraws_erases_and_accepts_mended_rows(
    origin: Origin,
    target: str,
    tmp_path: Path,
    origins: Origins,
    postgres_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    made = origins.folder(origin)
    url = f"duckdb:///{tmp_path}/moved.duckdb"
    if target == "server":
        url = postgres_server.new_empty()
    monkeypatch.setenv("MIKROZONASI_DATABASE", url)
    answer("database", "restore", made / "city.zip")
    text = (made / "secret").read_text()
    if target == "file with key":
        key_path(url).write_text(text)
    else:
        monkeypatch.setenv(SECRET, text)

    again = answer("records", "load", "cases", written(tmp_path / "again.csv", *"ABC"))
    assert (again["unchanged"], again["new"]) == (3, 0)
    corrected = written(tmp_path / "corrected.csv", "A", outcome="meninggal", outcome_on=_DAY)
    report = answer("records", "load", "cases", corrected)
    assert (report["corrected"], report["new"], report["rejected"]) == (1, 0, 0)
    assert answer("records", "withdraw", "cases", "B", "--reason", "twice")["withdrawn"] == 1
    (tmp_path / "nik.txt").write_text(NIKS["C"])
    assert answer("records", "erase", "--nik-file", tmp_path / "nik.txt")["records"] == 1
    assert answer("records", "load", "cases", made / "list.csv")["warnings"]["erased"] == 1
    mended = answer("records", "load", "cases", made / "mended.csv")
    assert (mended["new"], mended["mended"], mended["rejected"]) == (1, 1, 0)
    typed = answer("records", "load", "cases", written(tmp_path / "typed.csv", "D"))
    assert (typed["unchanged"], typed["new"], typed["corrected"]) == (1, 0, 0)
    back = tmp_path / "back.zip"
    answer("database", "backup", back)
    home = f"duckdb:///{tmp_path}/home.duckdb"
    answer("database", "restore", back, "--database", home)
    key_path(home).write_text(text)
    monkeypatch.delenv(SECRET, raising=False)
    at_home = answer("records", "load", "cases", tmp_path / "typed.csv", "--database", home)
    assert (at_home["unchanged"], at_home["new"]) == (1, 0)


@pytest.mark.parametrize("target", ["server", "file"])
def test_restore_with_a_wrong_secret_says_that_the_secret_is_wrong(
    target: str, tmp_path: Path, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    backup = tmp_path / "city.zip"
    answer(
        "database",
        "backup",
        backup,
        "--database",
        server_of_this_version(tmp_path, postgres_server),
    )
    url = f"duckdb:///{tmp_path}/moved.duckdb"
    monkeypatch.setenv(SECRET, "of another city altogether")
    monkeypatch.setenv(
        "MIKROZONASI_DATABASE", postgres_server.new_empty() if target == "server" else url
    )
    output = " ".join(CliRunner().invoke(main, ["database", "restore", str(backup)]).output.split())
    assert "The given secret is not the secret of this city." in output
    assert "of another city altogether" not in output
