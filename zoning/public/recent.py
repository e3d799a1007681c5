"""The last days of one zone, from the cached colours of each day."""

from collections.abc import Iterable
from datetime import date

from zoning.public.city import PublicCity
from zoning.public.source import RunKey
from zoning.risk import NO_RISK


def recent_risks(city: PublicCity, code: str, runs: Iterable[RunKey]) -> dict[date, int]:
    """Risk of one of the smallest zones on some published days.

    Days on which the area does not exist or is no zone are left out. For few days this is faster
    than `PublicCity.history`, because the colours of a day are cached.
    """
    risk_by_day: dict[date, int] = {}
    for run in runs:
        row = city.areas_of(run.boundaries).zone_row_of.get(code)
        risk = NO_RISK if row is None else int(city.risks(run)[row])
        if risk != NO_RISK:
            risk_by_day[run.date] = risk
    return risk_by_day
