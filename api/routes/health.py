"""The health check of the server."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Response

from api.schemas.public import Health
from api.services.public import Services
from geodata.version import VERSION

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Health of the server")
async def healthz(services: Services, response: Response) -> Health:
    """200 if a day is published and the database answers."""
    response.headers["Cache-Control"] = "no-store"
    # Other requests do not use these threads, and the check reads one row.
    latest = await run_sync(services.city.latest, limiter=services.health_threads)
    return Health(version=VERSION, latest=latest)
