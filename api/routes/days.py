"""Which days are published."""

from fastapi import APIRouter, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import WithinArea
from api.schemas.public import DaysAnswer, PublishedRun
from api.services.public import CurrentCity

router = APIRouter(tags=["zones"])


@router.get("/days", summary="The published days", response_model=DaysAnswer)
def days(request: Request, city: CurrentCity, area: WithinArea = None) -> Response:
    """Every published day with its run, its rule and how many RT have each colour.

    Of one area: those days on whose boundaries there is such an area.
    """
    found = city.published_runs()
    if area is not None:
        keys = city.rules.keys
        own = city.history(area)[["run", *keys]]
        found = found.drop(columns=keys).merge(own, on="run")
    # Any of them may have been published anew, not the newest alone.
    set_cache_headers(request, ",".join(found["run"]), A_MINUTE)
    rows = found.to_dict("records")
    answer = DaysAnswer(days=[PublishedRun.model_validate(row) for row in rows])
    return Response(answer.model_dump_json(), media_type="application/json")
