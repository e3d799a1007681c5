"""A zone for officials: with its counts, its uncertainty, and the input digest of its run."""

from fastapi import APIRouter, Request, Security

from api.http.parameters import AreaCode, KnownAt, OptionalDay
from api.http.security import bearer_token
from api.schemas.official import OfficialZoneAnswer
from api.services.official import OfficialCity, audit_records

router = APIRouter(tags=["officials"], dependencies=[Security(bearer_token)])


@router.get("/officials/zones/{code}", summary="One zone with its counts")
def zone(
    code: AreaCode,
    request: Request,
    city: OfficialCity,
    date: OptionalDay = None,
    known_at: KnownAt = None,
) -> OfficialZoneAnswer:
    """One zone on one day: its counts, the reason of its colour, and its uncertainty."""
    day = city.published(date, known_at)
    view = city.zone(code, day)
    audit_records(request, "read", 0 if view.counts is None else view.counts.cases)
    return OfficialZoneAnswer.of(view, city.data.areas_of(day.boundaries).above(code))
