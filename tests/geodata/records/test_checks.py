"""The check of every row: accepted records, rejected rows with reasons, warnings, keys."""

import json
import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import RecordError
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CASES, NEWCOMERS, CheckedSheet, Kind, check_sheet
from geodata.records.keys import content_digests
from geodata.records.parsing.points import CityReference
from geodata.tables import sheet_from_frame
from tests.zones import JAKARTA

TODAY = date(2021, 9, 9)
EXTENT = (110.27, -7.12, 110.51, -6.93)
NOWHERE = np.empty((0, 2))
CITY = CityReference(EXTENT, "EPSG:32749", NOWHERE, NOWHERE)
KEY = Pseudonymiser(b"a secret of sixteen and more")
NIK = "0000060101900017"
GOOD = {"case_id": "A-1", "status": "Konfirmasi", "confirmed_on": "2021-09-01"}
ARRIVED = {"newcomer_id": "N-1", "arrived_on": "2021-09-01"}


def _check(*rows: dict[str, Any], kind: Kind = CASES, today: date = TODAY) -> CheckedSheet:
    frame = pd.DataFrame(list(rows)).astype(object)
    return check_sheet(
        sheet_from_frame(frame.where(frame.notna(), None)),
        kind,
        KEY,
        today=today,
        timezone=JAKARTA,
        city=CITY,
    )


def _columns(records: pa.Table) -> dict[str, pa.Array]:
    return {name: records[name].combine_chunks() for name in records.column_names}


def _reasons(checked: CheckedSheet) -> list[list[tuple[str, str]]]:
    reason_lists = [json.loads(text) for text in checked.rejected["reasons"].to_pylist()]
    return [[(reason["code"], reason["field"]) for reason in row] for row in reason_lists]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"status": None}, "status-missing", "status"),
        ({"status": "sakit"}, "status-unknown", "status"),
        ({"confirmed_on": None}, "confirmed-on-missing", "confirmed_on"),
        ({"confirmed_on": "31/02/2021"}, "date-impossible", "confirmed_on"),
        ({"confirmed_on": "2021-09-10"}, "date-in-future", "confirmed_on"),
        ({"onset_on": "2022-01-01"}, "date-in-future", "onset_on"),
        ({"confirmed_on": "1990-01-01"}, "date-too-early", "confirmed_on"),
        (
            {"outcome": "sembuh", "outcome_on": "2021-08-31"},
            "dates-out-of-order",
            "outcome_on",
        ),
        (
            {"outcome": "died", "outcome_on": "2021-09-02", "onset_on": "2021-09-03"},
            "dates-out-of-order",
            "onset_on",
        ),
        ({"case_id": None}, "no-identity", ""),
        ({"case_id": "-", "nik": "n/a"}, "no-identity", ""),
    ],
)
def test_a_bad_case_is_rejected_with_its_reason_and_a_good_case_is_accepted(
    changes: dict[str, Any], code: str, field: str
) -> None:
    checked = _check(GOOD | {"case_id": "A-0"}, GOOD | changes)
    assert _reasons(checked) == [[(code, field)]]
    assert checked.reasons == {code: 1}
    assert checked.rejected["row_number"].to_pylist() == [3]
    assert checked.accepted["case_id"].to_pylist() == ["A-0"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"arrived_on": None}, "arrived-on-missing", "arrived_on"),
        ({"arrived_on": "2021-09-10"}, "date-in-future", "arrived_on"),
        ({"quarantine_until": "2021-08-31"}, "dates-out-of-order", "quarantine_until"),
        ({"tested_on": "soon"}, "date-impossible", "tested_on"),
    ],
)
def test_a_bad_newcomer_is_rejected_with_its_reason(
    changes: dict[str, Any], code: str, field: str
) -> None:
    checked = _check(ARRIVED | {"newcomer_id": "N-0"}, ARRIVED | changes, kind=NEWCOMERS)
    assert _reasons(checked) == [[(code, field)]]


