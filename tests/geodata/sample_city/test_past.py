"""Versions of records of the sample city; its addresses, newcomers and previous boundaries."""

import re
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from geodata.addresses import Certainty, ColumnReader
from geodata.boundaries import assemble, crosswalk
from geodata.sample_city import REDIVIDED, SampleCity
from tests.geodata.boundaries.kelurahan_shapes import shapes_of

HOUSE = re.compile(r"j(?:alan|ln|l)\.?\s+(\w+)\s+(?:no(?:mor)?\b)?[\s.]*0*(\d+)", re.IGNORECASE)


@pytest.fixture(scope="module")
def reports(city: SampleCity) -> pd.DataFrame:
    """Versions of the usable cases, with the day of recording in Semarang."""
    versions = city.case_reports
    versions = versions[~versions["case_id"].str.startswith("SMG-X")]
    local = versions["recorded_at"] + timedelta(hours=7)
    return versions.assign(day=local.dt.normalize())


@pytest.fixture(scope="module")
def valid_reports(city: SampleCity, reports: pd.DataFrame) -> pd.DataFrame:
    """Versions of the cases that are not withdrawn."""
    return reports[~reports["case_id"].isin(city.withdrawals["id"])]


def final_rows(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    with_key = rows[rows[key].notna()]
    return with_key.drop_duplicates(key, keep="last").set_index(key).sort_index()


@pytest.mark.parametrize("kind", ["cases", "newcomers"])
def test_the_last_version_of_a_record_equals_its_row_in_the_file(
    city: SampleCity, kind: str
) -> None:
    key = {"cases": "case_id", "newcomers": "newcomer_id"}[kind]
    versions = {"cases": city.case_reports, "newcomers": city.newcomer_reports}[kind]
    last = final_rows(versions[~versions[key].isin(city.withdrawals["id"])], key)
    file = final_rows(getattr(city, kind), key)
    assert last.drop(columns="recorded_at").equals(file)


def test_half_of_the_cases_are_reported_on_their_day_and_few_weeks_later(
    valid_reports: pd.DataFrame,
) -> None:
    last = valid_reports.drop_duplicates("case_id", keep="last").set_index("case_id")
    final = valid_reports["case_id"].map(last["confirmed_on"])
    is_final = (valid_reports["status"] == "confirmed") & (valid_reports["confirmed_on"] == final)
    first = valid_reports[is_final].drop_duplicates("case_id")
    delay = (first["day"] - pd.to_datetime(first["confirmed_on"])).dt.days
    assert delay.min() == 0
    assert 0.46 < (delay == 0).mean() < 0.5
    assert 0.7 < (delay <= 1).mean() < 0.76
    assert 0.003 < (delay >= 10).mean() < 0.015
    assert delay.max() > 40


def test_a_record_is_recorded_on_its_report_day(reports: pd.DataFrame) -> None:
    first = reports.drop_duplicates("case_id")
    assert (first["day"] == pd.to_datetime(first["reported_on"])).all()
    assert (reports["day"] >= pd.to_datetime(reports["reported_on"])).all()
    assert reports["recorded_at"].is_monotonic_increasing
    moment = reports["recorded_at"].drop_duplicates()
    assert moment.dt.date.is_unique, "one file a day"


def test_no_outcome_is_recorded_before_its_day(valid_reports: pd.DataFrame) -> None:
    ended = valid_reports[valid_reports["outcome_on"].notna()]
    assert (ended["day"] >= pd.to_datetime(ended["outcome_on"])).all()
    first = valid_reports.drop_duplicates("case_id")
    assert first["outcome"].notna().mean() < 0.02
    last = valid_reports.drop_duplicates("case_id", keep="last")
    assert last.loc[last["status"] == "confirmed", "outcome"].notna().mean() > 0.9


def test_days_rt_and_results_are_corrected(valid_reports: pd.DataFrame) -> None:
    previous = valid_reports.groupby("case_id").shift()
    is_later = valid_reports["case_id"].duplicated()
    assert (
        300
        < (
            is_later
            & (valid_reports["confirmed_on"] != previous["confirmed_on"])
            & (previous["status"] == valid_reports["status"])
            & valid_reports["confirmed_on"].notna()
        ).sum()
        < 3_000
    )
    assert (
        300
        < (is_later & (valid_reports["rt"] != previous["rt"]) & previous["rt"].notna()).sum()
        < 3_000
    )
    transitions = pd.Series(zip(previous["status"], valid_reports["status"], strict=True))[
        is_later.to_numpy()
    ]
    changes = transitions[[old != new for old, new in transitions]].value_counts()
    assert set(changes.index) == {("suspect", "confirmed"), ("confirmed", "discarded")}
    assert changes["suspect", "confirmed"] > 500
    assert changes["confirmed", "discarded"] > 50


def test_a_few_records_are_withdrawn_with_a_reason(city: SampleCity, reports: pd.DataFrame) -> None:
    withdrawals = city.withdrawals.set_index("id")
    assert 10 < len(withdrawals) < 100
    assert len(set(withdrawals["reason"])) > 1
    assert withdrawals["recorded_at"].is_unique
    assert not city.cases["case_id"].isin(withdrawals.index).any()
    withdrawn_reports = reports[reports["case_id"].isin(withdrawals.index)].set_index("case_id")
    assert sorted(withdrawn_reports.index) == sorted(withdrawals.index)
    assert (
        withdrawals.loc[withdrawn_reports.index, "recorded_at"] > withdrawn_reports["recorded_at"]
    ).all()


def test_rt_were_split_merged_and_moved_to_a_new_rw(city: SampleCity) -> None:
    old, new = assemble(city.rt_before), assemble(city.rt)
    assert shapely.coverage_is_valid(shapes_of(city.rt_before))
    assert city.rt_before.dtypes.equals(city.rt.dtypes)
    assert city.rt_before["code"].is_monotonic_increasing
    assert city.rt_before["population"].sum() == city.rt["population"].sum()
    for level in ("kelurahan", "kecamatan", "kota"):
        previous_areas, current_areas = (
            boundaries.level(level).set_index("code") for boundaries in (old, new)
        )
        is_same = shapely.equals_exact(
            previous_areas.geometry, current_areas.geometry, normalize=True
        )
        assert np.asarray(is_same).all(), level
    pairs = crosswalk(old, new)
    targets = pairs.groupby("from")["to"].nunique()
    sources = pairs.groupby("to")["from"].nunique()
    renamed = pairs[(pairs["from"] != pairs["to"]) & (pairs["share"] == 1.0)]
    renamed = renamed[renamed["to"].map(sources) == 1]
    assert 5 < (targets > 1).sum() < 30, "split"
    assert 3 < (sources > 1).sum() < 30, "merged"
    assert 10 < len(renamed) < 60, "another number"
    assert (renamed["from"].str[:13] == renamed["to"].str[:13]).all()
    untouched = pairs[(pairs["from"] == pairs["to"]) & (pairs["share"] == 1.0)]
    assert len(untouched) > len(city.rt) - 150


def test_addresses_before_the_redivision_name_the_previous_rt(city: SampleCity) -> None:
    old, new = set(city.rt_before["code"]), set(city.rt["code"])
    only_old, only_new = old - new, new - old
    names = city.rt.groupby("kelurahan_name")["kelurahan_code"].agg(["first", "nunique"])
    codes = names.loc[names["nunique"] == 1, "first"]
    cases = city.cases.dropna(subset=["rt", "rw", "kelurahan", "confirmed_on"])
    cases = cases[cases["kelurahan"].isin(codes.index) & cases["case_id"].notna()]
    rt_codes = [
        f"{codes[name]}-{int(rw):03d}-{int(rt):03d}"
        for name, rw, rt in zip(cases["kelurahan"], cases["rw"], cases["rt"], strict=True)
    ]
    is_early = (cases["reported_on"] < REDIVIDED.isoformat()).to_numpy()
    names_old_rt = np.array([rt_code in only_old for rt_code in rt_codes])
    names_new_rt = np.array([rt_code in only_new for rt_code in rt_codes])
    assert names_old_rt[is_early].sum() > 10
    assert names_new_rt[~is_early].sum() > 10
    # Some RT numbers are wrong on purpose and can name any RT.
    assert names_new_rt[is_early].sum() <= 2
    assert names_old_rt[~is_early].sum() <= 5


def test_a_house_has_several_spellings(city: SampleCity) -> None:
    cases = city.cases.dropna(subset=["kk", "address"]).drop_duplicates("case_id")
    parts = cases["address"].str.extract(HOUSE)
    assert parts.notna().all(axis=None)
    house = parts[0].str.casefold() + " " + parts[1]
    spellings = cases.groupby("kk")["address"].nunique()
    assert (spellings > 1).sum() > 500
    assert len(set(zip(cases["kk"], house, strict=True))) == cases["kk"].nunique()


def test_tens_of_addresses_need_a_decision(city: SampleCity) -> None:
    rows = city.cases.drop_duplicates("case_id", keep="last")
    columns = {
        name: pa.array(rows[name], pa.string()) for name in ("address", "kelurahan", "kecamatan")
    }
    numbers = {name: pa.array(rows[name].astype("Int64"), pa.int64()) for name in ("rt", "rw")}
    table = pa.table(columns | numbers)
    reader = ColumnReader(assemble(city.rt))
    _, rows_of_rt = reader.find(table)
    unnamed = table.filter(pa.array(rows_of_rt < 0))
    doubts = [
        (reading.area_part, str(reading.doubt))
        for reading in reader.readings(unnamed)
        if reading.certainty is Certainty.AMBIGUOUS
    ]
    assert 30 <= len(set(doubts)) <= 200
    assert {doubt for _, doubt in doubts} == {
        "several-kelurahan",
        "kelurahan-or-kecamatan",
        "several-rt",
        "kecamatan-disagrees",
    }


def test_positive_newcomers_become_cases_of_the_same_person(city: SampleCity) -> None:
    positive = city.newcomers[city.newcomers["test_result"] == "positive"]
    cases = city.cases.drop_duplicates("case_id", keep="last").set_index("case_id")
    newcomer_cases = cases.reindex("SMG-" + positive["newcomer_id"])
    assert newcomer_cases["status"].notna().mean() > 0.95
    assert len(newcomer_cases) > 100
    is_known = newcomer_cases["status"].notna().to_numpy()
    common_columns = ["nik", "kk", "address", "lon", "lat"]
    person, case = (
        table[common_columns].reset_index(drop=True)[is_known]
        for table in (positive, newcomer_cases)
    )
    pd.testing.assert_frame_equal(person, case)
    confirmed, tested = (
        pd.to_datetime(days.reset_index(drop=True))[is_known]
        for days in (newcomer_cases["confirmed_on"], positive["tested_on"])
    )
    assert set((confirmed - tested).dt.days) == {0, 1}


def test_newcomers_are_verified_by_officers_and_leave(city: SampleCity) -> None:
    rows = city.newcomers.set_index("newcomer_id")
    left = rows.dropna(subset=["left_on"])
    assert 0.1 < len(left) / len(rows) < 0.5
    assert (left["left_on"] > left["arrived_on"]).all()
    verifications = city.verifications.set_index("newcomer_id")
    assert 0.1 < len(verifications) / len(rows) < 0.5
    assert verifications.index.is_unique
    verified_rows = rows.loc[verifications.index]
    assert (verifications["verified_on"] > verified_rows["arrived_on"]).all()
    has_left = verified_rows["left_on"].notna()
    assert (verifications["verified_on"][has_left] < verified_rows["left_on"][has_left]).all()
    share_after_quarantine = (
        verifications["verified_on"] >= verified_rows["quarantine_until"]
    ).mean()
    assert 0.6 < share_after_quarantine < 0.95
    first = city.newcomer_reports.drop_duplicates("newcomer_id").set_index("newcomer_id")
    assert (verifications["recorded_at"] > first.loc[verifications.index, "recorded_at"]).all()
    assert (
        verifications["recorded_at"].dt.strftime("%Y-%m-%d") == verifications["verified_on"]
    ).all()


def test_no_test_or_departure_is_recorded_before_its_day(city: SampleCity) -> None:
    versions = city.newcomer_reports
    day = versions["recorded_at"].dt.strftime("%Y-%m-%d")
    for column in ("arrived_on", "tested_on", "left_on"):
        is_known = versions[column].notna()
        assert (day[is_known] >= versions[column][is_known]).all(), column
    first = versions.drop_duplicates("newcomer_id")
    assert first["left_on"].isna().all()
    assert versions["newcomer_id"].value_counts().max() == 3
