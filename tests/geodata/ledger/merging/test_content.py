"""Each value of a merged record comes from the row or from the known record."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from geodata.ledger.merging.content import (
    MergeResult,
    align_records,
    content_names,
    contradicts,
    merge_rows,
    same_content,
)
from geodata.records import CASES, INDICATORS, NEWCOMERS, PLACES, Kind
from tests.geodata.ledger.record_tables import checked_rows, known_records, merge_context

JULY = date(2021, 7, 1)
KNOWN: dict[str, Any] = {
    "nik": "n1",
    "kk": "k1",
    "address": "Jl. Contoh 5",
    "rt": 2,
    "rw": 1,
    "kelurahan": "Tembalang",
    "kecamatan": "Tembalang",
    "lon": 110.4065,
    "lat": -6.9985,
    "point_reading": "minutes",
    "status": "confirmed",
    "confirmed_on": JULY,
    "onset_on": date(2021, 6, 28),
    "specimen_on": date(2021, 6, 30),
    "reported_on": date(2021, 7, 2),
    "outcome": "recovered",
    "outcome_on": date(2021, 7, 12),
    "person": "p1",
    "non_resident": True,
    "withdrawn": False,
}
OTHER: dict[str, Any] = {
    "kk": "k2",
    "lon": 110.4066,
    "lat": -6.9984,
    "status": "probable",
    "confirmed_on": date(2021, 7, 3),
    "onset_on": date(2021, 6, 27),
    "specimen_on": date(2021, 7, 1),
    "reported_on": date(2021, 7, 4),
    "outcome_on": date(2021, 7, 13),
    "person": "p2",
}
PLACE: dict[str, Any] = {
    "place_kind": "hospital",
    "name": "RS Contoh",
    "address": "Jl. Contoh 5",
    "rt": 2,
    "kelurahan": "Tembalang",
    "lon": 110.4065,
    "lat": -6.9985,
    "capacity": 50,
    "in_use": 20,
    "hours": "24",
}
INDICATOR: dict[str, Any] = {
    "indicator": "doses",
    "area": "33.74",
    "date": JULY,
    "value": 5.0,
    "unit": "dose",
}


def merge_all(
    pairs: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any]]],
    kind: Kind = CASES,
    *,
    by_person: bool = False,
    replace: bool = False,
) -> MergeResult:
    """Merge pairs of a known record (None: no record) and a row."""
    pairs = list(pairs)
    known = known_records(*(record for record, _ in pairs if record is not None), kind=kind)
    rows = checked_rows(*(row for _, row in pairs), kind=kind)
    present = np.array([record is not None for record, _ in pairs])
    positions = np.where(present, np.cumsum(present) - 1, -1)
    base = align_records(known, positions, rows, kind)
    searched = np.full(len(pairs), by_person)
    return merge_rows(base, present, rows, searched, merge_context(kind, replace=replace))


def merge(
    known: Mapping[str, Any] | None, row: Mapping[str, Any], kind: Kind = CASES, **options: bool
) -> dict[str, Any]:
    """The record after an accepted row."""
    result = merge_all([(known, row)], kind, **options)
    assert (result.rejections, result.present.tolist()) == ([], [True])
    [record] = result.records.to_pylist()
    return dict(record)


def test_content_has_every_stored_field_and_last_what_is_no_correction() -> None:
    fields = [field.name for field in CASES.stored_fields]
    assert content_names(CASES) == [*fields, "point_reading", "non_resident", "person"]
    assert content_names(PLACES)[-2:] == ["updated_at", "point_reading"]
    assert content_names(INDICATORS)[-2:] == ["value", "unit"]


def test_a_known_record_is_aligned_with_its_row_and_gets_the_types_of_the_rows() -> None:
    known = known_records({"rt": 1}, {"rt": 2, "withdrawn": True})
    known = known.set_column(
        known.column_names.index("rt"), "rt", pa.array([1, 2], type=pa.int16())
    )
    base = align_records(known, [1, -1, 0], checked_rows({}), CASES)
    assert base["rt"].type == pa.int64()
    assert base["rt"].to_pylist() == [2, None, 1]
    assert base["withdrawn"].to_pylist() == [True, None, False]
    assert base.column_names == [*content_names(CASES), "withdrawn"]
    assert align_records(known, [0], checked_rows({}), CASES)["rt"].to_pylist() == [1]


def test_a_row_without_values_changes_nothing() -> None:
    assert merge(KNOWN, {}) == KNOWN


def test_a_new_record_has_the_values_of_its_row() -> None:
    assert merge(None, KNOWN) == KNOWN


@pytest.mark.parametrize("name", sorted(OTHER))
def test_a_value_of_the_row_replaces_only_this_value(name: str) -> None:
    names = ("lon", "lat") if name in ("lon", "lat") else (name,)
    changed = {name: OTHER[name] for name in names}
    expected = KNOWN | changed
    if name in {"lon", "lat"}:
        expected |= {"point_reading": None}
    assert merge(KNOWN, changed) == expected


@pytest.mark.parametrize("name", ["kk", "confirmed_on", "onset_on", "specimen_on", "reported_on"])
def test_a_cleared_value_is_removed(name: str) -> None:
    known = KNOWN | {"status": "suspect"}
    result = merge_all([(known, {"cleared": f"address,{name}"}), (known, {})])
    assert result.records.to_pylist() == [known | {"address": None, name: None}, known]


@pytest.mark.parametrize("name", ["address", "rt", "rw", "kelurahan", "kecamatan"])
def test_a_cleared_part_of_the_place_is_removed(name: str) -> None:
    assert merge(KNOWN, {"cleared": name}) == KNOWN | {name: None}


@pytest.mark.parametrize("name", ["lon", "lat"])
def test_a_cleared_coordinate_removes_the_point(name: str) -> None:
    assert merge(KNOWN, {"cleared": name}) == KNOWN | dict.fromkeys(("lon", "lat", "point_reading"))


def test_a_cleared_value_is_replaced_by_the_value_of_the_row() -> None:
    assert merge(KNOWN, {"cleared": "kk", "kk": "k3"})["kk"] == "k3"


@pytest.mark.parametrize(
    ("known", "row", "assumed", "merged"),
    [
        ("confirmed", "suspect", False, "suspect"),
        ("confirmed", None, False, "confirmed"),
        ("confirmed", "probable", True, "confirmed"),
        ("discarded", "probable", True, "discarded"),
        ("discarded", "confirmed", True, "discarded"),
        ("suspect", "probable", True, "probable"),
        ("contact", "probable", True, "probable"),
        ("probable", "suspect", True, "probable"),
        ("suspect", "confirmed", True, "confirmed"),
        ("probable", "confirmed", True, "confirmed"),
        ("contact", "confirmed", True, "confirmed"),
        (None, "probable", True, "probable"),
    ],
)
def test_a_status_that_a_row_only_implies_raises_and_never_lowers(
    known: str | None,
    row: str | None,
    assumed: bool,  # noqa: FBT001
    merged: str,
) -> None:
    record = {"status": known} | ({"confirmed_on": JULY} if known == "confirmed" else {})
    status = {"status": row, "confirmed_on": JULY, "assumed": "status" if assumed else None}
    assert merge(record, status)["status"] == merged


def test_an_implied_confirmation_does_not_raise_a_record_that_was_confirmed_before() -> None:
    """A suspect with a day of confirmation is a case that somebody set back."""
    row = {"status": "confirmed", "confirmed_on": JULY, "assumed": "status"}
    assert merge({"status": "suspect", "confirmed_on": JULY}, row)["status"] == "suspect"


RECOVERED = ("recovered", date(2021, 7, 12))
LATER = date(2021, 7, 20)


@pytest.mark.parametrize(
    ("known", "row", "cleared", "merged"),
    [
        (RECOVERED, (None, None), None, RECOVERED),
        (RECOVERED, ("recovered", None), None, RECOVERED),
        (RECOVERED, ("recovered", LATER), None, ("recovered", LATER)),
        (RECOVERED, (None, LATER), None, ("recovered", LATER)),
        (RECOVERED, ("died", None), None, ("died", None)),
        (RECOVERED, ("died", LATER), None, ("died", LATER)),
        (RECOVERED, (None, None), "outcome", (None, None)),
        (RECOVERED, (None, None), "outcome_on", ("recovered", None)),
        (RECOVERED, (None, LATER), "outcome_on", ("recovered", LATER)),
        ((None, None), ("died", LATER), None, ("died", LATER)),
    ],
)
def test_an_outcome_and_its_date_are_merged_together(
    known: tuple[str | None, date | None],
    row: tuple[str | None, date | None],
    cleared: str | None,
    merged: tuple[str | None, date | None],
) -> None:
    names = ("outcome", "outcome_on")
    record = KNOWN | dict(zip(names, known, strict=True))
    result = merge(record, dict(zip(names, row, strict=True)) | {"cleared": cleared})
    assert (result["outcome"], result["outcome_on"]) == merged


FIRST_DATES = {"confirmed_on": JULY, "specimen_on": date(2021, 6, 30)}


@pytest.mark.parametrize(
    ("days", "by_person", "replace", "confirmed_on", "specimen_on"),
    [
        (14, True, False, 14, True),
        (15, True, False, 0, True),
        (15, True, True, 15, False),
        (15, False, False, 15, True),
        (-14, True, False, -14, True),
        (-15, True, False, -15, False),
        (-15, True, True, -15, False),
        (0, True, False, 0, True),
        (0, True, True, 0, True),
    ],
)
def test_of_two_distant_tests_of_a_person_the_dates_of_the_first_are_kept_together(
    days: int,
    by_person: bool,  # noqa: FBT001
    replace: bool,  # noqa: FBT001
    confirmed_on: int,
    specimen_on: bool,  # noqa: FBT001
) -> None:
    known = {"nik": "n", "status": "suspect"} | FIRST_DATES
    row = {"nik": "n", "confirmed_on": JULY + timedelta(days), "reported_on": JULY}
    record = merge(known, row, by_person=by_person, replace=replace)
    uses_row = confirmed_on != 0 or days == 0
    assert record["confirmed_on"] == JULY + timedelta(confirmed_on)
    assert record["specimen_on"] == (FIRST_DATES["specimen_on"] if specimen_on else None)
    assert record["reported_on"] == (JULY if uses_row else None)


def test_a_record_or_row_without_a_date_is_no_distant_test() -> None:
    known, row = {"nik": "n", "status": "suspect"}, {"nik": "n"} | FIRST_DATES
    assert merge(known, row, by_person=True)["confirmed_on"] == JULY
    assert merge(known | FIRST_DATES, {"nik": "n"}, by_person=True)["confirmed_on"] == JULY


def test_a_distant_test_of_one_row_does_not_change_the_dates_of_other_rows() -> None:
    known = {"nik": "n", "status": "suspect"} | FIRST_DATES
    days = (20, 3, -20)
    rows = [{"nik": "n", "confirmed_on": JULY + timedelta(number)} for number in days]
    result = merge_all([(known, row) for row in rows], by_person=True)
    merged = [(day - JULY).days for day in result.records["confirmed_on"].to_pylist()]
    assert merged == [0, 3, -20]
    assert result.records["specimen_on"].is_valid().to_pylist() == [True, True, False]


def test_an_assumed_day_of_confirmation_fills_and_does_not_replace_a_known_day() -> None:
    row = {"confirmed_on": LATER, "reported_on": LATER, "assumed": "status,confirmed_on"}
    known = {"status": "suspect", "confirmed_on": JULY, "reported_on": JULY}
    record = merge(known, row)
    assert (record["confirmed_on"], record["reported_on"]) == (JULY, LATER)
    assert merge(known | {"confirmed_on": None}, row)["confirmed_on"] == LATER
    both = merge_all([(known, row), (known, row | {"assumed": None})])
    assert both.records["confirmed_on"].to_pylist() == [JULY, LATER]


@pytest.mark.parametrize(
    ("known", "row", "is_stated", "place", "merged"),
    [
        (True, False, False, {}, True),
        (True, False, True, {}, False),
        (True, False, False, {"rt": 3}, False),
        (False, True, False, {}, False),
        (False, True, True, {}, True),
        (None, True, False, {}, True),
    ],
)
def test_a_person_lives_elsewhere_until_a_row_names_a_city_or_another_place(
    known: bool | None,  # noqa: FBT001
    row: bool,  # noqa: FBT001
    is_stated: bool,  # noqa: FBT001
    place: dict[str, Any],
    merged: bool,  # noqa: FBT001
) -> None:
    values = {"non_resident": row, "residence_said": is_stated} | place
    assert merge(KNOWN | {"non_resident": known}, values)["non_resident"] is merged


@pytest.mark.parametrize(
    ("known", "row", "is_withdrawn"),
    [
        (False, {}, False),
        (True, {}, True),
        (True, {"status": "confirmed"}, False),
        (True, {"status": "confirmed", "assumed": "status"}, True),
        (False, {"status": "withdrawn"}, True),
        (None, {}, False),
    ],
)
def test_a_row_with_a_status_ends_the_withdrawal_of_a_case(
    known: bool | None,  # noqa: FBT001
    row: dict[str, Any],
    is_withdrawn: bool,  # noqa: FBT001
) -> None:
    assert merge(KNOWN | {"withdrawn": known}, row)["withdrawn"] is is_withdrawn


def test_any_row_ends_the_withdrawal_of_a_record_that_is_no_case() -> None:
    assert merge(PLACE | {"withdrawn": True}, {}, PLACES)["withdrawn"] is False
    newcomer = {"arrived_on": JULY, "withdrawn": True}
    assert merge(newcomer, {}, NEWCOMERS)["withdrawn"] is False


def test_a_place_keeps_values_that_a_row_leaves_out() -> None:
    known = dict.fromkeys(name for name in [*content_names(PLACES)]) | PLACE
    assert merge(known, {"in_use": 25}, PLACES) == known | {"in_use": 25, "withdrawn": False}
    moved = merge(known, {"rt": 3}, PLACES)
    assert (moved["rt"], moved["lon"], moved["name"]) == (3, None, "RS Contoh")


def test_another_area_of_an_indicator_replaces_all_its_areas() -> None:
    known = dict.fromkeys(content_names(INDICATORS)) | INDICATOR | {"withdrawn": False}
    assert merge(known, {"value": 6.0}, INDICATORS) == known | {"value": 6.0}
    for name in ("kelurahan", "kecamatan"):
        area = {"area": None, name: "Tembalang"}
        assert merge(known, area, INDICATORS) == known | area


def test_a_row_of_another_person_is_rejected_and_changes_nothing() -> None:
    result = merge_all(
        [
            (KNOWN, {"nik": "n2", "rt": 3}),
            (KNOWN, {"nik": "n1", "rt": 3}),
            (None, KNOWN | {"nik": "n2"}),
            (KNOWN | {"withdrawn": None}, {"nik": "n2"}),
        ]
    )
    [rejection] = result.rejections
    assert (rejection.code, rejection.field) == ("id-reused", "case_id")
    assert rejection.rows.tolist() == [True, False, False, True]
    assert result.present.tolist() == [True] * 4
    assert result.records["rt"].to_pylist() == [2, 3, 2, 2]
    assert result.records.slice(0, 1).to_pylist() == [KNOWN]


def test_replace_accepts_another_nik_in_the_same_house() -> None:
    assert merge(KNOWN, {"nik": "n2", "address": "Jl. Contoh 5"}, replace=True)["nik"] == "n2"


def test_the_number_of_a_withdrawn_record_is_free_for_another_person() -> None:
    row = {"nik": "n2", "status": "suspect", "reported_on": JULY, "address": "Jl. Lain 1"}
    withdrawn = KNOWN | {"withdrawn": True}
    result = merge_all([(withdrawn, row), (withdrawn, {"nik": "n1"}), (KNOWN, row)])
    other, same, taken = result.records.to_pylist()
    empty = dict.fromkeys(KNOWN) | {"non_resident": False, "withdrawn": False}
    assert other == empty | row
    assert same == withdrawn
    assert taken == KNOWN
    assert [finding.code for finding in result.rejections] == ["id-reused"]
    assert result.rejections[0].rows.tolist() == [False, False, True]


def test_a_record_that_breaks_a_rule_after_merging_stays_as_it_was() -> None:
    early = {"outcome": "recovered", "outcome_on": date(2021, 6, 30)}
    known = KNOWN | {"outcome": None, "outcome_on": None}
    result = merge_all([(known, early), (known, {}), (None, {}), (None, {"rt": 2})])
    reasons = {finding.code: finding.rows.tolist() for finding in result.rejections}
    assert reasons == {
        "dates-out-of-order": [True, False, False, False],
        "status-missing": [False, False, True, True],
    }
    assert result.present.tolist() == [True, True, False, False]
    assert result.records.slice(0, 2).to_pylist() == [known, known]


def test_a_known_record_that_breaks_a_rule_is_not_rejected_before_it_changes() -> None:
    known = KNOWN | {"outcome_on": date(2021, 6, 1)}
    assert merge(known, {}) == known
    assert [finding.code for finding in merge_all([(known, {"kk": "k2"})]).rejections] == [
        "dates-out-of-order",
        "dates-out-of-order",
    ]


def test_two_versions_are_equal_if_no_stored_value_differs() -> None:
    known, empty = known_records(KNOWN), known_records({})
    names = [*(field.name for field in CASES.stored_fields), "non_resident", "withdrawn"]
    for name in names:
        value = not KNOWN[name] if isinstance(KNOWN[name], bool) else OTHER.get(name)
        changed = KNOWN | {name: value}
        assert same_content(known, known_records(changed), CASES).tolist() == [False], name
        only = known_records({name: KNOWN[name] if name != "withdrawn" else True})
        assert same_content(only, empty, CASES).tolist() == [False], name
    assert same_content(known, known, CASES).tolist() == [True]
    assert same_content(empty, empty, CASES).tolist() == [True]


def test_how_a_point_was_read_and_an_unknown_flag_are_no_difference() -> None:
    others = ({"point_reading": None}, {"person": None})
    for other in others:
        assert same_content(known_records(KNOWN), known_records(KNOWN | other), CASES).all()
    flags = {"non_resident": None, "withdrawn": None}
    assert same_content(known_records({}), known_records(flags), CASES).tolist() == [True]
    place = known_records(PLACE, kind=PLACES)
    assert same_content(place, place, PLACES).tolist() == [True]
    changed = known_records(PLACE | {"capacity": 51}, PLACE, kind=PLACES)
    twice = known_records(PLACE, PLACE, kind=PLACES)
    assert same_content(twice, changed, PLACES).tolist() == [False, True]


def test_a_row_contradicts_a_record_by_another_value_and_not_by_a_missing_value() -> None:
    final = known_records(KNOWN, KNOWN, KNOWN, {})
    rows = checked_rows({}, {"kk": "k2"}, {"kk": "k1", "outcome_on": LATER}, {"kk": "k1"})
    assert contradicts(rows, final, CASES).tolist() == [False, True, True, False]
