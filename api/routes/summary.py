"""The number of RT of each colour."""

from fastapi import APIRouter, Request

from api.http.caching import A_DAY, A_MINUTE, FOREVER, set_cache_headers
from api.http.parameters import AtLevel, KnownAt, OptionalDay, WithinArea
from api.schemas.public import AreaSummary, SummaryAnswer
from api.services.public import CurrentCity
from zoning.placing.within import lies_within

router = APIRouter(tags=["zones"])


@router.get("/summary", summary="Number of RT of each colour")
def summary(
    request: Request,
    city: CurrentCity,
    date: OptionalDay = None,
    known_at: KnownAt = None,
    level: AtLevel = "kecamatan",
    area: WithinArea = None,
) -> SummaryAnswer:
    """The number of RT of each colour per area of a level; cases that are in no RT, as bands."""
    key = city.published_key(date, known_at)
    figures = city.figures(key)
    age = A_MINUTE if date is None else A_DAY
    # The figures may change while the colours, and so the id of the run, stay the same.
    lifetime = age if known_at is None else FOREVER
    set_cache_headers(request, f"{key.run} {figures}", lifetime, is_settled=True)
    day = city.day(key)
    areas = city.summary(day, level)
    if area is not None:
        areas = areas[lies_within(city.ground(day).boundaries, areas["code"].tolist(), area)]
    return SummaryAnswer(
        date=day.date,
        rule=day.rule,
        run=day.run,
        level=level,
        unplaced=figures.unplaced,
        unplaced_suppressed=figures.unplaced is None,
        non_residents=figures.non_residents,
        areas=[AreaSummary.model_validate(row) for row in areas.to_dict("records")],
    )