def test_a_quarantine_may_end_in_the_future() -> None:
    checked = _check(ARRIVED | {"quarantine_until": "2021-09-15"}, kind=NEWCOMERS)
    assert checked.accepted["quarantine_until"].to_pylist() == [date(2021, 9, 15)]


def test_the_current_day_is_accepted() -> None:
    assert _check(GOOD | {"confirmed_on": TODAY.isoformat()}).rejected.num_rows == 0


def test_every_reason_of_a_row_is_reported() -> None:
    [reasons] = _reasons(_check(GOOD | {"status": "?!", "onset_on": "x"}))
    assert sorted(reasons) == [
        ("date-impossible", "onset_on"),
        ("status-unknown", "status"),
    ]


@pytest.mark.parametrize(
    ("changes", "code", "column", "value"),
    [
        (
            {"confirmed_on": None, "specimen_on": "2021-08-30", "reported_on": "2021-09-02"},
            "confirmed-on-assumed",
            "confirmed_on",
            date(2021, 9, 2),
        ),
        (
            {"confirmed_on": None, "specimen_on": "2021-08-30"},
            "confirmed-on-assumed",
            "confirmed_on",
            date(2021, 8, 30),
        ),
        ({"outcome": "pindah"}, "outcome-unknown", "outcome", None),
        ({"outcome": "Sembuh"}, "outcome-without-date", "outcome", "recovered"),
        (
            {"outcome": "Meninggal", "outcome_on": "2021-08-31"},
            "outcome-before-confirmed",
            "outcome_on",
            date(2021, 8, 31),
        ),
        (
            {"specimen_on": "2021-09-02"},
            "specimen-after-confirmed",
            "specimen_on",
            date(2021, 9, 2),
        ),
        ({"nik": "3.37406E+15"}, "nik-mangled", "nik", None),
        ({"nik": "0" * 16}, "nik-unusable", "nik", None),
        ({"kk": "17"}, "kk-unusable", "kk", None),
        ({"rt": "depan"}, "rt-unreadable", "rt", None),
        ({"lon": "110.4"}, "coordinates-incomplete", "lon", None),
        ({"lon": "east", "lat": "-7"}, "coordinates-not-numbers", "lat", None),
    ],
)
def test_a_doubtful_row_is_accepted_with_a_warning(
    changes: dict[str, Any], code: str, column: str, value: object
) -> None:
    checked = _check(GOOD | changes)
    assert checked.accepted[column].to_pylist() == [value]
    assert checked.warnings == {code: 1}


def test_the_date_of_a_status_is_no_date_of_an_outcome() -> None:
    checked = _check(GOOD | {"outcome": "4", "outcome_on": "2021-09-05"})
    assert checked.accepted["outcome_on"].to_pylist() == [None]


def test_of_several_columns_of_a_field_the_first_that_is_not_blank_counts() -> None:
    home = GOOD | {"Alamat identitas": "Jl. KTP 1", "Alamat domisili": "Jl. Rumah 2"}
    card = GOOD | {"case_id": "A-2", "Alamat identitas": "Jl. KTP 1", "Alamat domisili": "-"}
    checked = _check(home, card)
    assert checked.accepted["address"].to_pylist() == ["Jl. Rumah 2", "Jl. KTP 1"]


def test_a_status_may_contain_the_outcome() -> None:
    checked = _check(GOOD | {"status": "Positif Meninggal", "outcome_on": "2021-09-05"})
    assert checked.accepted["status"].to_pylist() == ["confirmed"]
    assert checked.accepted["outcome"].to_pylist() == ["died"]


def test_without_a_column_of_status_a_row_with_a_confirmation_date_is_confirmed() -> None:
    checked = _check({"case_id": "A", "confirmed_on": "2021-09-01"}, {"case_id": "B"})
    assert checked.accepted["status"].to_pylist() == ["confirmed"]
    assert checked.reasons == {"status-missing": 1}
    assert checked.warnings == {"status-assumed": 1}


