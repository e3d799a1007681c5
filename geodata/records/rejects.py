"""Rows that were turned away, as they may be kept: our own columns, nobody's name or number."""

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
_NAMED: Final = {
    "status-unknown": Bilingual("Status", "The status"),
    "place-kind-unknown": Bilingual("Jenis tempat", "The kind of place"),
    "date-impossible": Bilingual("Isi ini", "This"),
    "date-in-future": Bilingual("Tanggal ini", "The date"),
    "date-too-early": Bilingual("Tanggal ini", "The date"),
    "number-unreadable": Bilingual("Isi ini", "This"),
    "number-ambiguous": Bilingual("Isi ini", "This"),
    "count-negative": Bilingual("Jumlah orang atau barang", "A count of people or things"),
}
"""How the sentence of a reason begins that names what the cell says."""
_LONGEST: Final = 40
_SIXTEEN: Final = r"\d{16,}"


def rejected_rows(
    sheet: Sheet,
    raw: Mapping[str, pa.Array],
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    found: Findings,
) -> pa.Table:
    """Rows with a reason, in the order of the file.

    Returns
    -------
    pa.Table
        ``row_number``; ``digest`` of the row as it came and of how many before it say the same,
        keyed, so that each has a name of its own and the same file the same names; ``reasons`` and
        ``record`` as JSON. A row whose cells are out of line keeps none of them: a name may stand
        anywhere.
    """
    rows = np.flatnonzero(found.rejected())
    chosen = pa.array(rows)
    shown = {
        field.name: _shown(field.name, field.form, raw[field.name].take(chosen), pseudonymiser)
        for field in kind.fields
        if field.form != "person"
    }
    records = [
        {name: text for name, text in record.items() if text}
        for record in pa.table(shown).to_pylist()
    ]
    return pa.table(
        [
            pa.array(sheet.rows[rows]),
            row_digests(sheet, raw, kind, pseudonymiser, rows),
            pa.array([_json(found.of_row(int(row))) for row in rows], type=pa.string()),
            pa.array([_json(record) for record in records], type=pa.string()),
        ],
        schema=_SCHEMA,
    )


def row_digests(
    sheet: Sheet,
    raw: Mapping[str, pa.Array],
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    rows: NDArray[np.intp],
) -> pa.Array:
    """Keyed digest of some rows of a sheet as they came."""
    chosen = pa.array(rows)
    known = [raw[field.name].take(chosen) for field in kind.fields]
    whole = sheet.cells.take(chosen).columns
    # Our own columns, so that their order in the file does not matter; the whole row where it
    # is unknown which cells those are.
    misaligned = pa.array(sheet.misaligned[rows])
    as_it_came = _counted(pc.if_else(misaligned, _joined(whole), _joined(known)))
    return pseudonymiser.column("row", as_it_came)


def _shown(name: str, form: str, texts: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    if form == "number16":
        return _carried(name, texts, pseudonymiser)
    if form in _PUBLIC:
        return _PUBLIC[form](texts)
    if form == "degrees":
        return pc.replace_substring_regex(texts, _SIXTEEN, "...")
    return cells.scrub(texts)


def _carried(name: str, texts: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    """NIK or KK as the mended row may bring them back; one that was none is left out."""
    domain: Literal["nik", "kk"] = "nik" if name == "nik" else "kk"
    digits, _, _ = cells.read_sixteen_digits(texts)
    known = pc.coalesce(
        pseudonymiser.carried(domain, texts), pseudonyms(name, digits, pseudonymiser)
    )
    found = [None if one is None else pseudonymiser.carry(domain, one) for one in known.to_pylist()]
    return pa.array(found, type=pa.string())


def told_reasons(reasons: str, record: str, *, language: Language = "en") -> list[dict[str, str]]:
    """The reasons of a row that is kept, each with the word or number of the row that it is about.

    Parameters
    ----------
    reasons, record
        JSON, as `rejected_rows` gives them. What a cell says is kept once, in the record.
    language
        The sentence of a reason is kept in English; in Indonesian it is found by its code.
    """
    cells_said: dict[str, str] = json.loads(record)
    told: list[dict[str, str]] = json.loads(reasons)
    for reason in told:
        if language == "id" and reason["code"] in REASONS:
            reason["message"] = REASONS[reason["code"]].id
        said = cells_said.get(reason["field"])
        beginning = _NAMED.get(reason["code"])
        if said is not None and beginning is not None:
            word = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."
            first = beginning.text(language)
            rest = reason["message"].removeprefix(first)
            reason["message"] = f'{first} "{word}"{rest}'
    return told


def _counted(rows: pa.Array) -> pa.Array:
    """Rows as text, the second of equal ones with its number."""
    seen: Counter[str] = Counter()
    texts = []
    for text in rows.to_pylist():
        seen[text] += 1
        texts.append(text if seen[text] == 1 else f"{text}\x1e{seen[text]}")
    return pa.array(texts, type=pa.string())


def _joined(columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Array:
    texts = [pc.fill_null(column, "") for column in columns]
    return pc.binary_join_element_wise(*texts, "\x1f")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)
