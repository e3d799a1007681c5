"""Backups as an attacker would write them, each from one that is honest.

A change gets the parts of a backup by name, and ``backup.json`` read; what it leaves is written.
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

Parts = dict[str, bytes]
Change = Callable[[Parts, dict[str, Any]], object]
CONTENTS: Final = "backup.json"
UNPLACED, ZONES = "run_unplaced", "run_zone"


def write(path: Path, parts: Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in parts:
            archive.writestr(name, content)


def changed(honest: Path, path: Path, change: Change) -> None:
    with zipfile.ZipFile(honest) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    contents = json.loads(parts[CONTENTS])
    change(parts, contents)
    parts[CONTENTS] = json.dumps(contents).encode()
    write(path, parts.items())


def put(parts: Parts, contents: dict[str, Any], name: str, content: bytes, rows: int) -> None:
    """A part with the right checksum and count: nothing but its content is hostile."""
    parts[f"{name}.parquet"] = content
    contents["tables"][name] = {"rows": rows, "sha256": sha256(content).hexdigest()}


def table(name: str, rows: pa.Table, **how: Any) -> Change:
    """Another table in place of one, written as we do unless said otherwise."""

    def change(parts: Parts, contents: dict[str, Any]) -> None:
        written = io.BytesIO()
        pq.write_table(rows, written, **({"compression": "zstd"} | how))
        put(parts, contents, name, written.getvalue(), rows.num_rows)

    return change


def unplaced(runs: pa.Array | pa.ChunkedArray | list[str | None], **columns: Any) -> pa.Table:
    n = len(runs)
    texts = runs if isinstance(runs, pa.Array | pa.ChunkedArray) else pa.array(runs, pa.string())
    numbers = {"cases": pa.repeat(1, n), "active": pa.repeat(1, n)}
    return pa.table({"run": texts, "code": pa.repeat("c", n), **numbers, **columns})


def zones(
    runs: pa.Array | pa.ChunkedArray, codes: pa.Array | pa.ChunkedArray | None = None
) -> pa.Table:
    """Rows of the table without a key: no row is one too many."""
    numbers = ("risk", "houses", "houses_at_least", "cases", "active")
    texts = {"run": runs, "code": pa.repeat("c", len(runs)) if codes is None else codes}
    return pa.table(texts | {name: pa.repeat(1, len(runs)) for name in numbers})


def renamed(old: str, new: str) -> Change:
    """A table by another name, in the list and as a part."""

    def change(parts: Parts, contents: dict[str, Any]) -> None:
        parts[f"{new}.parquet"] = parts.pop(f"{old}.parquet")
        contents["tables"][new] = contents["tables"].pop(old)

    return change


def added(name: str) -> Change:
    def change(parts: Parts, contents: dict[str, Any]) -> None:
        put(parts, contents, name, parts[f"{UNPLACED}.parquet"], 0)

    return change


def said(**values: Any) -> Change:
    return lambda _, contents: contents.update(values)


def described(**values: Any) -> Change:
    return lambda _, contents: contents["tables"][UNPLACED].update(values)


def spoilt(spoil: Callable[[bytes], bytes]) -> Change:
    """A part changed after it was written, with the checksum of the change."""

    def change(parts: Parts, contents: dict[str, Any]) -> None:
        rows = contents["tables"][UNPLACED]["rows"]
        put(parts, contents, UNPLACED, spoil(parts[f"{UNPLACED}.parquet"]), rows)

    return change


def footer_of(size: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:-8] + struct.pack("<I", size) + content[-4:]


SQL: Final = [
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
_ONE: Final = unplaced(["r"])
_OTHERS: Final = _ONE.column_names[1:]
_FIRST: Final = pa.repeat(pa.scalar(0, pa.int32()), 100_000)
_UNLIKE: Final = [sha512(str(k).encode()).hexdigest() for k in range(16_384)]
"""Texts that cannot be compressed to much less than a megabyte together."""
_SOME: Final = _FIRST.slice(0, len(_UNLIKE))
_LONG: Final = "a" * (1 << 20)
_EVER: Final = pa.array([1 << 62], pa.timestamp("us"))

DAMAGED: Final[dict[str, Change]] = {
    **{f"a table more: {name!r}": added(name) for name in SQL},
    **{f"a table renamed: {name!r}": renamed(UNPLACED, name) for name in SQL},
    **{
        f"a column renamed: {name!r}": table(
            UNPLACED, _ONE.rename_columns([name, *_ONE.column_names[1:]])
        )
        for name in SQL
    },
    "a table less": lambda parts, contents: (
        parts.pop("area.parquet"),
        contents["tables"].pop("area"),
    ),
    "a part less": lambda parts, _: parts.pop("area.parquet"),
    "a part more": lambda parts, _: parts.update({"more.parquet": b""}),
    "a part elsewhere": lambda parts, _: parts.update({"../../made.parquet": b"x"}),
    "a part at the root": lambda parts, _: parts.update({"/made.parquet": b"x"}),
    "a folder": lambda parts, _: parts.update({"folder/": b""}),
    "a table more without a part": lambda _, contents: contents["tables"].update(
        more={"rows": 0, "sha256": "0" * 64}
    ),
    "another checksum": described(sha256="0" * 64),
    "a checksum that is none": described(sha256="'; drop table area; --"),
    "a checksum that is a number": described(sha256=7),
    "a checksum in a list": described(sha256=["0" * 64]),
    "another count": described(rows=1),
    "a negative count": described(rows=-1),
    "an absurd count": described(rows=10**30),
    "a count with a point": described(rows=0.0),
    "a count that is true": described(rows=False),
    "a count as text": described(rows="0"),
    "no count": lambda _, contents: contents["tables"][UNPLACED].pop("rows"),
    "a table that is a list": lambda _, contents: contents["tables"].update({UNPLACED: []}),
    "tables in a list": said(tables=[]),
    "no tables": said(tables={}),
    "no moment": said(made_at=None),
    "a moment that is none": said(made_at="yesterday"),
    "a moment of elsewhere": said(made_at="2021-07-01T00:00:00+07:00"),
    "a column more": table(UNPLACED, _ONE.append_column("more", [["x"]])),
    "a column less": table(UNPLACED, _ONE.drop_columns(["active"])),
    "a column twice": table(UNPLACED, _ONE.append_column("active", [[1]])),
    "columns in another order": table(UNPLACED, _ONE.select(_ONE.column_names[::-1])),
    "numbers as text": table(UNPLACED, unplaced(["r"], cases=["1"])),
    "short numbers": table(UNPLACED, unplaced(["r"], cases=pa.array([1], pa.int32()))),
    "bytes as text": table(UNPLACED, unplaced(pa.array([b"r"]))),
    "lists": table(UNPLACED, unplaced(pa.array([["r"]]))),
    "a dictionary": table(UNPLACED, unplaced(pa.array(["r"]).dictionary_encode())),
    "large texts": table(UNPLACED, unplaced(pa.array(["r"], pa.large_string()))),
    "text that is no UTF-8": table(UNPLACED, unplaced(pa.array([b"\xff"]).view(pa.string()))),
    "text with a zero": table(UNPLACED, unplaced(["a\0b"])),
    "a key twice": table(UNPLACED, unplaced(["r", "r"])),
    "no key": table(UNPLACED, unplaced([None])),
    "a day that never comes": table(
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
    "a clock that never comes": table("latest_moment", pa.table({"moment": _EVER})),
    "a clock of the year 5000": table(
        "latest_moment",
        pa.table({"moment": pa.array([datetime(5000, 1, 1)], pa.timestamp("us"))}),  # noqa: DTZ001
    ),
    "a clock without a moment": table(
        "latest_moment", pa.table({"moment": pa.array([None], pa.timestamp("us"))})
    ),
    "no Parquet": spoilt(lambda _: b"Dear city"),
    "nothing": spoilt(lambda _: b""),
    "half of it": spoilt(lambda content: content[len(content) // 2 :]),
    "a footer of 4 GB": spoilt(footer_of((1 << 32) - 1)),
    "a footer beyond the file": spoilt(footer_of(1 << 20)),
    "a footer of nothing": spoilt(footer_of(0)),
    "an encrypted footer": spoilt(lambda content: content[:-4] + b"PARE"),
    "a page of 65 MB, in a large part": table(
        ZONES,
        zones(pa.array(["a" * (65 << 20)]), pa.array(["".join(_UNLIKE)])),
        use_dictionary=False,
    ),
    "a long text a hundred thousand times": table(
        ZONES, zones(pa.DictionaryArray.from_arrays(_FIRST, [_LONG])), store_schema=False
    ),
    "more than fits at once, in a large part": table(
        ZONES,
        zones(
            pa.DictionaryArray.from_arrays(_FIRST[: len(_UNLIKE)], [_LONG[:17_000]]),
            pa.array(_UNLIKE),
        ),
        store_schema=False,
    ),
    "long texts by their differences": table(
        ZONES,
        zones(pa.array([_LONG] * 50)),
        use_dictionary=False,
        column_encoding={"run": "DELTA_BYTE_ARRAY"},
    ),
    "millions of equal rows": table(ZONES, zones(pa.repeat("r", 2_000_000))),
    "another compression": table(UNPLACED, _ONE, compression="brotli"),
    "thousands of pages": table(
        ZONES,
        zones(pa.repeat("r", 4_000)),
        data_page_size=1,
        write_batch_size=1,
        use_dictionary=False,
    ),
}
"""Each is one sentence with the code ``backup-damaged``."""

_NO_VERSIONS: Final[list[Any]] = [0, -1, "3", 3.0, True, None, []]
NONE: Final[dict[str, Change]] = {
    **{f"version {which!r}": said(version=which) for which in _NO_VERSIONS},
    "no version": lambda _, contents: contents.pop("version"),
    "another format": said(format="mikrozonasi-backup-0"),
    "no format": lambda _, contents: contents.pop("format"),
    "2 MB of JSON": said(more="x" * (2 << 20)),
}
"""Each is one sentence with the code ``no-backup``."""

VALUES: Final = (
    *("text that is no UTF-8", "text with a zero", "a key twice", "no key"),
    *("a day that never comes", "a clock that never comes", "a clock without a moment"),
)
"""Those of them that a database itself would have to refuse."""

JSON: Final = [
    *(b"", b"{", b"null", b"[]", b'"format"', b"7", b"\xff\xfe", b"NaN", b"[" * 100_000),
    *(b'{"format": ' + b"9" * 10_000 + b"}", b'{"format": {}}'),
]
"""What may stand in ``backup.json``."""
