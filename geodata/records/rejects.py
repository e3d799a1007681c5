"""Rejected rows in a form that may be stored: our columns only, without names, NIK and phones."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.language import Bilingual, Language
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records.kinds import Kind
from geodata.records.parsing import cells
from geodata.records.parsing.findings import Findings
from geodata.records.parsing.rejection_reasons import REASONS
from geodata.records.typed import pseudonyms
from geodata.tables import Sheet

_SCHEMA: Final = pa.schema(
    [
        ("row_number", pa.int64()),
        ("digest", pa.string()),
        ("reasons", pa.string()),
        ("record", pa.string()),
    ]
)
_PUBLIC: Final = {"contact": cells.read_contact, "area": cells.read_area}
_SENTENCE_STARTS: Final = {
    "status-unknown": Bilingual("Status", "The status"),
    "place-kind-unknown": Bilingual("Jenis tempat", "The kind of place"),
    "date-impossible": Bilingual("Isi ini", "This"),
    "date-in-future": Bilingual("Tanggal ini", "The date"),
    "date-too-early": Bilingual("Tanggal ini", "The date"),
    "number-unreadable": Bilingual("Isi ini", "This"),
    "number-ambiguous": Bilingual("Isi ini", "This"),
    "count-negative": Bilingual("Jumlah orang atau barang", "A count of people or things"),
}
"""Subject of the sentence of a reason; `readable_reasons` adds the text of the cell after it."""
_MAX_WORD_CHARACTERS: Final = 40
_SIXTEEN: Final = r"\d{16,}"


def rejected_rows(
    sheet: Sheet,
    texts: Mapping[str, pa.Array],
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    findings: Findings,
) -> pa.Table:
    """Rejected rows, in the order of the file.

    Returns
    -------
    pa.Table
        ``row_number``; ``digest``, a keyed hash of the raw row and its occurrence number, unique
        in the file and equal when the file is loaded again; ``reasons`` and ``record`` as JSON.
        The record of a misaligned row is empty, since any of its cells may be a name.
    """
    rows = np.flatnonzero(findings.rejected_rows())
    positions = pa.array(rows)
    kept_texts = {
        field.name: _storable_texts(
            field.name, field.form, texts[field.name].take(positions), pseudonymiser
        )
        for field in kind.fields
        if field.form != "person"
    }
    records = [
        {name: text for name, text in record.items() if text}
        for record in pa.table(kept_texts).to_pylist()
    ]
    return pa.table(
        [
            pa.array(sheet.rows[rows]),
            row_digests(sheet, texts, kind, pseudonymiser, rows),
            pa.array([_json(findings.row_reasons(int(row))) for row in rows], type=pa.string()),
            pa.array([_json(record) for record in records], type=pa.string()),
        ],
        schema=_SCHEMA,
    )


def row_digests(
    sheet: Sheet,
    texts: Mapping[str, pa.Array],
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    rows: NDArray[np.intp],
) -> pa.Array:
    """Keyed hash of some raw rows of a sheet."""
    positions = pa.array(rows)
    field_texts = [texts[field.name].take(positions) for field in kind.fields]
    cell_texts = sheet.cells.take(positions).columns
    # Hash the fields, so that the order of columns does not matter; hash all cells of a
    # misaligned row, whose fields are unknown.
    misaligned = pa.array(sheet.misaligned[rows])
    row_texts = _with_occurrence(pc.if_else(misaligned, _joined(cell_texts), _joined(field_texts)))
    return pseudonymiser.column("row", row_texts)


def _storable_texts(
    name: str, form: str, texts: pa.Array, pseudonymiser: Pseudonymiser
) -> pa.Array:
    if form == "number16":
        return _carry_pseudonyms(name, texts, pseudonymiser)
    if form in _PUBLIC:
        return _PUBLIC[form](texts)
    if form == "degrees":
        return pc.replace_substring_regex(texts, _SIXTEEN, "...")
    return cells.redact_numbers(texts)


def _carry_pseudonyms(name: str, texts: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    """NIK or KK as signed pseudonyms, which the mended row may contain; null if invalid."""
    domain: Literal["nik", "kk"] = "nik" if name == "nik" else "kk"
    digits, _, _ = cells.read_sixteen_digits(texts)
    person_pseudonyms = pc.coalesce(
        pseudonymiser.verify_pseudonyms(domain, texts), pseudonyms(name, digits, pseudonymiser)
    )
    carried = [
        None if pseudonym is None else pseudonymiser.sign_pseudonym(domain, pseudonym)
        for pseudonym in person_pseudonyms.to_pylist()
    ]
    return pa.array(carried, type=pa.string())


def readable_reasons(
    reasons: str, record: str, *, language: Language = "en"
) -> list[dict[str, str]]:
    """The reasons of a stored row, with the text of the cell in each sentence.

    Parameters
    ----------
    reasons, record
        JSON from `rejected_rows`. The texts of cells are in the record only.
    language
        Stored sentences are English; the Indonesian sentence is looked up by its code.
    """
    cell_texts: dict[str, str] = json.loads(record)
    reason_list: list[dict[str, str]] = json.loads(reasons)
    for reason in reason_list:
        if language == "id" and reason["code"] in REASONS:
            reason["message"] = REASONS[reason["code"]].id
        cell_text = cell_texts.get(reason["field"])
        sentence_start = _SENTENCE_STARTS.get(reason["code"])
        if cell_text is not None and sentence_start is not None:
            word = (
                cell_text
                if len(cell_text) <= _MAX_WORD_CHARACTERS
                else f"{cell_text[:_MAX_WORD_CHARACTERS]}..."
            )
            subject = sentence_start.text(language)
            predicate = reason["message"].removeprefix(subject)
            reason["message"] = f'{subject} "{word}"{predicate}'
    return reason_list


def _with_occurrence(rows: pa.Array) -> pa.Array:
    """Rows as text, with an occurrence number from the second of equal rows on."""
    occurrences: Counter[str] = Counter()
    texts = []
    for text in rows.to_pylist():
        occurrences[text] += 1
        texts.append(text if occurrences[text] == 1 else f"{text}\x1e{occurrences[text]}")
    return pa.array(texts, type=pa.string())


def _joined(columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Array:
    texts = [pc.fill_null(column, "") for column in columns]
    return pc.binary_join_element_wise(*texts, "\x1f")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)
