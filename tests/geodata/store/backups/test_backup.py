"""A backup holds everything, of one moment, and gives it back on either database, or nothing."""

import itertools
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from geodata.boundaries import assemble, load_boundaries, save_boundaries
from geodata.errors import InputError, MikrozonasiError
from geodata.language import Bilingual
from geodata.store import Store, open_store
from geodata.store.backups.restoring import restore_store
from geodata.store.backups.writing import backup_store
from geodata.store.schema import schema
from tests.cities.drawn_city import drawn_city
from tests.databases import NewDatabase, Server, new_file

MOMENT = datetime(2021, 7, 5, 12)  # noqa: DTZ001  (the tables keep UTC without a zone)
_ADD = """
insert into case_version (case_id, version, batch, recorded_at, digest, status, confirmed_on, lon)
select case_id, version, batch, recorded_at, digest, status, confirmed_on, lon from stage
order by case_id
"""


def fill(store: Store, n: int = 200) -> None:
    save_boundaries(store, assemble(drawn_city(1)), "rt.gpkg", {"repaired_m2": 0.1})
    with store.transaction() as work:
        ids = [f"c{k:03}" for k in range(n)]
        rows = {
            "case_id": ids,
            "version": [1] * n,
            "batch": ["b"] * n,
            "recorded_at": pa.array([MOMENT] * n, pa.timestamp("us")),
            "digest": ["é\0".replace("\0", "|")] * n,
            "status": ["confirmed"] * n,
            "confirmed_on": pa.array([MOMENT.date()] * (n - 1) + [None], pa.date32()),
            "lon": pa.array([k / 7 for k in range(n - 1)] + [None], pa.float64()),
        }
        work.append(_ADD, pa.table(rows))


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables; but when the tables were made and written last is each one's own."""
    assert {"area", "case_version", "run", "rejected"} <= set(schema())
    return {
        name: sorted(store.read(f"select * from {name}").to_pylist(), key=str)  # noqa: S608
        for name in schema()
        if name not in {"schema_version", "latest_moment"}
    }


