"""Types for request parameters: each type checks its value; every route uses these types."""

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
from geodata.language import Language
from geodata.record_kinds import KindName
from zoning.placing.indexed_boundaries import BBox
from zoning.portal.places import PlaceKind

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
WHOLE: Final = re.compile(r"-?[0-9]+")
_CODE: Final = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"


def _read_day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise PydanticCustomError("day_form", "write a day like 2021-07-15")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError(
            "day_unknown", "that day is not in the calendar; write a day like 2021-07-15"
        ) from None


def _read_shown_day(value: object) -> object:
    """A day as `_read_day` reads it; None for ``latest`` and for an empty value."""
    return None if value in {"latest", ""} else _read_day(value)


def read_known_at(value: object) -> object:
    """A moment from text, in UTC without a zone; None and a moment stay as they are."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        # A plus sign that was not encoded arrives as a space.
        return read_moment(str(value).replace(" ", "+"))
    except InputError as error:
        raise ValueError(error.message) from None


def parse_number(text: str) -> float:
    """Parse a decimal number.

    Raises
    ------
    ValueError
        If the text is no number. ``1_0`` is no number here, although Python reads ten.
    """
    if "_" in text:
        raise ValueError("write a number")
    return float(text)


def _read_number(value: object) -> object:
    if isinstance(value, str) and "_" in value:
        raise PydanticCustomError("float_parsing", "write a number")
    return value


def _read_bbox(text: str) -> BBox:
    """West, south, east and north in degrees, EPSG:4326; finite and in order."""
    try:
        west, south, east, north = (parse_number(part) for part in text.split(","))
    except ValueError:
        raise InputError(
            "invalid-parameter",
            "bbox: Write four numbers, west,south,east,north in degrees, like "
            "110.40,-7.00,110.45,-6.95.",
            indonesian="bbox: Tulis empat bilangan, barat,selatan,timur,utara dalam derajat, "
            "seperti 110.40,-7.00,110.45,-6.95.",
        ) from None
    if not all(math.isfinite(side) for side in (west, south, east, north)):
        raise InputError(
            "invalid-parameter",
            "bbox: All four numbers must be finite.",
            indonesian="bbox: Keempat bilangan harus terhingga.",
        )
    if max(abs(south), abs(north)) > 90:
        raise InputError(
            "invalid-parameter",
            "bbox: Latitudes are the second and fourth number and lie between -90 and 90.",
            indonesian="bbox: Lintang adalah bilangan kedua dan keempat dan terletak antara -90 "
            "dan 90.",
        )
    if max(abs(west), abs(east)) > 180:
        raise InputError(
            "invalid-parameter",
            "bbox: Longitudes are the first and third number and lie between -180 and 180.",
            indonesian="bbox: Bujur adalah bilangan pertama dan ketiga dan terletak antara -180 "
            "dan 180.",
        )
    if west >= east or south >= north:
        raise InputError(
            "invalid-parameter",
            "bbox: West must be less than east, and south less than north.",
            indonesian="bbox: Barat harus kurang dari timur, dan selatan kurang dari utara.",
        )
    return west, south, east, north


def check_finite(value: float) -> float:
    """The same number, if it is finite.

    Raises
    ------
    ValueError
        If it is infinite or not a number.
    """
    if not math.isfinite(value):
        raise ValueError("write a finite number")
    return value


def _check_whole(value: object) -> object:
    """The same value; rejects forms of a number that only pydantic accepts, like ``1_000``."""
    if isinstance(value, str) and not WHOLE.fullmatch(value):
        raise PydanticCustomError("int_parsing", "write a whole number, like 14")
    return value


WholeNumber = Annotated[int, BeforeValidator(_check_whole)]
LATEST: Final = "latest"
BoundariesId = Annotated[
    str,
    Path(
        pattern=f"^({LATEST}|[0-9a-f]{{16}})$",
        description="Id of boundaries, or `latest` for those of the newest day.",
    ),
]
RunId = Annotated[
    str, Path(pattern="^[0-9a-z]{1,64}$", description="Id of a run, or `latest` for the newest.")
]
Day = Annotated[date, BeforeValidator(_read_day)]
AreaCode = Annotated[str, Path(pattern=_CODE, description="For instance 33.74.06.1010-014-002.")]
ShownArea = Annotated[
    str | None,
    # A form that was left empty sends an empty code.
    Query(
        alias="area",
        pattern=f"^$|{_CODE}",
        description="Code of the area in the middle of the map.",
    ),
    AfterValidator(lambda code: code or None),
]
ShownRt = Annotated[
    str | None,
    Query(alias="rt", pattern=f"^$|{_CODE}", description="Code of the RT whose details open."),
    AfterValidator(lambda code: code or None),
]
WithinArea = Annotated[
    str | None,
    Query(alias="area", pattern=_CODE, description="Only this area and the areas within it."),
]
NearArea = Annotated[
    str | None,
    Query(
        alias="near",
        pattern=f"^$|{_CODE}",
        description="Code of an area; the places nearest to its middle come first.",
    ),
    AfterValidator(lambda code: code or None),
]
OfArea = Annotated[
    str | None,
    Query(alias="area", pattern=f"^$|{_CODE}", description="Code of an area; default: the city."),
    AfterValidator(lambda code: code or None),
]
OfKind = Annotated[
    PlaceKind | None,
    # A form that was left empty sends an empty kind.
    BeforeValidator(lambda kind: kind or None),
    Query(alias="kind", description="Only places of this kind."),
]
StockName = Annotated[
    str | None,
    Query(alias="stock", max_length=60, description="Only hospitals that report this equipment."),
    AfterValidator(lambda name: name or None),
]
ParentCode = Annotated[
    str | None,
    Query(alias="parent", pattern=_CODE, description="Only areas within this area, at any depth."),
]
AtLevel = Annotated[Level, Query(alias="level", description="Level of the areas.")]
FirstDay = Annotated[
    Day | None, Query(alias="start", description="First day; default: the first published day.")
]
LastDay = Annotated[
    Day | None, Query(alias="end", description="Last day; default: the newest published day.")
]
Longitude = Annotated[
    float, BeforeValidator(_read_number), AfterValidator(check_finite), Query(ge=-180, le=180)
]
Latitude = Annotated[
    float, BeforeValidator(_read_number), AfterValidator(check_finite), Query(ge=-90, le=90)
]
OptionalDay = Annotated[
    Day | None, Query(alias="date", description="A published day; default: the newest.")
]
ShownDay = Annotated[
    Day | None,
    BeforeValidator(_read_shown_day),
    Query(alias="date", description="A published day, or `latest`; default: the newest."),
]
RecordKind = Annotated[KindName, Path(description="Kind of the records.")]
TableFormat = Annotated[
    TableForm, Query(alias="format", description="JSON, or a table for a spreadsheet: CSV or XLSX.")
]
KnownAt = Annotated[
    datetime | None,
    BeforeValidator(read_known_at),
    Query(
        alias="known_at",
        description="The state that was published at this moment: 2021-07-05T18:00Z, or with "
        "another offset; a moment without an offset is UTC.",
    ),
]
Lang = Annotated[Language, Query(alias="lang", description="Language that comes first.")]


@dataclass(frozen=True)
class Paging:
    """The page of the matches: all matches by default."""

    limit: Annotated[
        WholeNumber | None,
        Query(ge=1, le=1_000_000, description="Number of matches at most; default: all."),
    ] = None
    offset: Annotated[
        WholeNumber, Query(ge=0, le=1_000_000, description="Number of matches to skip.")
    ] = 0

    def select(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of this page."""
        return frame.iloc[self.page]

    def select_rows(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """The row numbers of this page."""
        return rows[self.page]

    @property
    def page(self) -> slice:
        """The positions of this page among all matches."""
        return slice(self.offset, None if self.limit is None else self.offset + self.limit)


def _box(
    bbox: Annotated[
        str | None,
        Query(
            description="Only areas whose bounding box intersects west,south,east,north in degrees."
        ),
    ] = None,
) -> BBox | None:
    return None if bbox is None else _read_bbox(bbox)


Box = Annotated[BBox | None, Depends(_box)]


def _near(
    near: Annotated[
        str | None, Query(description="Order by the distance from longitude,latitude in degrees.")
    ] = None,
) -> tuple[float, float] | None:
    if near is None:
        return None
    try:
        lon, lat = (parse_number(part) for part in near.split(","))
    except ValueError:
        lon = lat = math.nan
    # NaN is outside every range.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(
            "invalid-parameter",
            "near: Write longitude and latitude in degrees, like 110.42,-6.98.",
            indonesian="near: Tulis bujur dan lintang dalam derajat, seperti 110.42,-6.98.",
        )
    return lon, lat


Near = Annotated[tuple[float, float] | None, Depends(_near)]
