"""What the sample city knew on which day; its addresses, newcomers and former boundaries."""

import re
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from geodata import sample_city
from geodata.addresses import Certainty, ColumnReader
from geodata.boundaries import assemble, crosswalk
from geodata.sample_city import REDIVIDED, SampleCity
from tests.geodata.boundaries.kelurahan_shapes import shapes_of

HOUSE = re.compile(r"j(?:alan|ln|l)\.?\s+(\w+)\s+(?:no(?:mor)?\b)?[\s.]*0*(\d+)", re.IGNORECASE)


@pytest.fixture(scope="module")
def city() -> SampleCity:
    return sample_city.build()


@pytest.fixture(scope="module")
def reports(city: SampleCity) -> pd.DataFrame:
    """Versions of the cases that are of use, with the day each was recorded on in Semarang."""
    told = city.case_reports
    told = told[~told["case_id"].str.startswith("SMG-X")]
    local = told["recorded_at"] + timedelta(hours=7)
    return told.assign(day=local.dt.normalize())


@pytest.fixture(scope="module")
def standing(city: SampleCity, reports: pd.DataFrame) -> pd.DataFrame:
    """Versions of those that were not withdrawn."""
    return reports[~reports["case_id"].isin(city.withdrawals["id"])]


def of_file(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    known = rows[rows[key].notna()]
    return known.drop_duplicates(key, keep="last").set_index(key).sort_index()


@pytest.mark.parametrize("kind", ["cases", "newcomers"])
def test_the_last_report_of_a_record_says_what_the_file_says(city: SampleCity, kind: str) -> None:
    key = {"cases": "case_id", "newcomers": "newcomer_id"}[kind]
    told = {"cases": city.case_reports, "newcomers": city.newcomer_reports}[kind]
    last = of_file(told[~told[key].isin(city.withdrawals["id"])], key)
    file = of_file(getattr(city, kind), key)
    assert last.drop(columns="recorded_at").equals(file)


def test_half_of_the_cases_are_known_on_their_day_and_a_few_come_weeks_later(
    standing: pd.DataFrame,
) -> None:
    last = standing.drop_duplicates("case_id", keep="last").set_index("case_id")
    final = standing["case_id"].map(last["confirmed_on"])
    right = (standing["status"] == "confirmed") & (standing["confirmed_on"] == final)
    first = standing[right].drop_duplicates("case_id")
    late = (first["day"] - pd.to_datetime(first["confirmed_on"])).dt.days
    assert late.min() == 0
    assert 0.46 < (late == 0).mean() < 0.5
    assert 0.7 < (late <= 1).mean() < 0.76
    assert 0.003 < (late >= 10).mean() < 0.015
    assert late.max() > 40


def test_a_record_comes_on_the_day_it_was_reported(reports: pd.DataFrame) -> None:
    first = reports.drop_duplicates("case_id")
    assert (first["day"] == pd.to_datetime(first["reported_on"])).all()
    assert (reports["day"] >= pd.to_datetime(reports["reported_on"])).all()
    assert reports["recorded_at"].is_monotonic_increasing
    moment = reports["recorded_at"].drop_duplicates()
    assert moment.dt.date.is_unique, "one file a day"


def test_nobody_knew_how_a_case_ended_before_it_did(standing: pd.DataFrame) -> None:
    ended = standing[standing["outcome_on"].notna()]
    assert (ended["day"] >= pd.to_datetime(ended["outcome_on"])).all()
    first = standing.drop_duplicates("case_id")
    assert first["outcome"].notna().mean() < 0.02
    last = standing.drop_duplicates("case_id", keep="last")
    assert last.loc[last["status"] == "confirmed", "outcome"].notna().mean() > 0.9


def test_days_places_and_results_are_corrected(standing: pd.DataFrame) -> None:
    before = standing.groupby("case_id").shift()
    later = standing["case_id"].duplicated()
    assert (
        300
        < (
            later
            & (standing["confirmed_on"] != before["confirmed_on"])
            & (before["status"] == standing["status"])
            & standing["confirmed_on"].notna()
        ).sum()
        < 3_000
    )
    assert 300 < (later & (standing["rt"] != before["rt"]) & before["rt"].notna()).sum() < 3_000
    became = pd.Series(zip(before["status"], standing["status"], strict=True))[later.to_numpy()]
    changes = became[[old != new for old, new in became]].value_counts()
    assert set(changes.index) == {("suspect", "confirmed"), ("confirmed", "discarded")}
    assert changes["suspect", "confirmed"] > 500
    assert changes["confirmed", "discarded"] > 50


def test_a_few_records_are_withdrawn_with_a_reason(city: SampleCity, reports: pd.DataFrame) -> None:
    gone = city.withdrawals.set_index("id")
    assert 10 < len(gone) < 100
    assert len(set(gone["reason"])) > 1
    assert gone["recorded_at"].is_unique
    assert not city.cases["case_id"].isin(gone.index).any()
    told = reports[reports["case_id"].isin(gone.index)].set_index("case_id")
    assert sorted(told.index) == sorted(gone.index)
    assert (gone.loc[told.index, "recorded_at"] > told["recorded_at"]).all()


def test_rt_were_split_merged_and_given_to_a_new_rw(city: SampleCity) -> None:
    old, new = assemble(city.rt_before), assemble(city.rt)
    assert shapely.coverage_is_valid(shapes_of(city.rt_before))
    assert city.rt_before.dtypes.equals(city.rt.dtypes)
    assert city.rt_before["code"].is_monotonic_increasing
    assert city.rt_before["population"].sum() == city.rt["population"].sum()
    for level in ("kelurahan", "kecamatan", "kota"):
        before, after = (each.level(level).set_index("code") for each in (old, new))
        same = shapely.equals_exact(before.geometry, after.geometry, normalize=True)
        assert np.asarray(same).all(), level
    pairs = crosswalk(old, new)
    into = pairs.groupby("from")["to"].nunique()
    parts = pairs.groupby("to")["from"].nunique()
    renamed = pairs[(pairs["from"] != pairs["to"]) & (pairs["share"] == 1.0)]
    renamed = renamed[renamed["to"].map(parts) == 1]
    assert 5 < (into > 1).sum() < 30, "split"
    assert 3 < (parts > 1).sum() < 30, "merged"
    assert 10 < len(renamed) < 60, "another number"
    assert (renamed["from"].str[:13] == renamed["to"].str[:13]).all()
    untouched = pairs[(pairs["from"] == pairs["to"]) & (pairs["share"] == 1.0)]
    assert len(untouched) > len(city.rt) - 150


def test_addresses_of_before_name_the_rt_of_before(city: SampleCity) -> None:
    old, new = set(city.rt_before["code"]), set(city.rt["code"])
    names = city.rt.groupby("kelurahan_name")["kelurahan_code"].agg(["first", "nunique"])
    codes = names.loc[names["nunique"] == 1, "first"]
    cases = city.cases.dropna(subset=["rt", "rw", "kelurahan", "confirmed_on"])
    cases = cases[cases["kelurahan"].isin(codes.index) & cases["case_id"].notna()]
    code = [
        f"{codes[name]}-{int(rw):03d}-{int(rt):03d}"
        for name, rw, rt in zip(cases["kelurahan"], cases["rw"], cases["rt"], strict=True)
    ]
    early = (cases["reported_on"] < REDIVIDED.isoformat()).to_numpy()
    only_old = np.array([one in old - new for one in code])
    only_new = np.array([one in new - old for one in code])
    assert only_old[early].sum() > 10
    assert only_new[~early].sum() > 10
    # A wrong number of an RT, which is there too, may name anything.
    assert only_new[early].sum() <= 2
    assert only_old[~early].sum() <= 5


def test_one_house_is_written_in_several_ways(city: SampleCity) -> None:
    cases = city.cases.dropna(subset=["kk", "address"]).drop_duplicates("case_id")
    found = cases["address"].str.extract(HOUSE)
    assert found.notna().all(axis=None)
    house = found[0].str.casefold() + " " + found[1]
    writings = cases.groupby("kk")["address"].nunique()
    assert (writings > 1).sum() > 500
    assert len(set(zip(cases["kk"], house, strict=True))) == cases["kk"].nunique()


def test_tens_of_addresses_wait_for_a_person(city: SampleCity) -> None:
    rows = city.cases.drop_duplicates("case_id", keep="last")
    columns = {
        name: pa.array(rows[name], pa.string()) for name in ("address", "kelurahan", "kecamatan")
    }
    numbers = {name: pa.array(rows[name].astype("Int64"), pa.int64()) for name in ("rt", "rw")}
    table = pa.table(columns | numbers)
    reader = ColumnReader(assemble(city.rt))
    _, leaf = reader.find(table)
    unnamed = table.filter(pa.array(leaf < 0))
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
    own = cases.reindex("SMG-" + positive["newcomer_id"])
    assert own["status"].notna().mean() > 0.95
    assert len(own) > 100
    known = own["status"].notna().to_numpy()
    same = ["nik", "kk", "address", "lon", "lat"]
    person, case = (table[same].reset_index(drop=True)[known] for table in (positive, own))
    pd.testing.assert_frame_equal(person, case)
    confirmed, tested = (
        pd.to_datetime(days.reset_index(drop=True))[known]
        for days in (own["confirmed_on"], positive["tested_on"])
    )
    assert set((confirmed - tested).dt.days) == {0, 1}


def test_newcomers_are_verified_by_officers_and_leave(city: SampleCity) -> None:
    rows = city.newcomers.set_index("newcomer_id")
    left = rows.dropna(subset=["left_on"])
    assert 0.1 < len(left) / len(rows) < 0.5
    assert (left["left_on"] > left["arrived_on"]).all()
    done = city.verifications.set_index("newcomer_id")
    assert 0.1 < len(done) / len(rows) < 0.5
    assert done.index.is_unique
    own = rows.loc[done.index]
    assert (done["verified_on"] > own["arrived_on"]).all()
    gone = own["left_on"].notna()
    assert (done["verified_on"][gone] < own["left_on"][gone]).all()
    over = (done["verified_on"] >= own["quarantine_until"]).mean()
    assert 0.6 < over < 0.95
    first = city.newcomer_reports.drop_duplicates("newcomer_id").set_index("newcomer_id")
    assert (done["recorded_at"] > first.loc[done.index, "recorded_at"]).all()
    assert (done["recorded_at"].dt.strftime("%Y-%m-%d") == done["verified_on"]).all()


def test_nobody_knew_a_test_or_a_leaving_before_it_was(city: SampleCity) -> None:
    told = city.newcomer_reports
    day = told["recorded_at"].dt.strftime("%Y-%m-%d")
    for column in ("arrived_on", "tested_on", "left_on"):
        known = told[column].notna()
        assert (day[known] >= told[column][known]).all(), column
    first = told.drop_duplicates("newcomer_id")
    assert first["left_on"].isna().all()
    assert told["newcomer_id"].value_counts().max() == 3
