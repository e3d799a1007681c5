"""Zones as tables for a spreadsheet: the colours of a day, and the colours of an area by day."""

from typing import Any, Final

import numpy as np
import pandas as pd
from fastapi import APIRouter, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import AreaCode, AtLevel, ParentCode
from api.schemas.tables import table_response
from api.services.days import PublishedDay
from api.services.public import CurrentCity
from geodata.areas import Level
from geodata.boundaries import AreaTable
from zoning.placing.within import lies_within

router = APIRouter(tags=["zones"])
_CSV: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/csv": {}}}}
_NAMED_LEVELS: Final[tuple[Level, ...]] = ("kelurahan", "kecamatan")


@router.get(
    "/zones.csv",
    summary="Zones as a table",
    response_class=Response,
    responses=_CSV,
)
def zones_table(
    day: PublishedDay, city: CurrentCity, level: AtLevel = "rt", parent: ParentCode = None
) -> Response:
    """Zones of one day as CSV: code, names, colour; without borders.

    Above the RT the colour is the highest colour of the RT.
    """
    areas = city.areas_of(day.boundaries)
    table = areas.level(level)
    risks = city.risks_at(day, level)
    if parent is not None:
        is_inside = lies_within(city.ground(day).boundaries, table["code"].tolist(), parent)
        table, risks = table[is_inside], risks[is_inside]
    classes = city.rules.classes
    names = [each.name.id for each in classes]
    frame = pd.DataFrame(
        {
            "code": table["code"].to_numpy(),
            "name": table["name"].to_numpy(),
            "level": level,
            **_names_above(areas, table),
            "risk": risks,
            "colour": np.array(names, dtype=object)[risks],
            "date": day.date.isoformat(),
            "rule": day.rule,
            "run": day.run,
        }
    )
    return table_response(frame, "csv", "-".join(filter(None, ["zones", parent, f"{day.date}"])))


@router.get(
    "/zones/{code}/history.csv",
    summary="The colours of one zone, day by day, as a table",
    response_class=Response,
    responses=_CSV,
)
def history_table(request: Request, code: AreaCode, city: CurrentCity) -> Response:
    """The number of RT of each colour on every published day, as CSV."""
    runs = city.runs_with_area(code)
    set_cache_headers(request, ",".join(runs["run"]), A_MINUTE)
    return table_response(city.history_of_runs(code, runs), "csv", f"zones-{code}-days")


def _names_above(areas: AreaTable, table: pd.DataFrame) -> dict[str, list[str | None]]:
    """Names of the kelurahan and the kecamatan of each area; empty above these levels."""
    rows = areas.row_of
    parents, levels, names = (areas.areas[name].tolist() for name in ("parent", "level", "name"))
    found: dict[str, list[str | None]] = {level: [] for level in _NAMED_LEVELS}
    for code in table["code"].tolist():
        row: int | None = rows[code]
        names_by_level: dict[str, str] = {}
        while row is not None:
            names_by_level[levels[row]] = names[row]
            row = rows.get(parents[row])
        for level, column in found.items():
            column.append(names_by_level.get(level))
    return found