def test_a_file_with_most_coordinates_swapped_is_refused() -> None:
    swapped = [GOOD | {"case_id": str(k), "lon": -7.0, "lat": 110.4} for k in range(3)]
    correct = [GOOD | {"case_id": "r" + str(k), "lon": 110.4, "lat": -7.0} for k in range(2)]
    without_coordinates = [GOOD | {"case_id": "n" + str(k)} for k in range(9)]
    with pytest.raises(RecordError, match="swapped") as error:
        _check(*swapped, *correct, *without_coordinates)
    assert error.value.code == "swapped-axes"


def test_a_file_with_half_of_the_coordinates_swapped_is_corrected() -> None:
    points = [(110.4001, -7.0001), (-7.0001, 110.4001)] * 2
    checked = _check(
        *(GOOD | {"case_id": str(k), "lon": x, "lat": y} for k, (x, y) in enumerate(points))
    )
    assert checked.rejected.num_rows == 0
    assert checked.warnings == {"coordinates-swapped": 2}
    assert set(checked.accepted["lon"].to_pylist()) == {110.4001}
    assert checked.accepted["point_reading"].to_pylist() == [None, "exchanged"] * 2


def test_no_case_is_rejected_for_its_coordinates() -> None:
    points = [("110.4001", "-7.0001"), ("0", "0"), ("x", "y"), ("110.4", ""), ("12.3", "45.6")]
    rows = [GOOD | {"case_id": str(k), "lon": x, "lat": y} for k, (x, y) in enumerate(points)]
    checked = _check(*rows)
    assert checked.rejected.num_rows == 0
    assert checked.accepted["point_reading"].to_pylist() == [
        None,
        "zero",
        "unreadable",
        "incomplete",
        "outside",
    ]


def test_another_form_of_the_same_coordinates_is_no_correction() -> None:
    plain = _check(GOOD | {"lon": "110.4001", "lat": "-7.0001"}).accepted
    swapped = _check(
        GOOD | {"lon": "-7.0001", "lat": "110.4001"},
        *(GOOD | {"case_id": str(k), "lon": "110.4001", "lat": "-7.0001"} for k in range(2)),
    ).accepted
    digests = [
        content_digests(_columns(records), CASES).to_pylist() for records in (plain, swapped)
    ]
    assert digests[0] == digests[1][-1:]


def test_names_and_phones_are_never_stored() -> None:
    rows = [
        GOOD | {"Nama": "Budiman", "No HP": "081234567890", "nik": NIK, "address": f"Jl. 3 {NIK}"},
        GOOD | {"Nama": "Budiman", "No HP": "081234567890", "nik": NIK, "status": f"? {NIK}"},
        {"case_id": NIK, "status": "positif", "confirmed_on": "2021-09-01", "Nama": "Budiman"},
    ]
    checked = _check(*rows)
    assert (checked.accepted.num_rows, checked.rejected.num_rows) == (2, 1)
    stored = f"{checked.accepted.to_pylist()}{checked.rejected.to_pylist()}"
    for secret in ("Budiman", "081234567890", NIK):
        assert secret not in stored


def test_a_nik_is_a_pseudonym_in_a_rejected_row_too() -> None:
    checked = _check(GOOD | {"nik": NIK}, GOOD | {"nik": NIK, "status": "?!"})
    assert checked.accepted["nik"].to_pylist() == [KEY.nik(NIK)]
    [record] = checked.rejected["record"].to_pylist()
    assert json.loads(record)["nik"] == KEY.sign_pseudonym("nik", KEY.nik(NIK))


# --- keys ---------------------------------------------------------------------------------------

NAMELESS = {"status": "positif", "confirmed_on": "2021-09-01", "kelurahan": "Miroto", "rt": "1"}


def test_an_identical_row_is_the_same_record() -> None:
    checked = _check(GOOD, GOOD, GOOD)
    assert checked.accepted["count"].to_pylist() == [3]


def test_different_rows_of_one_record_stay_separate_in_the_order_of_the_file() -> None:
    checked = _check(GOOD | {"rt": "9"}, GOOD | {"rt": "5"}, GOOD | {"rt": "5"})
    assert checked.accepted["rt"].to_pylist() == [9, 5]
    assert checked.accepted["count"].to_pylist() == [1, 2]
    assert checked.reasons == {}


