"""The published days, of the city or of one area."""

from fastapi import APIRouter, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import WithinArea
from api.schemas.public import DaysAnswer, PublishedRun
from api.services.public import CurrentCity

router = APIRouter(tags=["zones"])


@router.get("/days", summary="The published days", response_model=DaysAnswer)
def days(request: Request, city: CurrentCity, area: WithinArea = None) -> Response:
    """Every published day with its run, its rule and the number of RT of each colour.

    With `area`: the days whose boundaries have this area, with the number of its RT.
    """
    runs = city.published_runs() if area is None else city.runs_with_area(area)
    # Any day may be published again, not only the newest: the ETag depends on all runs.
    set_cache_headers(request, ",".join(runs["run"]), A_MINUTE)
    if area is not None:
        keys = city.rules.keys
        counts = city.history_of_runs(area, runs)[["run", *keys]]
        runs = runs.drop(columns=keys).merge(counts, on="run")
    rows = runs.to_dict("records")
    answer = DaysAnswer(days=[PublishedRun.model_validate(row) for row in rows])
    return Response(answer.model_dump_json(), media_type="application/json")
