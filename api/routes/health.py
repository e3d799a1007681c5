"""Whether it can serve."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.answers import Health
from api.version import VERSION
from zoning.city import City

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Can it serve?")
async def healthz(request: Request, response: Response) -> Health:
    """200 when a day is published and can be read."""
    city: City = request.app.state.city
    response.headers["Cache-Control"] = "no-store"
    # It waits for no thread that other questions want, and reads one row.
    latest = await run_sync(city.latest, limiter=request.app.state.probing)
    return Health(version=VERSION, latest=latest)