def test_without_a_number_the_key_depends_on_nik_and_day() -> None:
    row = {"nik": NIK, "status": "positif", "confirmed_on": "2021-09-01"}
    other_episode = row | {"confirmed_on": "2021-06-01"}
    checked = _check(row, row | {"outcome": "sembuh", "outcome_on": "2021-09-08"}, other_episode)
    assert len(set(checked.accepted["case_id"].to_pylist())) == 2


def test_without_a_nik_the_key_depends_on_the_name() -> None:
    checked = _check(
        NAMELESS | {"nama": "Ani"}, NAMELESS | {"nama": "Budi"}, NAMELESS | {"nama": "ANI "}
    )
    assert sorted(checked.accepted["count"].to_pylist()) == [1, 2]


def test_two_equal_rows_without_a_name_are_two_people_with_stable_keys() -> None:
    first, second = _check(NAMELESS, NAMELESS), _check(NAMELESS, NAMELESS)
    assert first.accepted.num_rows == 2
    assert first.accepted["case_id"] == second.accepted["case_id"]


def test_keys_depend_on_the_secret() -> None:
    other_pseudonymiser = Pseudonymiser(b"another secret of sixteen")
    frame = pd.DataFrame([NAMELESS | {"nik": NIK}])
    keys = {
        check_sheet(sheet_from_frame(frame), CASES, pseudonymiser, today=TODAY, timezone=JAKARTA)
        .accepted["case_id"][0]
        .as_py()
        for pseudonymiser in (KEY, other_pseudonymiser)
    }
    assert len(keys) == 2


FEW = settings(max_examples=40, deadline=None)
maybe = st.none() | st.just("")
row = st.fixed_dictionaries(
    {
        "case_id": maybe | st.sampled_from(["A", "B", "C"]),
        "nik": maybe | st.sampled_from([NIK, "0000060101900018", "12"]),
        "status": st.sampled_from(["Konfirmasi", "suspek", "x", ""]),
        "confirmed_on": maybe | st.dates(TODAY - timedelta(9), TODAY + timedelta(3)).map(str),
        "rt": maybe | st.sampled_from(["1", "RT 02", "V"]),
        "kelurahan": maybe | st.sampled_from(["Miroto", "Tembalang"]),
        "lon": maybe | st.sampled_from(["110,4", "110.41", "0"]),
        "lat": maybe | st.sampled_from(["-7", "-7.05", "0"]),
    }
)


@FEW
@given(
    rows=st.lists(row, min_size=1, max_size=12).filter(lambda rows: any(r["status"] for r in rows))
)
def test_every_row_is_either_accepted_or_rejected(rows: list[dict[str, Any]]) -> None:
    checked = _check(*rows)
    accepted = sum(checked.accepted["count"].to_pylist())
    assert checked.read == accepted + checked.rejected.num_rows
    assert sum(checked.reasons.values()) == checked.rejected.num_rows
    keys = checked.accepted["case_id"].to_pylist()
    assert keys == sorted(keys)


@FEW
@given(rows=st.lists(row, min_size=1, max_size=12), seed=st.integers(0, 99))
def test_the_order_of_consistent_rows_does_not_matter(
    rows: list[dict[str, Any]], seed: int
) -> None:
    first_cases: dict[object, dict[str, Any]] = {}
    for position, case in enumerate(rows):
        key = case["case_id"] or case["nik"] or position
        first_cases.setdefault(key, case)
    rows = [row | {"status": row["status"] or "suspek"} for row in first_cases.values()]
    rows += rows[:2]
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311
    in_order, in_other_order = _check(*rows), _check(*shuffled)
    assert in_order.accepted.drop_columns("position") == in_other_order.accepted.drop_columns(
        "position"
    )
    assert sorted(in_order.rejected["digest"].to_pylist()) == sorted(
        in_other_order.rejected["digest"].to_pylist()
    )
