"""Whether it can serve."""

from fastapi import APIRouter, Response

from api.answers import Health
from api.parameters import CurrentCity
from api.version import VERSION

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Can it serve?")
def healthz(city: CurrentCity, response: Response) -> Health:
    """200 when a day is published and can be read."""
    response.headers["Cache-Control"] = "no-store"
    return Health(version=VERSION, latest=city.day().date)
