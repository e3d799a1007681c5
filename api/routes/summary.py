"""How many RT have each colour."""

from fastapi import APIRouter, Request

from api.http.caching import A_DAY, A_MINUTE, FOREVER, set_cache_headers
from api.http.parameters import AtLevel, KnownAt, OptionalDay, WithinArea
from api.schemas.public import AreaSummary, SummaryAnswer
from api.services.public import CurrentCity
from zoning.placing.within import lies_within

router = APIRouter(tags=["zones"])


@router.get("/summary", summary="How many RT of each colour")
def summary(
    request: Request,
    city: CurrentCity,
    on: OptionalDay = None,
    known_at: KnownAt = None,
    level: AtLevel = "kecamatan",
    area: WithinArea = None,
) -> SummaryAnswer:
    """How many RT of each colour per area of a level; of people only those in no RT, in bands."""
    key = city.published_key(on, known_at)
    figures = city.figures(key)
    how_long = A_DAY if on is not None else A_MINUTE
    # The figures may change while the colours, and so the run, stay as they are.
    set_cache_headers(
        request, f"{key.run} {figures}", FOREVER if known_at is not None else how_long
    )
    day = city.day(key)
    coloured = city.summary(day, level)
    if area is not None:
        coloured = coloured[
            lies_within(city.ground(day).boundaries, coloured["code"].tolist(), area)
        ]
    return SummaryAnswer(
        date=day.date,
        rule=day.rule,
        run=day.run,
        level=level,
        unplaced=figures.unplaced,
        unplaced_suppressed=figures.unplaced is None,
        non_residents=figures.non_residents,
        areas=[AreaSummary.model_validate(row) for row in coloured.to_dict("records")],
    )