@pytest.fixture
def filled(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as store:
        fill(store)
        yield store


@pytest.mark.parametrize("target", ["duckdb", "postgresql"])
def test_what_was_backed_up_on_one_is_restored_on_either(
    filled: Store,
    target: str,
    tmp_path: Path,
    postgres_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = backup_store(filled, tmp_path / "city.zip")
    assert made.rows["case_version"] == 200
    url = postgres_server.new() if target == "postgresql" else new_file(tmp_path_factory)
    with open_store(url) as store:
        assert restore_store(store, tmp_path / "city.zip") == made
        assert everything(store) == everything(filled)
        assert load_boundaries(store).id == load_boundaries(filled).id
        with store.transaction() as work, filled.transaction() as first:
            assert work.moment > MOMENT < first.moment


def test_the_same_state_is_the_same_tables_to_the_bit(filled: Store, tmp_path: Path) -> None:
    digests = []
    for name in ("one.zip", "two.zip"):
        backup_store(filled, tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as archive:
            digests.append(json.loads(archive.read("backup.json"))["tables"])
    assert digests[0] == digests[1]
    assert stat.S_IMODE((tmp_path / "one.zip").stat().st_mode) == 0o600


def test_it_is_of_one_moment_whatever_is_written_meanwhile(filled: Store, tmp_path: Path) -> None:
    def meanwhile(table: Bilingual, _done: int, _of: int) -> None:
        if table.en == "area":
            with filled.transaction() as work:
                work.execute("insert into run_unplaced values ('r', 'c', 1, 1)")

    made = backup_store(filled, tmp_path / "city.zip", meanwhile)
    assert made.rows["run_unplaced"] == 0
    assert filled.read("select * from run_unplaced").num_rows == 1


def refused(store: Store, path: Path) -> str:
    before = everything(store)
    code = refused_code(store, path)
    assert everything(store) == before
    return code


def refused_code(store: Store, path: Path) -> str:
    with pytest.raises(MikrozonasiError) as caught:
        restore_store(store, path)
    return caught.value.code


def test_it_is_restored_only_into_an_empty_database(filled: Store, tmp_path: Path) -> None:
    backup_store(filled, tmp_path / "city.zip")
    assert refused(filled, tmp_path / "city.zip") == "not-empty"


def _spoil(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _with_version(parts: dict[str, bytes], version: int) -> None:
    contents = json.loads(parts["backup.json"])
    parts["backup.json"] = json.dumps(contents | {"version": version}).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda parts: parts.pop("backup.json"), "no-backup"),
        (lambda parts: parts.update({"backup.json": b"{}"}), "no-backup"),
        (lambda parts: parts.pop("area.parquet"), "backup-damaged"),
        (lambda parts: parts.update({"area.parquet": parts["run.parquet"]}), "backup-damaged"),
        (lambda parts: _with_version(parts, 1), "backup-older"),
        (lambda parts: _with_version(parts, 99), "backup-newer"),
    ],
)
def test_what_is_not_as_it_was_written_restores_nothing(
    filled: Store,
    tmp_path: Path,
    new_database: NewDatabase,
    change: Callable[[dict[str, bytes]], None],
    code: str,
) -> None:
    path = tmp_path / "city.zip"
    backup_store(filled, path)
    _spoil(path, change)
    with open_store(new_database()) as store:
        assert refused(store, path) == code


def test_every_single_byte_counts(filled: Store, tmp_path: Path, new_database: NewDatabase) -> None:
    path = tmp_path / "city.zip"
    backup_store(filled, path)
    whole = path.read_bytes()
    with open_store(new_database()) as store:
        for at in itertools.islice(range(0, len(whole) * 3 // 4, 1 + len(whole) // 12), 12):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
            try:
                restore_store(store, path)
            except MikrozonasiError:
                assert store.read("select * from case_version").num_rows == 0
            else:  # a byte of the zip's own that nothing reads
                assert everything(store) == everything(filled)
                return


@pytest.mark.parametrize("flip", [0x01, 0x08, 0xFF])
def test_a_byte_of_the_zips_own_is_refused_with_a_sentence_or_says_nothing(
    tmp_path: Path, flip: int
) -> None:
    path = tmp_path / "city.zip"
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        fill(store)
        backup_store(store, path)
        whole = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            start, first, *_, last = archive.start_dir, *archive.infolist()
            own = [k + one.header_offset for one in (first, last) for k in range(40)]
        for at in [*own, *range(start, start + 60), *range(len(whole) - 60, len(whole))]:
            path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
            # What can be read is not restored here either: the database holds something.
            assert refused_code(store, path) in {"backup-damaged", "no-backup", "not-empty"}, at


def test_cut_off_files_and_other_files_are_said(new_database: NewDatabase, tmp_path: Path) -> None:
    with open_store(new_database()) as store:
        assert refused(store, tmp_path / "none.zip") == "no-file"
        (tmp_path / "letter.zip").write_text("Dear city")
        assert refused(store, tmp_path / "letter.zip") == "no-backup"
        backup_store(store, tmp_path / "city.zip")
        whole = (tmp_path / "city.zip").read_bytes()
        (tmp_path / "city.zip").write_bytes(whole[: len(whole) // 2])
        assert refused(store, tmp_path / "city.zip") == "no-backup"


def test_a_backup_that_fails_leaves_the_one_before(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "city.zip"
    backup_store(filled, path)
    before = path.read_bytes()

    def fail(table: Bilingual, _done: int, _of: int) -> None:
        if table.en == "run":
            raise OSError("disk full")

    with pytest.raises(InputError, match="cannot be written"):
        backup_store(filled, path, fail)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["city.zip"]


def test_a_restore_that_fails_leaves_an_empty_database(
    filled: Store, tmp_path: Path, new_database: NewDatabase
) -> None:
    backup_store(filled, tmp_path / "city.zip")

    def fail(table: Bilingual, _done: int, _of: int) -> None:
        if table.en == "run":
            raise OSError("disk full")

    with open_store(new_database()) as store:
        before = everything(store)
        with pytest.raises(OSError, match="disk full"):
            restore_store(store, tmp_path / "city.zip", fail)
        assert everything(store) == before
        restore_store(store, tmp_path / "city.zip")
