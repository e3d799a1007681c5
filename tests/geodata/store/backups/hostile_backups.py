"""Hostile backups: each is a changed copy of an honest backup.

A change gets the members of a backup by name and the parsed manifest ``backup.json``, and changes
them in place.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

Members = dict[str, bytes]
Change = Callable[[Members, dict[str, Any]], object]
MANIFEST: Final = "backup.json"
UNPLACED, ZONES = "run_unplaced", "run_zone"


def write_zip(
    path: Path, members: Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED
) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)


def write_changed_backup(honest: Path, path: Path, change: Change) -> None:
    with zipfile.ZipFile(honest) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members[MANIFEST])
    change(members, manifest)
    members[MANIFEST] = json.dumps(manifest).encode()
    write_zip(path, members.items())


def put_table(
    members: Members, manifest: dict[str, Any], name: str, content: bytes, rows: int
) -> None:
    """Set the member of a table with the right checksum and count; only its content is hostile."""
    members[f"{name}.parquet"] = content
    manifest["tables"][name] = {"rows": rows, "sha256": sha256(content).hexdigest()}


def replace_table(name: str, rows: pa.Table, **options: Any) -> Change:
    """Replace a table, written with our options or with others."""

    def change(members: Members, manifest: dict[str, Any]) -> None:
        buffer = io.BytesIO()
        pq.write_table(rows, buffer, **({"compression": "zstd"} | options))
        put_table(members, manifest, name, buffer.getvalue(), rows.num_rows)

    return change


def unplaced_rows(runs: pa.Array | pa.ChunkedArray | list[str | None], **columns: Any) -> pa.Table:
    count = len(runs)
    texts = runs if isinstance(runs, pa.Array | pa.ChunkedArray) else pa.array(runs, pa.string())
    numbers = {"cases": pa.repeat(1, count), "active": pa.repeat(1, count)}
    return pa.table({"run": texts, "code": pa.repeat("c", count), **numbers, **columns})


def zone_rows(
    runs: pa.Array | pa.ChunkedArray, codes: pa.Array | pa.ChunkedArray | None = None
) -> pa.Table:
    """Rows of `run_zone`, which has no key: every number of rows is valid."""
    numbers = ("risk", "houses", "houses_at_least", "cases", "active")
    texts = {"run": runs, "code": pa.repeat("c", len(runs)) if codes is None else codes}
    return pa.table(texts | {name: pa.repeat(1, len(runs)) for name in numbers})


def rename_table(old: str, new: str) -> Change:
    """Rename a table, in the manifest and as a member."""

    def change(members: Members, manifest: dict[str, Any]) -> None:
        members[f"{new}.parquet"] = members.pop(f"{old}.parquet")
        manifest["tables"][new] = manifest["tables"].pop(old)

    return change


def add_table(name: str) -> Change:
    def change(members: Members, manifest: dict[str, Any]) -> None:
        put_table(members, manifest, name, members[f"{UNPLACED}.parquet"], 0)

    return change


def set_manifest(**values: Any) -> Change:
    return lambda _, manifest: manifest.update(values)


def set_entry(**values: Any) -> Change:
    return lambda _, manifest: manifest["tables"][UNPLACED].update(values)


def change_bytes(change_content: Callable[[bytes], bytes]) -> Change:
    """Change the bytes of a member, with the checksum of the new bytes."""

    def change(members: Members, manifest: dict[str, Any]) -> None:
        rows = manifest["tables"][UNPLACED]["rows"]
        put_table(members, manifest, UNPLACED, change_content(members[f"{UNPLACED}.parquet"]), rows)

    return change


def set_footer_size(size: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:-8] + struct.pack("<I", size) + content[-4:]


HOSTILE_NAMES: Final = [
    'run" select * from stage; --',
    "read_csv('/etc/passwd')",
    "x\"; COPY (select 1) TO 'made.csv'; --",
    "x\"; ATTACH 'made.duckdb' AS made; --",
    'x"; INSTALL httpfs; --',
    "../../made",
    "/made",
    "sqlite_master",
    "information_schema.tables",
    "",
    "a\0b",
    "AREA",
]
_ONE_ROW: Final = unplaced_rows(["r"])
_ZERO_INDICES: Final = pa.repeat(pa.scalar(0, pa.int32()), 100_000)
_RANDOM_TEXTS: Final = [sha512(str(k).encode()).hexdigest() for k in range(16_384)]
"""Texts that compress to about a megabyte together."""
_LONG_TEXT: Final = "a" * (1 << 20)
_FAR_MOMENT: Final = pa.array([1 << 62], pa.timestamp("us"))

DAMAGED: Final[dict[str, Change]] = {
    **{f"a table more: {name!r}": add_table(name) for name in HOSTILE_NAMES},
    **{f"a table renamed: {name!r}": rename_table(UNPLACED, name) for name in HOSTILE_NAMES},
    **{
        f"a column renamed: {name!r}": replace_table(
            UNPLACED, _ONE_ROW.rename_columns([name, *_ONE_ROW.column_names[1:]])
        )
        for name in HOSTILE_NAMES
    },
    "a replace_table less": lambda members, manifest: (
        members.pop("area.parquet"),
        manifest["tables"].pop("area"),
    ),
    "a member less": lambda members, _: members.pop("area.parquet"),
    "a member more": lambda members, _: members.update({"more.parquet": b""}),
    "a member elsewhere": lambda members, _: members.update({"../../made.parquet": b"x"}),
    "a member at the root": lambda members, _: members.update({"/made.parquet": b"x"}),
    "a folder": lambda members, _: members.update({"folder/": b""}),
    "a table more without a member": lambda _, manifest: manifest["tables"].update(
        more={"rows": 0, "sha256": "0" * 64}
    ),
    "another checksum": set_entry(sha256="0" * 64),
    "a checksum that is none": set_entry(sha256="'; drop table area; --"),
    "a checksum that is a number": set_entry(sha256=7),
    "a checksum in a list": set_entry(sha256=["0" * 64]),
    "another count": set_entry(rows=1),
    "a negative count": set_entry(rows=-1),
    "an absurd count": set_entry(rows=10**30),
    "a count with a point": set_entry(rows=0.0),
    "a count that is true": set_entry(rows=False),
    "a count as text": set_entry(rows="0"),
    "no count": lambda _, manifest: manifest["tables"][UNPLACED].pop("rows"),
    "a table that is a list": lambda _, manifest: manifest["tables"].update({UNPLACED: []}),
    "tables in a list": set_manifest(tables=[]),
    "no tables": set_manifest(tables={}),
    "no moment": set_manifest(made_at=None),
    "a moment that is none": set_manifest(made_at="yesterday"),
    "a moment of elsewhere": set_manifest(made_at="2021-07-01T00:00:00+07:00"),
    "a column more": replace_table(UNPLACED, _ONE_ROW.append_column("more", [["x"]])),
    "a column less": replace_table(UNPLACED, _ONE_ROW.drop_columns(["active"])),
    "a column twice": replace_table(UNPLACED, _ONE_ROW.append_column("active", [[1]])),
    "columns in another order": replace_table(
        UNPLACED, _ONE_ROW.select(_ONE_ROW.column_names[::-1])
    ),
    "numbers as text": replace_table(UNPLACED, unplaced_rows(["r"], cases=["1"])),
    "short numbers": replace_table(UNPLACED, unplaced_rows(["r"], cases=pa.array([1], pa.int32()))),
    "bytes as text": replace_table(UNPLACED, unplaced_rows(pa.array([b"r"]))),
    "lists": replace_table(UNPLACED, unplaced_rows(pa.array([["r"]]))),
    "a dictionary": replace_table(UNPLACED, unplaced_rows(pa.array(["r"]).dictionary_encode())),
    "large texts": replace_table(UNPLACED, unplaced_rows(pa.array(["r"], pa.large_string()))),
    "text that is no UTF-8": replace_table(
        UNPLACED, unplaced_rows(pa.array([b"\xff"]).view(pa.string()))
    ),
    "text with a zero": replace_table(UNPLACED, unplaced_rows(["a\0b"])),
    "a key twice": replace_table(UNPLACED, unplaced_rows(["r", "r"])),
    "no key": replace_table(UNPLACED, unplaced_rows([None])),
    "a day that never comes": replace_table(
        "verification",
        pa.table(
            {
                "newcomer_id": ["n"],
                "verified_on": pa.array([2_000_000_000], pa.int32()).view(pa.date32()),
                "verified_by": ["x"],
                "recorded_at": pa.array([datetime(2021, 7, 1)], pa.timestamp("us")),  # noqa: DTZ001
            }
        ),
    ),
    "a clock that never comes": replace_table("latest_moment", pa.table({"moment": _FAR_MOMENT})),
    "a clock of the year 5000": replace_table(
        "latest_moment",
        pa.table({"moment": pa.array([datetime(5000, 1, 1)], pa.timestamp("us"))}),  # noqa: DTZ001
    ),
    "a clock without a moment": replace_table(
        "latest_moment", pa.table({"moment": pa.array([None], pa.timestamp("us"))})
    ),
    "no Parquet": change_bytes(lambda _: b"Dear city"),
    "nothing": change_bytes(lambda _: b""),
    "half of it": change_bytes(lambda content: content[len(content) // 2 :]),
    "a footer of 4 GB": change_bytes(set_footer_size((1 << 32) - 1)),
    "a footer beyond the file": change_bytes(set_footer_size(1 << 20)),
    "a footer of nothing": change_bytes(set_footer_size(0)),
    "an encrypted footer": change_bytes(lambda content: content[:-4] + b"PARE"),
    "a page of 65 MB, in a large member": replace_table(
        ZONES,
        zone_rows(pa.array(["a" * (65 << 20)]), pa.array(["".join(_RANDOM_TEXTS)])),
        use_dictionary=False,
    ),
    "a long text a hundred thousand times": replace_table(
        ZONES,
        zone_rows(pa.DictionaryArray.from_arrays(_ZERO_INDICES, [_LONG_TEXT])),
        store_schema=False,
    ),
    "more than fits at once, in a large member": replace_table(
        ZONES,
        zone_rows(
            pa.DictionaryArray.from_arrays(
                _ZERO_INDICES[: len(_RANDOM_TEXTS)], [_LONG_TEXT[:17_000]]
            ),
            pa.array(_RANDOM_TEXTS),
        ),
        store_schema=False,
    ),
    "long texts by their differences": replace_table(
        ZONES,
        zone_rows(pa.array([_LONG_TEXT] * 50)),
        use_dictionary=False,
        column_encoding={"run": "DELTA_BYTE_ARRAY"},
    ),
    "millions of equal rows": replace_table(ZONES, zone_rows(pa.repeat("r", 2_000_000))),
    "another compression": replace_table(UNPLACED, _ONE_ROW, compression="brotli"),
    "thousands of pages": replace_table(
        ZONES,
        zone_rows(pa.repeat("r", 4_000)),
        data_page_size=1,
        write_batch_size=1,
        use_dictionary=False,
    ),
}
"""Each raises ``backup-damaged``."""

_INVALID_VERSIONS: Final[list[Any]] = [0, -1, "3", 3.0, True, None, []]
NO_BACKUP: Final[dict[str, Change]] = {
    **{f"version {version!r}": set_manifest(version=version) for version in _INVALID_VERSIONS},
    "no version": lambda _, manifest: manifest.pop("version"),
    "another format": set_manifest(format="mikrozonasi-backup-0"),
    "no format": lambda _, manifest: manifest.pop("format"),
    "2 MB of INVALID_MANIFESTS": set_manifest(more="x" * (2 << 20)),
}
"""Each raises ``no-backup``."""

INVALID_VALUES: Final = (
    *("text that is no UTF-8", "text with a zero", "a key twice", "no key"),
    *("a day that never comes", "a clock that never comes", "a clock without a moment"),
)
"""Changes in `DAMAGED` whose values a database cannot store."""

INVALID_MANIFESTS: Final = [
    *(b"", b"{", b"null", b"[]", b'"format"', b"7", b"\xff\xfe", b"NaN", b"[" * 100_000),
    *(b'{"format": ' + b"9" * 10_000 + b"}", b'{"format": {}}'),
]
"""Invalid manifest of ``backup.json``."""
