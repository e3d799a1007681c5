"""The RT at a point; with POST, no URL and no log contains the point."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.http.parameters import Day, Latitude, Longitude, check_finite, read_known_at
from api.http.strict_query import unknown_parameter
from api.schemas.public import Candidate, LocateAnswer
from api.services.days import PublishedDay
from api.services.public import CurrentCity
from geodata.errors import InputError, TooLargeError, UnsupportedError
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.neighbours import zones_near

router = APIRouter(tags=["zones"])
_MAX_BYTES: Final = 1000
_JSON: Final = "application/json"
_EXACT: Final = 30.0
"""Metres. A point that may be farther away does not choose an RT."""
_FARTHEST: Final = 1000.0
"""Metres. A point that may be farther away names no RT."""
_MOST_CANDIDATES: Final = 12
_LEAST_EXACT: Final = 40_000_000
"""Metres around the Earth."""


class Point(BaseModel):
    """The body of a request: a point, how exact it is, and a day."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lon: Annotated[float, Field(ge=-180, le=180), AfterValidator(check_finite)]
    lat: Annotated[float, Field(ge=-90, le=90), AfterValidator(check_finite)]
    accuracy: (
        Annotated[float, Field(ge=0, le=_LEAST_EXACT), AfterValidator(check_finite)] | None
    ) = Field(
        default=None,
        description="How inexact the point may be, in metres. Worse than 30 m, the answer names "
        "the RT that may be meant and chooses none.",
    )
    date: Day | None = Field(default=None, description="A published day; default: the newest.")
    known_at: Annotated[datetime | None, BeforeValidator(read_known_at)] = Field(
        default=None, description="The state that was published at this moment: 2021-07-05T18:00Z."
    )


_JSON_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {_JSON: {"schema": Point.model_json_schema()}},
    }
}


async def _read_point(request: Request) -> Point:
    """Read a point from the body: a small JSON object without repeated names.

    Raises
    ------
    UnsupportedError
        ``content-type``.
    TooLargeError
        ``too-large``.
    InputError
        ``not-json``; ``unknown-parameter``; ``invalid-parameter`` where a name comes twice.
    RequestValidationError
        If the object is no `Point`.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise UnsupportedError(
            "content-type",
            'Send the point as application/json, like {"lon": 110.42, "lat": -6.98}.',
            indonesian="Kirim titik sebagai application/json, seperti "
            '{"lon": 110.42, "lat": -6.98}.',
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise TooLargeError(
                "too-large",
                f"The body is longer than {_MAX_BYTES} bytes. Send only a point, like "
                '{"lon": 110.42, "lat": -6.98}.',
                indonesian=f"Isi permintaan lebih panjang dari {_MAX_BYTES} byte. Kirim titik "
                'saja, seperti {"lon": 110.42, "lat": -6.98}.',
            )
    try:
        return Point.model_validate(_read_object(bytes(body)))
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from None


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body.decode(), object_pairs_hook=_unique_names)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError(
            "not-json",
            'The body is not a JSON object. Send a point like {"lon": 110.42, "lat": -6.98}.',
            indonesian="Isi permintaan bukan objek JSON. Kirim titik seperti "
            '{"lon": 110.42, "lat": -6.98}.',
        )
    if not value.keys() <= Point.model_fields.keys():
        raise unknown_parameter(list(Point.model_fields))
    return value


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise InputError(
            "invalid-parameter",
            "The point contains a name more than once. Write each name once.",
            indonesian="Titik ini memuat sebuah nama lebih dari sekali. Tulis tiap nama sekali "
            "saja.",
        )
    return values


@router.get("/locate", summary="The RT at a point")
def locate(lon: Longitude, lat: Latitude, city: CurrentCity, day: PublishedDay) -> LocateAnswer:
    """The RT at a point and its colour; 200 with nulls outside every area.

    The URL, and so a log, contains the point. Use POST for the position of a person.
    """
    return _locate(city, lon, lat, day)


@router.post("/locate", summary="The RT at a point that no log contains", openapi_extra=_JSON_BODY)
def locate_privately(
    request: Request, city: CurrentCity, point: Annotated[Point, Depends(_read_point)]
) -> LocateAnswer:
    """The RT at a point and its colour, as with GET; no cache stores the answer.

    With an accuracy worse than 30 m, the RT within this distance, at most 12, the nearest first.
    """
    request.state.caching = {"Cache-Control": "no-store"}
    day = city.published(point.date, point.known_at)
    if point.accuracy is None or point.accuracy <= _EXACT:
        return _locate(city, point.lon, point.lat, day)
    return _candidates(city, point, point.accuracy, day)


def _locate(city: PublicCity, lon: float, lat: float, day: PublicDay) -> LocateAnswer:
    area = city.locate(lon, lat, day)
    zone = None if area is None else city.zone(area.code, day)
    return LocateAnswer.of((lon, lat), area, zone, day)


def _candidates(city: PublicCity, point: Point, accuracy: float, day: PublicDay) -> LocateAnswer:
    answer = LocateAnswer.of((point.lon, point.lat), None, None, day)
    near = (
        zones_near(city.ground(day), point.lon, point.lat, within=accuracy)
        if accuracy <= _FARTHEST
        else []
    )
    zones = [(city.zone(each.code, day), each.metres) for each in near[:_MOST_CANDIDATES]]
    answer.candidates = [Candidate.of(zone, metres) for zone, metres in zones]
    return answer
