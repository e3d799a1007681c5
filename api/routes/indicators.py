"""Indicators: values of the portal by area and day."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final, Literal

import numpy as np
import pandas as pd
from fastapi import APIRouter, Depends, Query, Request, Response
from numpy.typing import NDArray

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import Day, Paging, WithinArea
from api.schemas.portal import IndicatorAnswer, IndicatorName, IndicatorValue
from api.schemas.public import BilingualText
from api.schemas.tables import json_rows
from api.services.public import CurrentCity
from geodata.boundaries import Boundaries
from geodata.calendar import DayRange
from geodata.errors import InputError
from geodata.records.indicator_names import known_indicators, parse_indicator_name
from zoning.placing.within import lies_within
from zoning.portal.filtering import filter_indicators
from zoning.public.figures import FIGURES, DailyFigures
from zoning.public.newcomer_weeks import NEWCOMERS, NewcomerWeeks

router = APIRouter(tags=["portal"])
_MOST_FIGURES: Final = 20_000
"""Daily figures in one answer: some 5 MB. All kelurahan of a city have 100,000 in two years."""


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

    The names `cases`, `recovered` and `deaths` give the daily figures: people who were confirmed,
    recovered or died on a published day. Without `level`, these are the figures of `area` itself,
    or of the city. The city has all its cases, a smaller area its cases with a known RT. The count
    lies between `least` and `most`. For recovered and died, a zero is in the range of the small
    counts. An answer has at most 20,000 daily figures; `offset` gives the others.

    The name `newcomers` gives the arrivals of whole weeks, Monday to Sunday, in the same way:
    `date` is the Sunday. A zero is in the range of the small counts.
    """
    if filters.start is not None and filters.end is not None and filters.end < filters.start:
        raise InputError(
            "invalid-parameter",
            "end: The last day is before the first day. Exchange start and end.",
            indonesian="end: Hari terakhir mendahului hari pertama. Tukar start dan end.",
        )
    areas = city.ground().boundaries
    name = filters.name and (parse_indicator_name(filters.name) or filters.name)
    figure = next((figure for figure in FIGURES if figure == name), None)
    if figure is not None:
        daily = city.daily_figures()
        table = partial(daily.table, figure)
        return _figures(request, daily, (figure, table), (areas, filters), paging)
    if name == NEWCOMERS:
        weeks = city.newcomer_weeks()
        return _figures(request, weeks, (name, weeks.table), (areas, filters), paging)
    published = city.all_indicators()
    set_cache_headers(request, f"{areas.id} {published.stamp}", A_MINUTE)
    matches = filter_indicators(
        published.table,
        areas,
        names=[] if name is None else [name],
        area=filters.area,
        level=filters.level,
        start=filters.start,
        end=filters.end,
    )
    page = paging.select(matches)
    return _answer(page.assign(date=page["date"].dt.date), len(matches), areas)


def _figures(
    request: Request,
    figures: DailyFigures | NewcomerWeeks,
    name_and_table: tuple[str, Callable[[NDArray[np.intp]], pd.DataFrame]],
    areas_and_filters: tuple[Boundaries, IndicatorFilter],
    paging: Paging,
) -> Response:
    """One figure as an indicator: the ranges of some areas and days or weeks."""
    (name, table), (areas, filters) = name_and_table, areas_and_filters
    set_cache_headers(request, f"{areas.id} {figures.stamp}", A_MINUTE)
    if filters.level is not None:
        codes = areas.level(filters.level)["code"]
        if filters.area is not None:
            codes = codes[lies_within(areas, codes.tolist(), filters.area)]
    else:
        code = filters.area
        codes = areas.level("kota")["code"] if code is None else pd.Series([areas.area(code).code])
    cells = figures.cells(codes.tolist(), DayRange.between(filters.start, filters.end))
    limit = min(paging.limit or _MOST_FIGURES, _MOST_FIGURES)
    page = table(cells[paging.offset : paging.offset + limit])
    unit = known_indicators()[name].unit_id
    rounded_to = None if figures.width == 1 else figures.width
    page = page.assign(indicator=name, unit=unit, rounded_to=rounded_to, summed=None)
    return _answer(page, len(cells), areas)


def _answer(page: pd.DataFrame, matched: int, areas: Boundaries) -> Response:
    names = page["code"].map(areas.areas.set_index("code")["name"])
    answer = IndicatorAnswer(
        numberMatched=matched,
        numberReturned=len(page),
        indicators=[_name(indicator) for indicator in page["indicator"].unique()],
        values=[IndicatorValue.model_validate(row) for row in json_rows(page.assign(name=names))],
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
