"""What stands in a filter: literals and properties, as columns; what is true, false or unknown."""

import math
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.ogc.columns import Column, moment_number, same
from api.ogc.times import read_day, read_moment
from geodata.calendar import day_number
from geodata.errors import InputError
from geodata.language import Bilingual

OPEN_END: Final = np.iinfo(np.int64).max
"""The open end of an interval; negated, its open beginning."""


class Truth(NamedTuple):
    """Where something is true and where it is false; where neither, it is unknown."""

    true: NDArray[np.bool_]
    false: NDArray[np.bool_]

    @classmethod
    def of(cls, true: Any, known: Any) -> "Truth":  # noqa: ANN401  (arrays of any shape)
        """Where it is known, it is so or not."""
        return cls(np.asarray(known & true), np.asarray(known & ~true))


class Interval(NamedTuple):
    """An interval of days or of moments, ends included."""

    start: Column
    end: Column


def refused(why: str, *, indonesian: str) -> InputError:
    """What is said of a filter that cannot be evaluated."""
    return InputError("invalid-filter", f"filter: {why}", indonesian=f"filter: {indonesian}")


def literal(value: Any) -> Column:  # noqa: ANN401  (JSON)
    """A number, a text, TRUE, FALSE, a day or a moment as it stands in a filter."""
    if isinstance(value, bool):
        return same("truth", value)
    if isinstance(value, str):
        return same("text", value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise refused(
                "A number is too large.",
                indonesian="Sebuah bilangan terlalu besar.",
            )
        return same("number", float(value))
    if isinstance(value, dict) and isinstance(value.get("date"), str):
        return _day(read_day(value["date"]))
    if isinstance(value, dict) and isinstance(value.get("timestamp"), str):
        return _moment(read_moment(value["timestamp"]))
    raise refused(
        "Values are numbers, texts in single quotes, DATE('2021-07-15') or "
        "TIMESTAMP('2021-07-15T00:00:00Z'); what is missing is asked for by IS NULL.",
        indonesian="Nilai adalah bilangan, teks dalam tanda kutip tunggal, DATE('2021-07-15') "
        "atau TIMESTAMP('2021-07-15T00:00:00Z'); yang kosong dicari dengan IS NULL.",
    )


def alike(left: Column, right: Column) -> tuple[Column, Column]:
    """Two columns that can be compared: a text beside a day or a moment is read as one."""
    left, right = _read_as(left, right.kind), _read_as(right, left.kind)
    if left.kind != right.kind or left.kind == "shape":
        raise refused(
            f"A {_WORDS[left.kind].en} cannot be compared with a {_WORDS[right.kind].en}. The "
            "properties and what they are: see queryables.",
            indonesian=f"{_WORDS[left.kind].id} tidak dapat dibandingkan dengan "
            f"{_WORDS[right.kind].id}. Jenis setiap kolom: lihat queryables.",
        )
    return left, right


_WORDS = {
    "text": Bilingual("Teks", "text"),
    "number": Bilingual("Bilangan", "number"),
    "day": Bilingual("Hari (DATE)", "day (DATE)"),
    "moment": Bilingual("Saat (TIMESTAMP)", "moment (TIMESTAMP)"),
    "shape": Bilingual("Geometri", "geometry"),
    "truth": Bilingual("TRUE atau FALSE", "TRUE or FALSE"),
}


def _read_as(column: Column, kind: str) -> Column:
    if column.kind != "text" or column.values.ndim or kind not in {"day", "moment"}:
        return column
    text = str(column.values)
    return _day(read_day(text)) if kind == "day" else _moment(read_moment(text))


def _day(day: date | None) -> Column:
    if day is None:
        raise refused(
            "A day looks like DATE('2021-07-15').",
            indonesian="Hari ditulis seperti DATE('2021-07-15').",
        )
    return same("day", day_number(day))


def _moment(moment: datetime | None) -> Column:
    if moment is None:
        raise refused(
            "A moment looks like TIMESTAMP('2021-07-15T00:00:00Z').",
            indonesian="Saat ditulis seperti TIMESTAMP('2021-07-15T00:00:00Z').",
        )
    return same("moment", moment_number(moment))
