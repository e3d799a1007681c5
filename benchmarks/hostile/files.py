"""Files that try to exhaust a reader: small files that expand, and large files that cost work.

Each file is built in memory. The name of its function describes the attack.
"""

import io
import json
from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.hostile.spreadsheets import (
    a_far_cell,
    a_far_row,
    a_hundred_thousand_parts,
    a_million_merged_cells,
    a_shared_text,
    a_shared_text_as_long_as_is_read,
    a_shared_text_under_other_names,
    a_size_that_lies,
    blanks,
    blanks_that_are_hidden,
    hidden_columns,
    merged_cells_as_many_as_are_read,
    no_spreadsheet,
    one_sheet_two_hundred_times,
    repeated_cells,
    styles_without_end,
    tags_that_do_not_close,
    ten_thousand_sheets,
)

_HEADINGS: Final = "No Kasus,Alamat,RT,RW,Kelurahan,Status,Tanggal Konfirmasi\n"
_RECORD: Final = "K-{n},Jl Mawar {n},1,1,Melati,Konfirmasi,2021-07-01\n"


def _csv(*lines: str) -> bytes:
    return "".join(lines).encode()


def _records(number: int, cells: str) -> bytes:
    """Records with numbers of their own whose other cells are the same."""
    return _csv(_HEADINGS, *(f"K-{n},{cells}\n" for n in range(number)))


