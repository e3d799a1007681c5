"""How many RT have each colour."""

from fastapi import APIRouter, Request

from api.answers import AreaSummary, SummaryAnswer
from api.parameters import AtLevel, CurrentCity, PublishedDay, WithinArea
from api.settings import Settings
from zoning.placing.placements import ELSEWHERE
from zoning.placing.within import lies_within
from zoning.portal.telling import told

router = APIRouter(tags=["zones"])


@router.get("/summary", summary="How many RT of each colour")
def summary(
    request: Request,
    city: CurrentCity,
    day: PublishedDay,
    level: AtLevel = "kecamatan",
    area: WithinArea = None,
) -> SummaryAnswer:
    """How many RT of each colour per area of a level; of people only those in no RT, in bands."""
    settings: Settings = request.app.state.settings
    counted = city.summary(day, level)
    if area is not None:
        counted = counted[lies_within(city.ground(day).boundaries, counted["code"].tolist(), area)]
    # Said for the city alone, in bands: areas and days could be subtracted from one another.
    outside = zip(day.unplaced["code"].to_pylist(), day.unplaced["cases"].to_pylist(), strict=True)
    by_code = dict(outside)
    non_residents = by_code.pop(ELSEWHERE, 0)
    unplaced = told(sum(by_code.values()), settings.minimum_count)
    columns = [name for name in counted.columns if name in AreaSummary.model_fields]
    return SummaryAnswer(
        date=day.date,
        rule=day.rule,
        run=day.run,
        level=level,
        unplaced=unplaced,
        unplaced_suppressed=unplaced is None,
        non_residents=told(non_residents, settings.minimum_count),
        areas=[AreaSummary.model_validate(row) for row in counted[columns].to_dict("records")],
    )
