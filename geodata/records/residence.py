"""Find people who live in another city; their records are stored, marked and counted apart.

A column of the city or regency, a regency in the address, or words of a source mark such a record.
The name of the city without a type ("Semarang") means the city, never the regency with that name.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.layout.source import Source
from geodata.records.parsing.cells import map_distinct, mask
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.folding import fold
from geodata.records.parsing.points import CityReference
from geodata.tables import Sheet

_CITY_TYPE: Final = re.compile(r"^\s*(kabupaten|kab|kota|kotamadya|kodya)\b[\s.:]*", re.IGNORECASE)
_REGENCY: Final = re.compile(r"\bkab(?:upaten)?\b[\s.:]+([a-z]{3,})", re.IGNORECASE)
_OUTSIDE_WORDS: Final = ("luarkota", "luarwilayah", "luardaerah", "luarkabupaten", "luarprovinsi")


def non_residents(
    sheet: Sheet,
    texts: Mapping[str, pa.Array],
    city: CityReference | None,
    source: Source | None = None,
) -> pa.Array:
    """Rows of people who live in another city or regency: bool ``(n,)``."""
    outside = np.zeros(sheet.cells.num_rows, dtype=bool)
    if city is not None and city.name:
        outside |= _matching_rows(
            texts["regency"], lambda text: is_other_city(text, city.name, city.code)
        )
        # A column of the city takes precedence over the address.
        unknown = ~np.asarray(texts["regency"].is_valid())
        outside |= unknown & _matching_rows(texts["address"], _names_regency, r"(?i)\bkab")
        for name in ("kelurahan", "kecamatan"):
            outside |= unknown & _matching_rows(
                texts[name], lambda text: fold(text) in _OUTSIDE_WORDS, r"(?i)luar"
            )
    if source is not None and source.non_residents is not None:
        words = tuple(fold(word) for word in source.non_residents.words)
        columns = [fold(title) for title in source.non_residents.columns]
        for k, heading in enumerate(sheet.cells.column_names):
            if fold(heading) in columns:
                cells = sheet.cells.column(k).combine_chunks()
                outside |= _matching_rows(
                    cells, lambda text: any(word in fold(text) for word in words)
                )
    return pa.array(outside)


def is_other_city(text: str, name: str, code: str) -> bool:
    """Whether a text names another city or regency.

    Parameters
    ----------
    name, code
        Name and code of the city of this system: ``Kota Semarang``, ``33.74``.
    """
    digits = re.sub(r"\D", "", text)
    if digits and not re.search(r"[^\W\d]", text):
        return digits[:4] != re.sub(r"\D", "", code)[:4]
    if fold(text) in _OUTSIDE_WORDS:
        return True
    type_in_text, own_type = _CITY_TYPE.match(text), _CITY_TYPE.match(name)
    if (
        type_in_text is not None
        and own_type is not None
        and _is_city(type_in_text[1]) != _is_city(own_type[1])
    ):
        return True
    own_name, other_name = fold(_CITY_TYPE.sub("", name)), fold(_CITY_TYPE.sub("", text))
    return (
        bool(own_name and other_name) and own_name not in other_name and other_name not in own_name
    )


def _names_regency(text: str) -> bool:
    return _REGENCY.search(text) is not None


def _is_city(word: str) -> bool:
    return word.casefold().startswith("ko")


def _matching_rows(
    cells: pa.Array, predicate: Callable[[str], bool], prefilter: str | None = None
) -> Mask:
    """Rows whose text fulfils a predicate; none if the regular expression matches no text."""
    if prefilter is not None and not mask(pc.match_substring_regex(cells, prefilter)).any():
        return np.zeros(len(cells), dtype=bool)
    return mask(map_distinct(cells, predicate, pa.bool_()))
