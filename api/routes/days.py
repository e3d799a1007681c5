"""Which days are published."""

from fastapi import APIRouter, Request, Response

from api.answers import DaysAnswer, PublishedRun
from api.caching import A_MINUTE, keep
from api.parameters import CurrentCity

router = APIRouter(tags=["zones"])


@router.get("/days", summary="The published days", response_model=DaysAnswer)
def days(request: Request, city: CurrentCity) -> Response:
    """Every published day with its run, its rule and how many RT have each colour."""
    keep(request, city.day().run, A_MINUTE)
    rows = city.published_runs().to_dict("records")
    answer = DaysAnswer(days=[PublishedRun.model_validate(row) for row in rows])
    return Response(answer.model_dump_json(), media_type="application/json")
