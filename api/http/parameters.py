"""Parameters of requests as types that check themselves; every route uses these."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

import numpy as np
import pandas as pd
from fastapi import Depends, Path, Query
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from api.schemas.tables import TableForm
from geodata.areas import Level
from geodata.clock import read_moment
from geodata.errors import InputError
from geodata.language import Bilingual, Language
from geodata.record_kinds import KindName
from zoning.placing.indexed_boundaries import BBox

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
WHOLE: Final = re.compile(r"-?[0-9]+")
_CODE: Final = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"


def _read_day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise PydanticCustomError("day_form", "a day looks like 2021-07-15")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError(
            "day_unknown", "there is no such day in the calendar; a day looks like 2021-07-15"
        ) from None


def _read_shown_day(value: object) -> object:
    """As `_read_day`; the newest is also called so."""
    return None if value in {"latest", ""} else _read_day(value)


def read_known_at(value: object) -> object:
    """A moment, in UTC without a zone; as it is where it is one or None."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        # A plus sign that was not encoded arrives as a space.
        return read_moment(str(value).replace(" ", "+"))
    except InputError as error:
        raise ValueError(error.message) from None


def number(text: str) -> float:
    """A number as people write it.

    Raises
    ------
    ValueError
        If it is none; Python takes ``1_0`` for ten.
    """
    if "_" in text:
        raise ValueError("a number is wanted")
    return float(text)


def _read_number(value: object) -> object:
    if isinstance(value, str) and "_" in value:
        raise PydanticCustomError("float_parsing", "a number is wanted")
    return value


def _read_bbox(text: str) -> BBox:
    """West, south, east and north, finite and in order."""
    parts = text.split(",")
    try:
        west, south, east, north = (number(part) for part in parts)
    except ValueError:
        raise _no_box(
            Bilingual(
                "tulis empat bilangan, barat,selatan,timur,utara dalam derajat, "
                "seperti 110.40,-7.00,110.45,-6.95",
                "four numbers are wanted, west,south,east,north in degrees, "
                "like 110.40,-7.00,110.45,-6.95",
            )
        ) from None
    if not all(math.isfinite(side) for side in (west, south, east, north)):
        raise _no_box(
            Bilingual("keempat bilangan harus terhingga", "all four numbers must be finite")
        )
    if max(abs(south), abs(north)) > 90:
        raise _no_box(
            Bilingual(
                "lintang adalah bilangan kedua dan keempat dan terletak antara -90 dan 90",
                "latitudes are the second and fourth number and lie between -90 and 90",
            )
        )
    if max(abs(west), abs(east)) > 180:
        raise _no_box(
            Bilingual("bujur terletak antara -180 dan 180", "longitudes lie between -180 and 180")
        )
    if west >= east or south >= north:
        raise _no_box(
            Bilingual(
                "barat harus kurang dari timur dan selatan kurang dari utara",
                "west must be less than east and south less than north",
            )
        )
    return west, south, east, north


def _no_box(why: Bilingual) -> InputError:
    return InputError("invalid-parameter", f"bbox: {why.en}.", indonesian=f"bbox: {why.id}.")


def finite(value: float) -> float:
    """The number, if it is one and not infinite."""
    if not math.isfinite(value):
        raise ValueError("a finite number is wanted")
    return value


def _read_whole(value: object) -> object:
    """As it is, unless it is written in another of the ways that pydantic takes for a number."""
    if isinstance(value, str) and not WHOLE.fullmatch(value):
        raise PydanticCustomError("int_parsing", "a whole number is wanted, like 14")
    return value


WholeNumber = Annotated[int, BeforeValidator(_read_whole)]
Day = Annotated[date, BeforeValidator(_read_day)]
AreaCode = Annotated[str, Path(pattern=_CODE, description="For instance 33.74.06.1010-014-002.")]
ShownArea = Annotated[
    str | None,
    # A form that was left empty sends an empty code.
    Query(alias="area", pattern=f"^$|{_CODE}", description="Code of the area to look at."),
    AfterValidator(lambda code: code or None),
]
WithinArea = Annotated[
    str | None, Query(alias="area", pattern=_CODE, description="This area and all within it.")
]
ParentCode = Annotated[
    str | None,
    Query(alias="parent", pattern=_CODE, description="Only areas within this one, at any depth."),
]
AtLevel = Annotated[Level, Query(alias="level", description="Which areas.")]
FirstDay = Annotated[
    Day | None, Query(alias="start", description="First day; the first published otherwise.")
]
LastDay = Annotated[
    Day | None, Query(alias="end", description="Last day; the newest published otherwise.")
]
Longitude = Annotated[
    float, BeforeValidator(_read_number), AfterValidator(finite), Query(ge=-180, le=180)
]
Latitude = Annotated[
    float, BeforeValidator(_read_number), AfterValidator(finite), Query(ge=-90, le=90)
]
OptionalDay = Annotated[
    Day | None, Query(alias="date", description="A published day; the newest where not given.")
]
ShownDay = Annotated[
    Day | None,
    BeforeValidator(_read_shown_day),
    Query(alias="date", description="A published day, or `latest` for the newest."),
]
RecordKind = Annotated[KindName, Path(description="Which records.")]
TableFormat = Annotated[
    TableForm, Query(alias="format", description="JSON, or a table for a spreadsheet.")
]
KnownAt = Annotated[
    datetime | None,
    BeforeValidator(read_known_at),
    Query(
        alias="known_at",
        description="As it stood published at that moment: 2021-07-05T18:00Z, or with another "
        "offset; without one it is UTC.",
    ),
]
Lang = Annotated[Language, Query(alias="lang", description="Language said first.")]


@dataclass(frozen=True)
class Paging:
    """Which part of what matches is wanted: all of it, unless said otherwise."""

    limit: Annotated[
        WholeNumber | None,
        Query(ge=1, le=1_000_000, description="At most so many; all if not given."),
    ] = None
    offset: Annotated[
        WholeNumber, Query(ge=0, le=1_000_000, description="Leave out so many first.")
    ] = 0

    def frame(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of this page."""
        return rows.iloc[self.part]

    def cut(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows of this page."""
        return rows[self.part]

    @property
    def part(self) -> slice:
        """This page among all rows."""
        return slice(self.offset, None if self.limit is None else self.offset + self.limit)


def _box(
    bbox: Annotated[
        str | None,
        Query(description="Only areas whose box meets west,south,east,north in degrees."),
    ] = None,
) -> BBox | None:
    return None if bbox is None else _read_bbox(bbox)


Box = Annotated[BBox | None, Depends(_box)]


def _near(
    near: Annotated[
        str | None, Query(description="Nearest first from longitude,latitude in degrees.")
    ] = None,
) -> tuple[float, float] | None:
    if near is None:
        return None
    try:
        lon, lat = (number(part) for part in near.split(","))
    except ValueError:
        lon = lat = math.nan
    # Not a number is in no range.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(
            "invalid-parameter",
            "near: Longitude and latitude are wanted, in degrees, like 110.42,-6.98.",
            indonesian="near: Tulis bujur dan lintang dalam derajat, seperti 110.42,-6.98.",
        )
    return lon, lat


Near = Annotated[tuple[float, float] | None, Depends(_near)]
