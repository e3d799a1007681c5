"""Who lives in another city: such a record is kept, marked, and counted apart.

Told by a column for the city or regency, by the address where it names a regency, or by words a
source says. A bare name that is the city's own ("Semarang") is the city, never the regency that
shares it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.layout.source import Source
from geodata.records.parsing.cells import mask
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.folding import fold
from geodata.records.parsing.points import Surroundings
from geodata.tables import Sheet

_KIND: Final = re.compile(r"^\s*(kabupaten|kab|kota|kotamadya|kodya)\b[\s.:]*", re.IGNORECASE)
_REGENCY: Final = re.compile(r"\bkab(?:upaten)?\b[\s.:]+([a-z]{3,})", re.IGNORECASE)
_ELSEWHERE: Final = ("luarkota", "luarwilayah", "luardaerah", "luarkabupaten", "luarprovinsi")


def lives_elsewhere(
    sheet: Sheet,
    raw: Mapping[str, pa.Array],
    city: Surroundings | None,
    source: Source | None = None,
) -> pa.Array:
    """Rows of people who live in another city or regency: bool ``(n,)``."""
    found = np.zeros(sheet.cells.num_rows, dtype=bool)
    if city is not None and city.name:
        found |= _each(raw["regency"], lambda text: is_elsewhere(text, city.name, city.code))
        # A column that says the city is believed before the address.
        unsaid = ~np.asarray(raw["regency"].is_valid())
        found |= unsaid & _each(raw["address"], _names_regency, r"(?i)\bkab")
        for name in ("kelurahan", "kecamatan"):
            found |= unsaid & _each(raw[name], lambda text: fold(text) in _ELSEWHERE, r"(?i)luar")
    if source is not None and source.non_residents is not None:
        words = tuple(fold(word) for word in source.non_residents.words)
        wanted = [fold(title) for title in source.non_residents.columns]
        for k, heading in enumerate(sheet.cells.column_names):
            if fold(heading) in wanted:
                cells = sheet.cells.column(k).combine_chunks()
                found |= _each(cells, lambda text: any(word in fold(text) for word in words))
    return pa.array(found)


def is_elsewhere(text: str, name: str, code: str) -> bool:
    """Whether what a cell says of city or regency is another one than ours.

    Parameters
    ----------
    name, code
        Of our city: ``Kota Semarang``, ``33.74``.
    """
    digits = re.sub(r"\D", "", text)
    if digits and not re.search(r"[^\W\d]", text):
        return digits[:4] != re.sub(r"\D", "", code)[:4]
    if fold(text) in _ELSEWHERE:
        return True
    said, own = _KIND.match(text), _KIND.match(name)
    if said is not None and own is not None and _is_city(said[1]) != _is_city(own[1]):
        return True
    ours, theirs = fold(_KIND.sub("", name)), fold(_KIND.sub("", text))
    return bool(ours and theirs) and ours not in theirs and theirs not in ours


def _names_regency(text: str) -> bool:
    return _REGENCY.search(text) is not None


def _is_city(word: str) -> bool:
    return word.casefold().startswith("ko")


def _each(cells: pa.Array, says: Callable[[str], bool], only: str | None = None) -> Mask:
    """Rows of which a text says so; each different text is asked once."""
    if only is not None and not mask(pc.match_substring_regex(cells, only)).any():
        return np.zeros(len(cells), dtype=bool)
    encoded = cells.dictionary_encode()
    told = pa.array([says(text) for text in encoded.dictionary.to_pylist()], type=pa.bool_())
    return mask(told.take(encoded.indices))