def words_in_headings() -> bytes:
    """20 kB: cells of repeated words where headings are looked for."""
    cells = [word * (1_500 // len(word)) for word in ("Jl ", "RT 1 RW 2 ", "Alamat ", "Data ")]
    return _csv(",".join(cells) + "\n", ",".join(cells) + "\n", ",".join(cells) + "\n")


def words_in_many_headings() -> bytes:
    """Sixty rows of a thousand cells of a dozen words, no two alike."""
    rows = [
        ",".join(f"Data Alamat KTP RT RW Tanggal Hasil {row} {k} Jl Jl" for k in range(1_000))
        for row in range(60)
    ]
    return _csv("\n".join(rows), "\n", _HEADINGS, _RECORD.format(n=1))


def a_row_of_commas() -> bytes:
    return b"," * 90_000_000


def rows_of_commas() -> bytes:
    return _HEADINGS.encode() + (b"," * 999 + b"\n") * 90_000


def a_hundred_thousand_columns() -> bytes:
    names = ",".join(f"kolom {k}" for k in range(100_000))
    return _csv(names, "\n", "," * 99_999, "\n" * 2, _HEADINGS, _RECORD.format(n=1))


def equal_headings() -> bytes:
    names = ",".join(["Status"] * 100_000)
    return _csv(names, "\n", ",".join(["Konfirmasi"] * 100_000), "\n")


def as_many_equal_headings_as_are_read() -> bytes:
    names = ",".join(["Tanggal Konfirmasi"] * 1_000)
    return _csv(names, "\n", *[",".join(["2021-07-01"] * 1_000) + "\n"] * 8_000)


def headings_again_and_again() -> bytes:
    return _csv(*[_HEADINGS + _RECORD.format(n=n) for n in range(400_000)])


def other_headings_again_and_again() -> bytes:
    rows = [
        f"No Kasus,Status,Tanggal Konfirmasi,Kelurahan,k{n}\nK-{n},Konfirmasi,2021-07-01,Melati,x\n"
        for n in range(300_000)
    ]
    return _csv(*rows)


def marks_that_stay_open() -> bytes:
    """Each line leaves a cell open, and is no row of its own."""
    return _HEADINGS.encode() + b'b","c\n' * 10_000_000


def marks_that_open() -> bytes:
    return _HEADINGS.encode() + b'"a\n' * 10_000_000


def a_mark_at_the_start() -> bytes:
    return _HEADINGS.encode() + b'K-1,"' + b"a\n" * 30_000_000


def blank_lines() -> bytes:
    return _HEADINGS.encode() + b"\n" * 90_000_000


def lines_of_a_letter() -> bytes:
    return _HEADINGS.encode() + b"x\n" * 45_000_000


def wide_letters() -> bytes:
    """UTF-16 of signs that take three bytes each in UTF-8."""
    return b"\xff\xfe" + ("\uac00" * 45_000_000).encode("utf-16-le")


def zero_bytes() -> bytes:
    return _HEADINGS.encode() + b"\0" * 90_000_000


def a_long_address() -> bytes:
    return _records(200, f'"{"RT 1 RW 2 " * 40_000}",1,1,Melati,Konfirmasi,2021-07-01')


def addresses_of_marks() -> bytes:
    """As long as a cell may be, and every word another number of an RT."""
    return _records(20_000, f'"{"RT 1, RW 2 / " * 150}",,,Melati,Konfirmasi,2021-07-01')


def addresses_of_streets() -> bytes:
    return _records(20_000, f"{'Jl Blok No 3 '[:13] * 150},,,Melati,Konfirmasi,2021-07-01")


def dates_of_digits() -> bytes:
    return _records(20_000, f"Jl Mawar 1,1,1,Melati,Konfirmasi,{'1 ' * 990}")


def statuses_of_words() -> bytes:
    rows = [f"K-{n},Jl Mawar 1,1,1,Melati,{'masih ' * 320}{n},2021-07-01\n" for n in range(20_000)]
    return _csv(_HEADINGS, *rows)


def coordinates_of_degrees() -> bytes:
    head = "No Kasus,Lintang,Bujur,Status,Tanggal Konfirmasi\n"
    cell = f"https://maps.example/{'@-7.05,' * 280}"
    return _csv(head, *(f'K-{n},"{cell}{n}",,Konfirmasi,2021-07-01\n' for n in range(20_000)))


def combining_marks() -> bytes:
    cell = "a" + "\u0300\u0323" * 900
    return _records(10_000, f"{cell},1,1,Melati,Konfirmasi,2021-07-01")


def a_key_an_object() -> bytes:
    return json.dumps([{f"k{n}": n} for n in range(20_000)]).encode()


def a_million_keys() -> bytes:
    return json.dumps([{f"k{n}": n for n in range(1_000_000)}]).encode()


def nested_lists() -> bytes:
    return b"[" * 5_000_000 + b"]" * 5_000_000


def nested_cells() -> bytes:
    cell = b"[" * 900 + b"]" * 900
    return b'[{"status": "konfirmasi", "catatan": ' + cell + b"}]"


def empty_lists() -> bytes:
    return b"[" + b"[]," * 30_000_000 + b"[]]"


def empty_objects() -> bytes:
    return b"[" + b"{}," * 30_000_000 + b"{}]"


def objects_as_many_as_are_read() -> bytes:
    return b"[" + b'{"s":1},' * 1_200_000 + b'{"status":"konfirmasi"}]'


def a_number_of_a_million_digits() -> bytes:
    return b'[{"status": "konfirmasi", "nik": ' + b"9" * 1_000_000 + b"}]"


def a_long_string() -> bytes:
    return b'[{"status": "konfirmasi", "alamat": "' + b"a" * 90_000_000 + b'"}]'


def a_multipoint() -> bytes:
    points = ",".join(f"[110.4,-7.{n}]" for n in range(2_000_00))
    geometry = f'{{"type": "MultiPoint", "coordinates": [{points}]}}'
    feature = f'{{"type": "Feature", "properties": {{"status": "x"}}, "geometry": {geometry}}}'
    return f'{{"type": "FeatureCollection", "features": [{feature}]}}'.encode()


def nested_collections() -> bytes:
    inner = '{"type": "GeometryCollection", "geometries": [' * 300
    geometry = inner + '{"type": "Point", "coordinates": [110.4, -7.0]}' + "]}" * 300
    feature = f'{{"type": "Feature", "properties": {{"status": "x"}}, "geometry": {geometry}}}'
    return f'{{"type": "FeatureCollection", "features": [{feature}]}}'.encode()


def _parquet(table: pa.Table, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def _one_value(text: str, rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(rows, dtype=np.int8), [text])


def a_value_in_every_row() -> bytes:
    table = pa.table({"status": _one_value("konfirmasi", 200_000_000)})
    return _parquet(table, store_schema=False)


def a_long_value_in_every_row() -> bytes:
    table = pa.table({"status": _one_value("a" * 100_000, 1_000_000)})
    return _parquet(table, store_schema=False)


def thousands_of_columns() -> bytes:
    return _parquet(pa.table({f"k{n}": [1] for n in range(20_000)}))


def a_zero_compressed() -> bytes:
    table = pa.table({"status": ["a" * 1_000_000] * 1_000})
    return _parquet(table, compression="zstd", use_dictionary=False)


def lists_of_nothing() -> bytes:
    lists = pa.ListArray.from_arrays(
        pa.array([0, 100_000_000], pa.int32()), pa.nulls(100_000_000, pa.int8())
    )
    return _parquet(pa.table({"catatan": lists, "status": ["konfirmasi"]}))


def row_groups() -> bytes:
    table = pa.table({f"k{n}": [1] * 2_000 for n in range(50)})
    return _parquet(table, row_group_size=1)


FILES: Final[dict[str, tuple[Callable[[], bytes], ...]]] = {
    ".csv": (
        words_in_headings,
        words_in_many_headings,
        a_row_of_commas,
        rows_of_commas,
        a_hundred_thousand_columns,
        equal_headings,
        as_many_equal_headings_as_are_read,
        headings_again_and_again,
        other_headings_again_and_again,
        marks_that_stay_open,
        marks_that_open,
        a_mark_at_the_start,
        blank_lines,
        lines_of_a_letter,
        wide_letters,
        zero_bytes,
        a_long_address,
        addresses_of_marks,
        addresses_of_streets,
        dates_of_digits,
        statuses_of_words,
        coordinates_of_degrees,
        combining_marks,
    ),
    ".json": (
        a_key_an_object,
        a_million_keys,
        nested_lists,
        nested_cells,
        empty_lists,
        empty_objects,
        objects_as_many_as_are_read,
        a_number_of_a_million_digits,
        a_long_string,
        a_multipoint,
        nested_collections,
    ),
    ".xlsx": (
        a_shared_text,
        a_shared_text_as_long_as_is_read,
        a_shared_text_under_other_names,
        blanks,
        blanks_that_are_hidden,
        one_sheet_two_hundred_times,
        ten_thousand_sheets,
        a_million_merged_cells,
        merged_cells_as_many_as_are_read,
        a_far_cell,
        a_far_row,
        a_size_that_lies,
        tags_that_do_not_close,
        hidden_columns,
        a_hundred_thousand_parts,
        styles_without_end,
        no_spreadsheet,
    ),
    ".ods": (repeated_cells,),
    ".parquet": (
        a_value_in_every_row,
        a_long_value_in_every_row,
        thousands_of_columns,
        a_zero_compressed,
        lists_of_nothing,
        row_groups,
    ),
}
"""Functions that build the files, by file suffix."""
