"""Newcomers for officials: their quarantine status, and the verification by an officer."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response, Security
from pydantic import BaseModel, Field

from api.http.parameters import Day, Paging, TableFormat, WithinArea
from api.http.security import bearer_token
from api.schemas.tables import DESCRIBED as AS_TABLES
from api.schemas.tables import json_rows, table_response
from api.services.official import OfficialCity, audit_records
from zoning.quarantine.newcomers import StateFilter, list_newcomers, verify

router = APIRouter(tags=["officials"], dependencies=[Security(bearer_token)])
NewcomerId = Annotated[
    str, Path(pattern=r"^[^\x00-\x1f]{1,100}$", description="Number of the newcomer.")
]


@dataclass(frozen=True)
class NewcomerFilter:
    """Filter of the newcomers; all newcomers that have arrived by default."""

    area: WithinArea = None
    state: Annotated[StateFilter | None, Query(description="Quarantine status on the day.")] = None
    day: Annotated[Day | None, Query(alias="date", description="The day; default: today.")] = None


class NewcomersAnswer(BaseModel):
    """Newcomers with their quarantine status on a day, ordered by the end of the quarantine."""

    date: date
    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    newcomers: list[dict[str, Any]]


class Verification(BaseModel):
    """The office that verified the newcomer, and the day."""

    by: str = Field(max_length=60, description="An office, not a name: lurah, camat, babinsa.")
    on: Day | None = Field(default=None, description="The day; default: today.")


@router.get(
    "/newcomers",
    summary="Newcomers and their quarantine",
    response_model=NewcomersAnswer,
    responses=AS_TABLES,
)
def newcomers(
    request: Request,
    city: OfficialCity,
    filters: Annotated[NewcomerFilter, Depends()],
    paging: Annotated[Paging, Depends()],
    form: TableFormat = "json",
) -> NewcomersAnswer | Response:
    """Newcomers by status and area, as JSON, CSV or XLSX; without names and identity numbers."""
    day = filters.day or city.store.settings.today()
    rows = list_newcomers(city.store, city.ground(), day, area=filters.area, state=filters.state)
    page = paging.select(rows)
    audit_records(request, "read", len(page))
    if form != "json":
        return table_response(page, form, f"newcomers-{day}")
    return NewcomersAnswer(
        date=day,
        numberMatched=len(rows),
        numberReturned=len(page),
        newcomers=json_rows(page),
    )


@router.post("/newcomers/{newcomer_id}/verification", summary="Verify a newcomer", status_code=204)
def verification(
    newcomer_id: NewcomerId, verified: Verification, request: Request, city: OfficialCity
) -> None:
    """Record the verification of a newcomer by an officer; a repetition changes nothing."""
    verify(city.store, newcomer_id, verified.by, verified.on)
    audit_records(request, "write", 1)
