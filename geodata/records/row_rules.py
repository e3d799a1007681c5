"""What a row must say to be taken: status, dates in order, somebody or somewhere."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.calendar import day_number, day_numbers
from geodata.records.indicator_names import never_negative
from geodata.records.kinds import Kind
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.findings import Findings, Mask

_EARLIEST: Final = day_number(date(2019, 12, 1))
_MAY_BE_AHEAD: Final = ("quarantine_until",)
_INCUBATION: Final = 14
"""Days from infection to symptoms at the most (WHO; KMK 413/2020 quarantines contacts as long).
Who is found by a test before they fall ill falls ill within them; later it is another date."""


def check_days(columns: Mapping[str, pa.Array], kind: Kind, today: date, found: Findings) -> None:
    """No day before the epidemic, none after today."""
    limit = day_number(today)
    for field in kind.fields:
        if field.form != "date":
            continue
        days, known = day_numbers(columns[field.name]), valid(columns[field.name])
        found.reject("date-too-early", field.name, known & (days < _EARLIEST))
        if field.name not in _MAY_BE_AHEAD:
            found.reject("date-in-future", field.name, known & (days > limit))


def assume_status(columns: dict[str, pa.Array], found: Findings) -> None:
    """For a file without a column of status: what has a date of confirmation is confirmed."""
    given = columns["confirmed_on"].is_valid()
    columns["status"] = pc.if_else(given, "confirmed", None)
    found.warn("status-assumed", "status", mask(given))


def check_case(columns: dict[str, pa.Array], found: Findings) -> None:
    """Rules of a case; fills the date of confirmation where another stands in for it."""
    found.reject("status-missing", "status", _unsaid(columns, "status", found))
    found.warn("withdrawn", "status", mask(pc.equal(columns["status"], "withdrawn")))
    confirmed = mask(pc.equal(columns["status"], "confirmed"))
    _fill_confirmation(columns, confirmed, found)
    _check_case_order(columns, confirmed, found)


def check_newcomer(columns: dict[str, pa.Array], found: Findings) -> None:
    """Rules of a newcomer."""
    found.reject("arrived-on-missing", "arrived_on", _unsaid(columns, "arrived_on", found))
    early = _before(columns["quarantine_until"], columns["arrived_on"])
    found.reject("dates-out-of-order", "quarantine_until", early)
    gone = _before(columns["left_on"], columns["arrived_on"])
    found.reject("dates-out-of-order", "left_on", gone)


def check_place(columns: Mapping[str, pa.Array], today: date, found: Findings) -> None:
    """Rules of a place."""
    found.reject("name-missing", "name", _unsaid(columns, "name", found))
    found.reject("place-kind-missing", "place_kind", _unsaid(columns, "place_kind", found))
    # A day's grace: the city's own day begins before UTC's.
    limit = pa.scalar(datetime.combine(today + timedelta(days=2), time()), pa.timestamp("us"))
    found.reject("date-in-future", "updated_at", mask(pc.greater(columns["updated_at"], limit)))
    found.warn("over-capacity", "in_use", _before(columns["capacity"], columns["in_use"]))


def check_indicator(columns: Mapping[str, pa.Array], found: Findings) -> None:
    """Rules of an indicator: what, where, when, how much."""
    found.reject("indicator-missing", "indicator", _unsaid(columns, "indicator", found))
    nowhere = ~valid(pc.coalesce(*(columns[name] for name in ("area", "kelurahan", "kecamatan"))))
    found.reject("area-missing", "area", nowhere)
    found.reject("day-missing", "date", _unsaid(columns, "date", found))
    found.reject("value-missing", "value", _unsaid(columns, "value", found))
    below = np.flatnonzero(mask(pc.less(columns["value"], 0)))
    impossible = np.zeros(len(columns["value"]), dtype=bool)
    for row in below:
        name, unit = (columns[each][row].as_py() for each in ("indicator", "unit"))
        impossible[row] = name is not None and never_negative(name, unit)
    found.reject("count-negative", "value", impossible)


def check_identity(
    columns: Mapping[str, pa.Array], persons: pa.Array, kind: Kind, found: Findings
) -> None:
    """Something must say who or where."""
    some = valid(persons)
    for name in (kind.key, "nik", "kk", "address", "kelurahan", "lon"):
        some = some | valid(columns[name])
    found.reject("no-identity", "", ~some)


def _fill_confirmation(columns: dict[str, pa.Array], confirmed: Mask, found: Findings) -> None:
    lacking = confirmed & _unsaid(columns, "confirmed_on", found)
    # A result comes neither before its specimen nor, as a rule, long after its report.
    best = pc.max_element_wise(columns["specimen_on"], columns["reported_on"])
    filled = lacking & valid(best)
    found.warn("confirmed-on-assumed", "confirmed_on", filled)
    found.reject("confirmed-on-missing", "confirmed_on", lacking & ~filled)
    columns["confirmed_on"] = pc.if_else(pa.array(filled), best, columns["confirmed_on"])


def _check_case_order(columns: dict[str, pa.Array], confirmed: Mask, found: Findings) -> None:
    outcome, ended = columns["outcome"], columns["outcome_on"]
    has_outcome = valid(outcome)
    # A date of the last status is no date of an outcome that has not come.
    columns["outcome_on"] = ended = pc.if_else(pa.array(has_outcome), ended, None)
    found.warn("outcome-without-date", "outcome_on", has_outcome & ~valid(ended))
    died = mask(pc.equal(outcome, "died"))
    early = confirmed & _before(ended, columns["confirmed_on"])
    # Deaths are often confirmed after the burial; nobody recovers before being found ill.
    found.warn("outcome-before-confirmed", "outcome_on", early & died)
    found.reject("dates-out-of-order", "outcome_on", early & ~died)
    ill_later = _before(ended, columns["onset_on"])
    found.reject("dates-out-of-order", "onset_on", ill_later)
    late = confirmed & _before(columns["confirmed_on"], columns["specimen_on"])
    found.warn("specimen-after-confirmed", "specimen_on", late)
    later = day_numbers(columns["onset_on"]).astype(np.int64) - day_numbers(columns["confirmed_on"])
    both = valid(columns["onset_on"]) & valid(columns["confirmed_on"])
    found.warn("onset-after-confirmed", "onset_on", confirmed & both & (later > _INCUBATION))


def _unsaid(columns: Mapping[str, pa.Array], name: str, found: Findings) -> Mask:
    """Rows blank in a column; a cell that cannot be read has its own reason already."""
    blank = ~valid(columns[name])
    for reason in found.reasons:
        if reason.field == name:
            blank &= ~reason.rows
    return blank


def _before(first: pa.Array, second: pa.Array) -> Mask:
    return mask(pc.less(first, second))
