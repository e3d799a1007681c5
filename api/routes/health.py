"""Whether it can serve."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.schemas.public import Health
from geodata.version import VERSION
from zoning.public.city import PublicCity

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Can it serve?")
async def healthz(request: Request, response: Response) -> Health:
    """200 when a day is published and can be read."""
    public: PublicCity = request.app.state.public
    response.headers["Cache-Control"] = "no-store"
    # It waits for no thread that other questions want, and reads one row.
    latest = await run_sync(public.latest, limiter=request.app.state.probing)
    return Health(version=VERSION, latest=latest)
