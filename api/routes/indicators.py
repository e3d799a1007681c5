"""Indicators: figures of the portal by area and day."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import Day, Paging, WithinArea
from api.schemas.portal import IndicatorAnswer, IndicatorName, IndicatorValue
from api.schemas.public import Said
from api.schemas.tables import json_rows
from api.services.public import CurrentCity
from geodata.errors import InputError
from geodata.records.indicator_names import figures, read_figure
from zoning.portal.filtering import chosen

router = APIRouter(tags=["portal"])


@dataclass(frozen=True)
class Wanted:
    """Which figures are wanted: all that were given, unless said otherwise."""

    name: Annotated[
        str | None, Query(max_length=60, description="One indicator; all where not given.")
    ] = None
    area: WithinArea = None
    level: Annotated[
        Literal["kota", "kecamatan", "kelurahan"] | None,
        Query(description="Figures of this level, summed where they add up; else those given."),
    ] = None
    start: Annotated[Day | None, Query(description="First day.")] = None
    end: Annotated[Day | None, Query(description="Last day.")] = None


@router.get("/indicators", summary="Figures by area and day", response_model=IndicatorAnswer)
def indicators(
    request: Request,
    city: CurrentCity,
    wanted: Annotated[Wanted, Depends()],
    paging: Annotated[Paging, Depends()],
) -> Response:
    """Figures of kelurahan and above; those of RW and RT show only in sums.

    Counts of people (tests, positive tests, contacts, patients) are told in bands as wide as the
    least that may be told, and left out below it: `suppressed`. Shares of people are never told.
    """
    if wanted.start is not None and wanted.end is not None and wanted.end < wanted.start:
        raise InputError(
            "invalid-parameter",
            "end: The last day is before the first.",
            indonesian="end: Hari terakhir mendahului hari pertama.",
        )
    areas = city.ground().boundaries
    every = city.all_indicators()
    set_cache_headers(request, f"{areas.id} {every.stamp}", A_MINUTE)
    public = chosen(
        every.table,
        areas,
        names=[] if wanted.name is None else [read_figure(wanted.name) or wanted.name],
        area=wanted.area,
        level=wanted.level,
        start=wanted.start,
        end=wanted.end,
    )
    page = paging.frame(public)
    page = page.assign(
        name=page["code"].map(areas.areas.set_index("code")["name"]), date=page["date"].dt.date
    )
    answer = IndicatorAnswer(
        numberMatched=len(public),
        numberReturned=len(page),
        indicators=[_name(one) for one in page["indicator"].unique()],
        values=[IndicatorValue.model_validate(row) for row in json_rows(page)],
    )
    return Response(answer.model_dump_json(), media_type="application/json")


def _name(indicator: str) -> IndicatorName:
    known = figures().get(indicator)
    if known is None:
        return IndicatorName(indicator=indicator)
    return IndicatorName(
        indicator=indicator,
        title=Said(id=known.title_id, en=known.title_en),
        unit=Said(id=known.unit_id, en=known.unit_en),
        additive=known.additive,
    )
