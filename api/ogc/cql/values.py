"""Values of a filter as columns: literals, intervals, and truth values."""

import math
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.ogc.columns import Column, constant_column, moment_number
from api.ogc.times import read_day, read_moment
from geodata.calendar import day_number
from geodata.errors import InputError
from geodata.language import Bilingual

OPEN_END: Final = np.iinfo(np.int64).max
"""The open end of an interval; the negative number is the open start."""


class TruthValues(NamedTuple):
    """Truth values of a condition for each feature: true, false, or else unknown."""

    true: NDArray[np.bool_]
    false: NDArray[np.bool_]

    @classmethod
    def of(cls, true: Any, known: Any) -> "TruthValues":  # noqa: ANN401  (arrays of any shape)
        """Truth values that are unknown where `known` is false."""
        return cls(np.asarray(known & true), np.asarray(known & ~true))


class Interval(NamedTuple):
    """An interval of days or of moments, including its ends."""

    start: Column
    end: Column


def refused(sentence: str, *, indonesian: str) -> InputError:
    """The error for a filter that cannot be evaluated."""
    return InputError("invalid-filter", f"filter: {sentence}", indonesian=f"filter: {indonesian}")


def literal_column(value: Any) -> Column:  # noqa: ANN401  (JSON)
    """A literal of a filter as a column: a number, a text, TRUE, FALSE, a day or a moment."""
    if isinstance(value, bool):
        return constant_column("boolean", value)
    if isinstance(value, str):
        return constant_column("text", value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise refused(
                "A number is too large. Write a finite number.",
                indonesian="Sebuah bilangan terlalu besar. Tulis bilangan terhingga.",
            )
        return constant_column("number", float(value))
    if isinstance(value, dict) and isinstance(value.get("date"), str):
        return _day(read_day(value["date"]))
    if isinstance(value, dict) and isinstance(value.get("timestamp"), str):
        return _moment(read_moment(value["timestamp"]))
    raise refused(
        "A value cannot be read. Write a number, a text in single quotes, DATE('2021-07-15') or "
        "TIMESTAMP('2021-07-15T00:00:00Z'); IS NULL finds missing values.",
        indonesian="Sebuah nilai tidak dapat dibaca. Tulis bilangan, teks dalam tanda kutip "
        "tunggal, DATE('2021-07-15') atau TIMESTAMP('2021-07-15T00:00:00Z'); IS NULL mencari "
        "nilai yang kosong.",
    )


def comparable(left: Column, right: Column) -> tuple[Column, Column]:
    """Two columns of the same kind: a text becomes a day or a moment if the other column is one.

    Raises
    ------
    InputError
        ``invalid-filter`` if the kinds cannot be compared.
    """
    left, right = _convert_text(left, right.kind), _convert_text(right, left.kind)
    if left.kind != right.kind or left.kind == "shape":
        raise refused(
            f"A {_KIND_NAMES[left.kind].en} cannot be compared with a "
            f"{_KIND_NAMES[right.kind].en}. The queryables list the kind of each property.",
            indonesian=f"Nilai {_KIND_NAMES[left.kind].id} tidak dapat dibandingkan dengan nilai "
            f"{_KIND_NAMES[right.kind].id}. Jenis setiap kolom tercantum di queryables.",
        )
    return left, right


_KIND_NAMES = {
    "text": Bilingual("teks", "text"),
    "number": Bilingual("bilangan", "number"),
    "day": Bilingual("hari (DATE)", "day (DATE)"),
    "moment": Bilingual("saat (TIMESTAMP)", "moment (TIMESTAMP)"),
    "shape": Bilingual("geometri", "geometry"),
    "boolean": Bilingual("TRUE atau FALSE", "TRUE or FALSE"),
}


def _convert_text(column: Column, kind: str) -> Column:
    if column.kind != "text" or column.values.ndim or kind not in {"day", "moment"}:
        return column
    text = str(column.values)
    return _day(read_day(text)) if kind == "day" else _moment(read_moment(text))


def _day(day: date | None) -> Column:
    if day is None:
        raise refused(
            "A day cannot be read. Write it like DATE('2021-07-15').",
            indonesian="Sebuah hari tidak dapat dibaca. Tulis seperti DATE('2021-07-15').",
        )
    return constant_column("day", day_number(day))


def _moment(moment: datetime | None) -> Column:
    if moment is None:
        raise refused(
            "A moment cannot be read. Write it like TIMESTAMP('2021-07-15T00:00:00Z').",
            indonesian="Sebuah saat tidak dapat dibaca. Tulis seperti "
            "TIMESTAMP('2021-07-15T00:00:00Z').",
        )
    return constant_column("moment", moment_number(moment))
