"""Files that are made to stop a reader: small ones that expand, large ones that make work.

Each is made anew and kept nowhere. What a file is called says what it tries.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_HEADINGS: Final = "No Kasus,Alamat,RT,RW,Kelurahan,Status,Tanggal Konfirmasi\n"
_RECORD: Final = "K-{n},Jl Mawar {n},1,1,Melati,Konfirmasi,2021-07-01\n"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TITLES: Final = ("No Kasus", "Alamat", "Status", "Tanggal Konfirmasi")
_GIGABYTES: Final = 4 << 30


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


def _book(
    rows: str, *, shared: str = "", sheets: int = 1, beside: dict[str, bytes] | None = None
) -> bytes:
    """A workbook; all its sheets name one part."""
    written = io.BytesIO()
    listed = "".join(f'<sheet name="s{k}" sheetId="{k + 1}" r:id="r1"/>' for k in range(sheets))
    kinds = f"{_PACKAGE}/content-types"
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{kinds}"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
            f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        if shared:
            book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}">{rows}</worksheet>')
        for name, content in (beside or {}).items():
            book.writestr(name, content)
    return written.getvalue()


def _shared(*texts: str) -> str:
    return "".join(f"<si><t>{text}</t></si>" for text in texts)


def _table(body: str) -> str:
    """Headings, which are the first shared texts, over rows."""
    cells = "".join(f'<c r="{"ABCD"[k]}1" t="s"><v>{k}</v></c>' for k in range(len(_TITLES)))
    return f'<sheetData><row r="1">{cells}</row>{body}</sheetData>'


def _naming(number: int, text: int) -> str:
    """Rows whose address is one shared text."""
    return "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="s"><v>{text}</v></c>'
        f'<c r="C{n}" t="inlineStr"><is><t>konfirmasi</t></is></c></row>'
        for n in range(2, number + 2)
    )


def a_shared_text() -> bytes:
    """0.8 MB: one text of 200 kB in 200,000 cells."""
    return _book(_table(_naming(200_000, 4)), shared=_shared(*_TITLES, "a" * 200_000))


def a_shared_text_as_long_as_is_read() -> bytes:
    return _book(_table(_naming(6_000, 4)), shared=_shared(*_TITLES, "a" * 32_000))


def a_shared_text_under_other_names() -> bytes:
    """The same in a way that no program writes it: the process must be stopped."""
    body = _table(_naming(200_000, 4)).replace(' t="s"', ' t="&#115;"')
    return _book(body, shared=_shared(*_TITLES, "a" * 200_000))


def _blanks(said: int | None) -> bytes:
    """A sheet of 4 GB of blanks, and what the archive says of its size."""
    head = _book("", shared=_shared(*_TITLES))
    written = io.BytesIO(head)
    with (
        zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(_GIGABYTES >> 24):
            part.write(b" " * (1 << 24))
    content = written.getvalue().replace(b"worksheets/sheet1.xml", b"worksheets/sheet3.xml")
    content = content.replace(b"worksheets/sheet2.xml", b"worksheets/sheet1.xml")
    if said is None:
        return content
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", said) + content[at + 28 :]


def blanks() -> bytes:
    return _blanks(None)


def blanks_that_are_hidden() -> bytes:
    """The same; the archive says that it is small."""
    return _blanks(1_000)


def one_sheet_two_hundred_times() -> bytes:
    return _book(_table(_naming(100_000, 1)), shared=_shared(*_TITLES), sheets=200)


def ten_thousand_sheets() -> bytes:
    return _book(_table(_naming(10, 1)), shared=_shared(*_TITLES), sheets=10_000)


def a_million_merged_cells() -> bytes:
    merged = "".join(f'<mergeCell ref="A{n}:B1048576"/>' for n in range(1, 1_000_000))
    body = _table(_naming(100, 1)) + f"<mergeCells>{merged}</mergeCells>"
    return _book(body, shared=_shared(*_TITLES))


def merged_cells_as_many_as_are_read() -> bytes:
    merged = "".join(f'<mergeCell ref="A{n}:B1048576"/>' for n in range(1, 100_000))
    body = _table(_naming(100_000, 1)) + f"<mergeCells>{merged}</mergeCells>"
    return _book(body, shared=_shared(*_TITLES))


def a_far_cell() -> bytes:
    return _book(_table('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def a_far_row() -> bytes:
    return _book(_table('<row r="2"><c r="Z1048576"><v>1</v></c></row>'), shared=_shared(*_TITLES))


def a_size_that_lies() -> bytes:
    body = '<dimension ref="A1:XFD1048576"/>' + _table(_naming(10, 1))
    return _book(body, shared=_shared(*_TITLES))


def tags_that_do_not_close() -> bytes:
    return _book("<row " * 10_000_000)


def hidden_columns() -> bytes:
    hidden = '<col min="1" max="16384" hidden="1"/>' * 500_000
    return _book(f"<cols>{hidden}</cols>" + _table(_naming(10, 1)), shared=_shared(*_TITLES))


def a_hundred_thousand_parts() -> bytes:
    beside = {f"xl/media/{n}.xml": b"" for n in range(100_000)}
    return _book(_table(_naming(10, 1)), shared=_shared(*_TITLES), beside=beside)


def styles_without_end() -> bytes:
    styles = f'<styleSheet xmlns="{_MAIN}"><cellXfs>'.encode() + b'<xf numFmtId="14"/>' * 20_000_000
    return _book(_table(_naming(10, 1)), shared=_shared(*_TITLES), beside={"xl/styles.xml": styles})


def repeated_cells() -> bytes:
    """OpenDocument: one cell stands for a million, and its row for a million rows."""
    written = io.BytesIO()
    names = "urn:oasis:names:tc:opendocument:xmlns"
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="1000">'
        "<text:p>konfirmasi</text:p></table:table-cell>"
    )
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
            '<office:spreadsheet><table:table table:name="s"><table:table-row '
            f'table:number-rows-repeated="1000000">{cell}</table:table-row></table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        book.writestr("META-INF/manifest.xml", "<manifest/>")
    return written.getvalue()


def _parquet(table: pa.Table, **how: object) -> bytes:
    written = io.BytesIO()
    pq.write_table(table, written, **how)
    return written.getvalue()


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


def no_spreadsheet() -> bytes:
    return b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 100_000


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
"""By their ending, what makes them; each says in its name what it tries."""
