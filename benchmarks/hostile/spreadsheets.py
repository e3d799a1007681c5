"""Small spreadsheets that would need much memory or time when read."""

import io
import struct
import zipfile
from typing import Final

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"


_TITLES: Final = ("No Kasus", "Alamat", "Status", "Tanggal Konfirmasi")


_GIGABYTES: Final = 4 << 30


def _book(
    rows: str, *, shared: str = "", sheets: int = 1, extra_parts: dict[str, bytes] | None = None
) -> bytes:
    """A workbook; all its sheets name one part."""
    buffer = io.BytesIO()
    listing = "".join(f'<sheet name="s{k}" sheetId="{k + 1}" r:id="r1"/>' for k in range(sheets))
    kinds = f"{_PACKAGE}/content-types"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
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
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listing}</sheets></workbook>',
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
        for name, content in (extra_parts or {}).items():
            book.writestr(name, content)
    return buffer.getvalue()


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
    """The same with an escape that no program writes: the process must be stopped."""
    body = _table(_naming(200_000, 4)).replace(' t="s"', ' t="&#115;"')
    return _book(body, shared=_shared(*_TITLES, "a" * 200_000))


def _blanks(stated_size: int | None) -> bytes:
    """A sheet of 4 GB of blanks; the archive states ``stated_size`` as its size."""
    head = _book("", shared=_shared(*_TITLES))
    buffer = io.BytesIO(head)
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(_GIGABYTES >> 24):
            part.write(b" " * (1 << 24))
    content = buffer.getvalue().replace(b"worksheets/sheet1.xml", b"worksheets/sheet3.xml")
    content = content.replace(b"worksheets/sheet2.xml", b"worksheets/sheet1.xml")
    if stated_size is None:
        return content
    header = content.rindex(b"PK\x01\x02")
    return content[: header + 24] + struct.pack("<I", stated_size) + content[header + 28 :]


def blanks() -> bytes:
    return _blanks(None)


def blanks_that_are_hidden() -> bytes:
    """The same sheet; the archive states a small size."""
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
    extra_parts = {f"xl/media/{n}.xml": b"" for n in range(100_000)}
    return _book(_table(_naming(10, 1)), shared=_shared(*_TITLES), extra_parts=extra_parts)


def styles_without_end() -> bytes:
    styles = f'<styleSheet xmlns="{_MAIN}"><cellXfs>'.encode() + b'<xf numFmtId="14"/>' * 20_000_000
    return _book(
        _table(_naming(10, 1)), shared=_shared(*_TITLES), extra_parts={"xl/styles.xml": styles}
    )


def repeated_cells() -> bytes:
    """OpenDocument: one cell, repeated a thousand times in a million rows."""
    buffer = io.BytesIO()
    names = "urn:oasis:names:tc:opendocument:xmlns"
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="1000">'
        "<text:p>konfirmasi</text:p></table:table-cell>"
    )
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
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
    return buffer.getvalue()


def no_spreadsheet() -> bytes:
    return b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 100_000
