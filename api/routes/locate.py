"""What lies at a point; asked by POST, so that no address and no log names the point."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.http.parameters import Day, Latitude, Longitude, finite, read_known_at
from api.http.strict_query import unknown_parameter
from api.schemas.public import LocateAnswer
from api.services.days import PublishedDay
from api.services.public import CurrentCity
from geodata.errors import InputError, TooLargeError, UnsupportedError
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay

router = APIRouter(tags=["zones"])
_MOST_BYTES: Final = 1000
_JSON: Final = "application/json"


class Point(BaseModel):
    """A point and a day, as the body of a request."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lon: Annotated[float, Field(ge=-180, le=180), AfterValidator(finite)]
    lat: Annotated[float, Field(ge=-90, le=90), AfterValidator(finite)]
    date: Day | None = Field(
        default=None, description="A published day; the newest where not given."
    )
    known_at: Annotated[datetime | None, BeforeValidator(read_known_at)] = Field(
        default=None, description="As it stood published at that moment: 2021-07-05T18:00Z."
    )


_AS_JSON: Final = {
    "requestBody": {
        "required": True,
        "content": {_JSON: {"schema": Point.model_json_schema()}},
    }
}


async def _point(request: Request) -> Point:
    """Read the body: small, JSON, each name once.

    Raises
    ------
    UnsupportedError
        ``content-type``.
    TooLargeError
        ``too-large``.
    InputError
        ``not-json``; ``unknown-parameter``; ``invalid-parameter`` where a name comes twice.
    RequestValidationError
        Where it is not a `Point`.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise UnsupportedError(
            "content-type",
            'A point is sent as application/json here, like {"lon": 110.42, "lat": -6.98}.',
            indonesian="Kirim titik sebagai application/json, seperti "
            '{"lon": 110.42, "lat": -6.98}.',
        )
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise TooLargeError(
                "too-large",
                f"A point takes a few characters, and this is longer than {_MOST_BYTES}. Send "
                '{"lon": 110.42, "lat": -6.98}.',
                indonesian="Titik hanya memerlukan beberapa karakter, dan ini lebih panjang dari "
                f'{_MOST_BYTES}. Kirim {{"lon": 110.42, "lat": -6.98}}.',
            )
    try:
        return Point.model_validate(_read(bytes(body)))
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from None


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode(), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(
            "not-json",
            'The body is no JSON object. Send a point like {"lon": 110.42, "lat": -6.98}.',
            indonesian="Isinya bukan objek JSON. Kirim titik seperti "
            '{"lon": 110.42, "lat": -6.98}.',
        )
    if not found.keys() <= Point.model_fields.keys():
        raise unknown_parameter(list(Point.model_fields))
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InputError(
            "invalid-parameter",
            "A name comes more than once in the point.",
            indonesian="Sebuah nama ada lebih dari sekali di titik ini.",
        )
    return found


@router.get("/locate", summary="The RT at a point")
def locate(lon: Longitude, lat: Latitude, city: CurrentCity, day: PublishedDay) -> LocateAnswer:
    """The RT at a point and its colour; 200 with nulls outside every area.

    The point stands in the address, and so in logs; ask by POST where it is somebody's.
    """
    return _located(city, lon, lat, day)


@router.post("/locate", summary="The RT at a point, which no log names", openapi_extra=_AS_JSON)
def locate_privately(
    request: Request, city: CurrentCity, point: Annotated[Point, Depends(_point)]
) -> LocateAnswer:
    """The RT at a point and its colour, as by GET; kept by no cache."""
    request.state.caching = {"Cache-Control": "no-store"}
    return _located(city, point.lon, point.lat, city.published(point.date, point.known_at))


def _located(city: PublicCity, lon: float, lat: float, day: PublicDay) -> LocateAnswer:
    area = city.locate(lon, lat, day)
    zone = None if area is None else city.zone(area.code, day)
    return LocateAnswer.of((lon, lat), area, zone, day)
