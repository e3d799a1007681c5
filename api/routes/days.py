"""The published days, of the city or of one area."""

from datetime import date

import pandas as pd
from fastapi import APIRouter, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import WithinArea
from api.schemas.public import DaysAnswer, PublishedRun
from api.services.public import CurrentCity
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from zoning.public.city import PublicCity
from zoning.public.source import KnownDays

router = APIRouter(tags=["zones"])


@router.get("/days", summary="The published days", response_model=DaysAnswer)
def days(request: Request, city: CurrentCity, area: WithinArea = None) -> Response:
    """Every published day with its run, its rule and the number of RT of each colour.

    With `area`: the days whose boundaries have this area, with the number of its RT.
    """
    runs = city.published_runs() if area is None else runs_with_area(city, area)
    # Any day may be published again, not only the newest: the ETag depends on all runs.
    set_cache_headers(request, ",".join(runs["run"]), A_MINUTE)
    if area is not None:
        keys = city.rules.keys
        counts = city.history(area)[["run", *keys]]
        runs = runs.drop(columns=keys).merge(counts, on="run")
    rows = runs.to_dict("records")
    answer = DaysAnswer(days=[PublishedRun.model_validate(row) for row in rows])
    return Response(answer.model_dump_json(), media_type="application/json")


def runs_with_area(
    city: PublicCity, code: str, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """The published runs of a range of days whose boundaries have an area; see `published_runs`.

    The runs decide the ETag of the history of the area before any colour is read.

    Raises
    ------
    NotFoundError
        ``no-area`` if neither these boundaries nor the boundaries of today have the area.
    """
    runs = city.published_runs(KnownDays(DayRange.between(start, end)))
    has_area = {version: _has_area(city, version, code) for version in runs["boundaries"].unique()}
    runs = runs[runs["boundaries"].map(has_area).astype(bool)]
    if runs.empty:
        city.history(code, start, end)  # raises `NotFoundError`
    return runs


def _has_area(city: PublicCity, version: str, code: str) -> bool:
    try:
        city.areas_of(version).area(code)
    except NotFoundError:
        return False
    return True
