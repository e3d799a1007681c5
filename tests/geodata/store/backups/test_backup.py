"""A backup has all rows of one moment and restores them on both databases, all or nothing."""

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


def fill(store: Store, count: int = 200) -> None:
    save_boundaries(store, assemble(drawn_city(1)), "rt.gpkg", {"repaired_m2": 0.1})
    with store.transaction() as work:
        ids = [f"c{number:03}" for number in range(count)]
        rows = {
            "case_id": ids,
            "version": [1] * count,
            "batch": ["b"] * count,
            "recorded_at": pa.array([MOMENT] * count, pa.timestamp("us")),
            "digest": ["é\0".replace("\0", "|")] * count,
            "status": ["confirmed"] * count,
            "confirmed_on": pa.array([MOMENT.date()] * (count - 1) + [None], pa.date32()),
            "lon": pa.array([number / 7 for number in range(count - 1)] + [None], pa.float64()),
        }
        work.append(_ADD, pa.table(rows))


def all_rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, except the tables about the database itself."""
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
def test_a_backup_of_one_database_is_restored_on_both(
    filled: Store,
    target: str,
    tmp_path: Path,
    postgres_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    backup = backup_store(filled, tmp_path / "city.zip")
    assert backup.rows["case_version"] == 200
    url = postgres_server.new() if target == "postgresql" else new_file(tmp_path_factory)
    with open_store(url) as store:
        assert restore_store(store, tmp_path / "city.zip") == backup
        assert all_rows(store) == all_rows(filled)
        assert load_boundaries(store).id == load_boundaries(filled).id
        with store.transaction() as work, filled.transaction() as first:
            assert work.moment > MOMENT < first.moment


def test_the_same_state_gives_the_same_checksums(filled: Store, tmp_path: Path) -> None:
    digests = []
    for name in ("one.zip", "two.zip"):
        backup_store(filled, tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as archive:
            digests.append(json.loads(archive.read("backup.json"))["tables"])
    assert digests[0] == digests[1]
    assert stat.S_IMODE((tmp_path / "one.zip").stat().st_mode) == 0o600


def test_a_backup_is_of_one_moment_while_rows_are_written(filled: Store, tmp_path: Path) -> None:
    def add_row(table: Bilingual, _done: int, _total: int) -> None:
        if table.en == "area":
            with filled.transaction() as work:
                work.execute("insert into run_unplaced values ('r', 'c', 1, 1)")

    backup = backup_store(filled, tmp_path / "city.zip", add_row)
    assert backup.rows["run_unplaced"] == 0
    assert filled.read("select * from run_unplaced").num_rows == 1


def restore_error_code(store: Store, path: Path) -> str:
    before = all_rows(store)
    code = restore_code(store, path)
    assert all_rows(store) == before
    return code


def restore_code(store: Store, path: Path) -> str:
    with pytest.raises(MikrozonasiError) as caught:
        restore_store(store, path)
    return caught.value.code


def test_a_backup_is_restored_only_into_an_empty_database(filled: Store, tmp_path: Path) -> None:
    backup_store(filled, tmp_path / "city.zip")
    assert restore_error_code(filled, tmp_path / "city.zip") == "not-empty"


def _change_members(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _with_version(members: dict[str, bytes], version: int) -> None:
    manifest = json.loads(members["backup.json"])
    members["backup.json"] = json.dumps(manifest | {"version": version}).encode()


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
def test_a_damaged_backup_restores_nothing(
    filled: Store,
    tmp_path: Path,
    new_database: NewDatabase,
    change: Callable[[dict[str, bytes]], None],
    code: str,
) -> None:
    path = tmp_path / "city.zip"
    backup_store(filled, path)
    _change_members(path, change)
    with open_store(new_database()) as store:
        assert restore_error_code(store, path) == code


def test_a_changed_byte_restores_nothing(
    filled: Store, tmp_path: Path, new_database: NewDatabase
) -> None:
    path = tmp_path / "city.zip"
    backup_store(filled, path)
    content = path.read_bytes()
    with open_store(new_database()) as store:
        for offset in itertools.islice(range(0, len(content) * 3 // 4, 1 + len(content) // 12), 12):
            path.write_bytes(
                content[:offset] + bytes([content[offset] ^ 0xFF]) + content[offset + 1 :]
            )
            try:
                restore_store(store, path)
            except MikrozonasiError:
                assert store.read("select * from case_version").num_rows == 0
            else:  # a byte of the zip format that is never read
                assert all_rows(store) == all_rows(filled)
                return


@pytest.mark.parametrize("flip", [0x01, 0x08, 0xFF])
def test_a_changed_byte_of_the_zip_format_is_rejected_or_has_no_effect(
    tmp_path: Path, flip: int
) -> None:
    path = tmp_path / "city.zip"
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        fill(store)
        backup_store(store, path)
        content = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            start, first, *_, last = archive.start_dir, *archive.infolist()
            header_offsets = [
                byte + member.header_offset for member in (first, last) for byte in range(40)
            ]
        for offset in [
            *header_offsets,
            *range(start, start + 60),
            *range(len(content) - 60, len(content)),
        ]:
            path.write_bytes(
                content[:offset] + bytes([content[offset] ^ flip]) + content[offset + 1 :]
            )
            # A readable backup is rejected too: the database is not empty.
            assert restore_code(store, path) in {"backup-damaged", "no-backup", "not-empty"}, offset


def test_truncated_and_foreign_files_are_rejected(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    with open_store(new_database()) as store:
        assert restore_error_code(store, tmp_path / "none.zip") == "no-file"
        (tmp_path / "letter.zip").write_text("Dear city")
        assert restore_error_code(store, tmp_path / "letter.zip") == "no-backup"
        backup_store(store, tmp_path / "city.zip")
        content = (tmp_path / "city.zip").read_bytes()
        (tmp_path / "city.zip").write_bytes(content[: len(content) // 2])
        assert restore_error_code(store, tmp_path / "city.zip") == "no-backup"


def test_a_failed_backup_keeps_the_old_file(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "city.zip"
    backup_store(filled, path)
    before = path.read_bytes()

    def fail(table: Bilingual, _done: int, _total: int) -> None:
        if table.en == "run":
            raise OSError("disk full")

    with pytest.raises(InputError, match="cannot be written"):
        backup_store(filled, path, fail)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["city.zip"]


def test_a_failed_restore_leaves_an_empty_database(
    filled: Store, tmp_path: Path, new_database: NewDatabase
) -> None:
    backup_store(filled, tmp_path / "city.zip")

    def fail(table: Bilingual, _done: int, _total: int) -> None:
        if table.en == "run":
            raise OSError("disk full")

    with open_store(new_database()) as store:
        before = all_rows(store)
        with pytest.raises(OSError, match="disk full"):
            restore_store(store, tmp_path / "city.zip", fail)
        assert all_rows(store) == before
        restore_store(store, tmp_path / "city.zip")
