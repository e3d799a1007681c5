"""Indicators: values of the portal by area and day."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import Day, Paging, WithinArea
from api.schemas.portal import IndicatorAnswer, IndicatorName, IndicatorValue
from api.schemas.public import BilingualText
from api.schemas.tables import json_rows
from api.services.public import CurrentCity
from geodata.errors import InputError
from geodata.records.indicator_names import known_indicators, parse_indicator_name
from zoning.portal.filtering import filter_indicators

router = APIRouter(tags=["portal"])


@dataclass(frozen=True)
class IndicatorFilter:
    """Filter of the values; all values by default."""

    name: Annotated[
        str | None, Query(max_length=60, description="One indicator; default: all.")
    ] = None
    area: WithinArea = None
    level: Annotated[
        Literal["kota", "kecamatan", "kelurahan"] | None,
        Query(
            description="Values of this level, as sums of an additive indicator; default: values "
            "of the source."
        ),
    ] = None
    start: Annotated[Day | None, Query(description="First day.")] = None
    end: Annotated[Day | None, Query(description="Last day.")] = None


@router.get(
    "/indicators", summary="Values of indicators by area and day", response_model=IndicatorAnswer
)
def indicators(
    request: Request,
    city: CurrentCity,
    filters: Annotated[IndicatorFilter, Depends()],
    paging: Annotated[Paging, Depends()],
) -> Response:
    """Values of kelurahan and above; values of RW and RT are only part of sums.

    Counts of people (tests, positive tests, contacts, patients) are rounded down to multiples of
    the smallest published count, and `suppressed` below this count. Shares of people are never
    published.
    """
    if filters.start is not None and filters.end is not None and filters.end < filters.start:
        raise InputError(
            "invalid-parameter",
            "end: The last day is before the first day. Exchange start and end.",
            indonesian="end: Hari terakhir mendahului hari pertama. Tukar start dan end.",
        )
    areas = city.ground().boundaries
    published = city.all_indicators()
    set_cache_headers(request, f"{areas.id} {published.stamp}", A_MINUTE)
    matches = filter_indicators(
        published.table,
        areas,
        names=[] if filters.name is None else [parse_indicator_name(filters.name) or filters.name],
        area=filters.area,
        level=filters.level,
        start=filters.start,
        end=filters.end,
    )
    page = paging.select(matches)
    page = page.assign(
        name=page["code"].map(areas.areas.set_index("code")["name"]), date=page["date"].dt.date
    )
    answer = IndicatorAnswer(
        numberMatched=len(matches),
        numberReturned=len(page),
        indicators=[_name(indicator) for indicator in page["indicator"].unique()],
        values=[IndicatorValue.model_validate(row) for row in json_rows(page)],
    )
    return Response(answer.model_dump_json(), media_type="application/json")


def _name(indicator: str) -> IndicatorName:
    figure = known_indicators().get(indicator)
    if figure is None:
        return IndicatorName(indicator=indicator)
    return IndicatorName(
        indicator=indicator,
        title=BilingualText(id=figure.title_id, en=figure.title_en),
        unit=BilingualText(id=figure.unit_id, en=figure.unit_en),
        additive=figure.additive,
    )
