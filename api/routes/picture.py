"""The city on one day as one picture."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.http.parameters import RunId, WholeNumber
from api.services.public import Services
from api.tiles.responses import PNG, picture_response
from zoning.tiles.city_picture import NARROWEST, USUAL_WIDTH, WIDEST

router = APIRouter(tags=["tiles"])
Width = Annotated[
    WholeNumber,
    Query(ge=NARROWEST, le=WIDEST, description="Pixels; the height follows from the city."),
]


@router.get(
    "/picture/{run}.png",
    summary="The city on one day as one picture",
    response_class=Response,
    responses={200: {"content": {PNG: {}}}, 404: {"description": "The run does not exist"}},
)
async def city_picture(
    request: Request, services: Services, run: RunId, width: Width = USUAL_WIDTH
) -> Response:
    """The RT of a run in their colours as one PNG with patterns, for pages, sharing and print.

    The picture of a run never changes.
    """
    return await picture_response(request, services.tiles, run, width)
