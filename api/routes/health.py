"""Whether it can serve."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Response

from api.schemas.public import Health
from api.services.public import Services
from geodata.version import VERSION

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Can it serve?")
async def healthz(services: Services, response: Response) -> Health:
    """200 when a day is published and can be read."""
    response.headers["Cache-Control"] = "no-store"
    # It waits for no thread that other questions want, and reads one row.
    latest = await run_sync(services.city.latest, limiter=services.health_threads)
    return Health(version=VERSION, latest=latest)
