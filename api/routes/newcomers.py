"""Newcomers over HTTP: how each stands, and the verification by the officer. For officials."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response, Security
from pydantic import BaseModel, Field

from api.http.parameters import Day, Paging, TableFormat, WithinArea
from api.http.security import official
from api.schemas.tables import DESCRIBED as AS_TABLES
from api.schemas.tables import json_rows, table_answer
from api.services.official import OfficialCity, note_records
from zoning.quarantine.newcomers import Asked, newcomers_on, verify

router = APIRouter(tags=["officials"], dependencies=[Security(official)])
NewcomerId = Annotated[
    str, Path(pattern=r"^[^\x00-\x1f]{1,100}$", description="Number of the newcomer.")
]


@dataclass(frozen=True)
class Wanted:
    """Which newcomers are wanted: all who had arrived, unless said otherwise."""

    area: WithinArea = None
    state: Annotated[Asked | None, Query(description="How they stand on the day.")] = None
    on: Annotated[Day | None, Query(alias="date", description="The day; else today.")] = None


class NewcomersAnswer(BaseModel):
    """Newcomers as they stand on a day, who is due first first."""

    date: date
    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    newcomers: list[dict[str, Any]]


class Verification(BaseModel):
    """Who verified, and when."""

    by: str = Field(max_length=60, description="An office, never a name: lurah, camat, babinsa.")
    on: Day | None = Field(default=None, description="The day; else today.")


@router.get(
    "/newcomers",
    summary="Newcomers and their quarantine",
    response_model=NewcomersAnswer,
    responses=AS_TABLES,
)
def newcomers(
    request: Request,
    city: OfficialCity,
    wanted: Annotated[Wanted, Depends()],
    paging: Annotated[Paging, Depends()],
    form: TableFormat = "json",
) -> NewcomersAnswer | Response:
    """Newcomers by state and area, as JSON, CSV or XLSX; no names, no identity numbers."""
    day = wanted.on or city.store.settings.today()
    found = newcomers_on(city.store, city.ground(), day, area=wanted.area, state=wanted.state)
    page = paging.frame(found)
    note_records(request, "read", len(page))
    if form != "json":
        return table_answer(page, form, f"newcomers-{day}")
    return NewcomersAnswer(
        date=day,
        numberMatched=len(found),
        numberReturned=len(page),
        newcomers=json_rows(page),
    )


@router.post("/newcomers/{newcomer_id}/verification", summary="Verify a newcomer", status_code=204)
def verification(
    newcomer_id: NewcomerId, said: Verification, request: Request, city: OfficialCity
) -> None:
    """Note that the officer of the area verified a newcomer; the same again changes nothing."""
    verify(city.store, newcomer_id, said.by, said.on)
    note_records(request, "write", 1)
