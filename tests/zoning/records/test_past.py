"""The past of the sample city: records known at a past moment agree with files of that moment."""

import ast
import inspect
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata import sample_city
from geodata.boundaries import save_boundaries, timeline
from geodata.errors import InputError
from geodata.ledger.rejected import rejected_frame
from geodata.ledger.withdrawing import record_history, withdraw
from geodata.sample_city import REDIVIDED, SampleCity
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame
from tests.databases import CopyDatabase, NewDatabase
from zoning import City
from zoning.days.daily import every_day, run_days
from zoning.quarantine.newcomers import arrived_newcomers, verify
from zoning.records.disagreements import disagreements_frame
from zoning.records.intake import load_records, load_sheet
from zoning.records.past import writing
from zoning.records.past.writing import dated_boundaries, write_past
from zoning.records.undecided import undecided_frame

ROOT = Path(__file__).resolve().parents[3]
PEAK = datetime(2021, 7, 10, 12)  # noqa: DTZ001  (the tables keep UTC without a zone)
MOMENTS = (
    datetime(2020, 8, 1, 12),  # noqa: DTZ001
    datetime(2021, 1, 20, 8),  # noqa: DTZ001  (before the file of that day)
    PEAK,
)
TABLES = ("case_version", "newcomer_version", "batch", "rejected", "verification", "area", "run")


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")


@pytest.fixture
def empty(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        yield opened


@pytest.fixture(scope="module")
def written(new_database: NewDatabase, small_sample: SampleCity) -> str:
    """URL of a database with the past, written once for each engine."""
    url = new_database()
    with pytest.MonkeyPatch.context() as environment:
        # A store reads its settings when it opens.
        environment.setenv(SECRET, "a secret of sixteen and more")
        with open_store(url) as opened:
            write_sample(opened, small_sample)
    return url


@pytest.fixture
def store(written: str, copy_database: CopyDatabase) -> Iterator[Store]:
    """A copy of the database with the past, which the test may change."""
    with open_store(copy_database(written)) as opened:
        yield opened


def write_sample(store: Store, city: SampleCity) -> dict[str, writing.PastReport]:
    return write_past(store, city, dated_boundaries(city, "sample"))


def row_counts(store: Store) -> dict[str, int]:
    return {
        table: int(store.read(f"select count(*) as n from {table}")["n"][0].as_py())  # noqa: S608
        for table in TABLES
    }


def newest_reports(
    rows: pd.DataFrame, key: str, moment: datetime, withdrawn_ids: "pd.Series[str]"
) -> pd.DataFrame:
    """The newest report of each record up to a moment, as one file."""
    reports = rows[rows["recorded_at"] <= moment].drop_duplicates(key, keep="last")
    return reports[~reports[key].isin(withdrawn_ids)].drop(columns="recorded_at")


@pytest.mark.parametrize("moment", MOMENTS)
def test_records_known_at_a_past_moment_agree_with_one_file_of_that_moment(
    store: Store, new_database: NewDatabase, small_sample: SampleCity, moment: datetime
) -> None:
    withdrawn = small_sample.withdrawals
    withdrawn_ids = withdrawn.loc[withdrawn["recorded_at"] <= moment, "id"]
    reports = {
        "cases": newest_reports(small_sample.case_reports, "case_id", moment, withdrawn_ids),
        "newcomers": newest_reports(
            small_sample.newcomer_reports, "newcomer_id", moment, withdrawn_ids
        ),
    }
    with open_store(new_database()) as city_store:
        for boundaries, version in dated_boundaries(small_sample, "by hand"):
            if version.recorded_at <= moment:
                save_boundaries(city_store, boundaries, "by hand", {}, in_force=version.since)
        for kind, rows in reports.items():
            load_sheet(city_store, kind, sheet_from_frame(rows))
        for row in small_sample.verifications.to_dict("records"):
            if row["recorded_at"] <= moment:
                verified_on = date.fromisoformat(row["verified_on"])
                verify(city_store, row["newcomer_id"], row["verified_by"], verified_on)
        city, expected_city = City(store), City(city_store)
        today = moment.date()
        for day in (today, today - timedelta(days=5)):
            zones = city.zones_for_officials(day, known_at=moment)
            run_days(city_store, None, [day])
            expected = expected_city.zones_for_officials(day)
            pd.testing.assert_frame_equal(zones.drop(columns="run"), expected.drop(columns="run"))
            assert isinstance(zones, gpd.GeoDataFrame)
            assert zones["houses"].sum() > 0
        states, expected_states = (
            arrived_newcomers(state_city.store, state_city.ground(today), today, known_at)
            for state_city, known_at in ((city, moment), (expected_city, None))
        )
        columns = ["newcomer_id", "state", "due_on", "verified_by", "area"]
        pd.testing.assert_frame_equal(
            states[columns].sort_values("newcomer_id", ignore_index=True),
            expected_states[columns].sort_values("newcomer_id", ignore_index=True),
        )


def test_each_day_uses_the_boundaries_in_force_on_the_day(
    store: Store, small_sample: SampleCity
) -> None:
    old, new = timeline(store)
    assert (old.since, new.since) == (sample_city.KNOWN_FROM, REDIVIDED)
    days = [REDIVIDED - timedelta(1), REDIVIDED]
    run_days(store, None, days)
    city = City(store)
    assert [city.published(day).boundaries for day in days] == [old.boundaries, new.boundaries]
    assert len(city.zones(days[0])) == len(small_sample.rt_before)
    assert len(city.zones(days[1])) == len(small_sample.rt)
    before = new.recorded_at - timedelta(minutes=1)
    assert len(timeline(store, before)) == 1


def test_half_of_the_cases_of_a_day_arrive_on_the_day_and_nearly_all_in_two_weeks(
    store: Store, small_sample: SampleCity
) -> None:
    triangle, share = City(store).growth(longest=14, known_at=datetime(2021, 12, 31, 23))  # noqa: DTZ001
    assert 0.42 < share[0] < 0.54
    assert 0.97 < share[7] <= 1.02
    recorded_on = date(2021, 7, 12)
    reports = small_sample.case_reports
    reports = reports[
        (reports["recorded_at"].dt.date == recorded_on)
        & ~reports["case_id"].str.startswith("SMG-X")
    ]
    is_first = ~small_sample.case_reports["case_id"].duplicated().loc[reports.index]
    new_cases = reports[is_first & (reports["status"] == "confirmed")]
    arrived = City(store).arrivals(recorded_on).set_index("date")["added"]
    for day, cases in new_cases["confirmed_on"].value_counts().items():
        assert arrived[pd.Timestamp(str(day))] >= cases
    assert triangle.notna().any(axis=None)


def test_every_row_becomes_a_version_or_a_rejected_row(
    empty: Store, small_sample: SampleCity
) -> None:
    reports = write_sample(empty, small_sample)
    for kind, rows in (
        ("cases", small_sample.case_reports),
        ("newcomers", small_sample.newcomer_reports),
    ):
        report = reports[kind]
        assert report.read == len(rows)
        assert report.read == sum(report) - report.read - report.withdrawn
        assert report.unchanged == 0
    is_useless = small_sample.case_reports["case_id"].str.startswith("SMG-X")
    assert reports["cases"].rejected == is_useless.sum() > 0
    rejected = rejected_frame(empty, "cases")
    assert len(rejected) == is_useless.sum()
    assert rejected["source"].str.fullmatch(r"cases-202[01]-\d\d-\d\d\.csv").all()
    ids = small_sample.case_reports["case_id"][~is_useless]
    assert reports["cases"].new == ids.nunique()
    assert reports["cases"].withdrawn == len(small_sample.withdrawals)
    assert row_counts(empty)["verification"] == len(small_sample.verifications)
    case_id = ids.value_counts().index[0]
    history = record_history(empty, "cases", case_id)
    versions = small_sample.case_reports[small_sample.case_reports["case_id"] == case_id]
    assert history["recorded_at"].tolist() == versions["recorded_at"].tolist()
    assert history["source"].tolist() == [
        f"cases-{day:%Y-%m-%d}.csv" for day in versions["recorded_at"]
    ]
    assert history["version"].tolist() == [*range(1, len(versions) + 1)]


def test_a_withdrawn_record_counts_until_the_moment_of_its_withdrawal(
    store: Store, small_sample: SampleCity
) -> None:
    city = City(store)
    for row in small_sample.withdrawals.to_dict("records"):
        moment = row["recorded_at"].to_pydatetime()
        before, after = (
            set(city.cases(known_at=moment + timedelta(seconds=seconds))["case_id"])
            for seconds in (-1, 0)
        )
        assert before - after == {row["id"]}
        last = record_history(store, "cases", row["id"]).iloc[-1]
        assert (last["withdrawn"], last["source"]) == (True, "withdrawal")


def test_some_addresses_are_undecided_and_some_records_disagree(
    store: Store, small_sample: SampleCity
) -> None:
    boundaries = dated_boundaries(small_sample, "sample")[-1].boundaries
    assert len(disagreements_frame(store, boundaries=boundaries)) > 50
    undecided = undecided_frame(store, boundaries)
    assert set(undecided.columns) >= {"area_part", "records"}


def test_the_same_past_written_twice_changes_nothing(
    store: Store, small_sample: SampleCity
) -> None:
    before = row_counts(store)
    reports = write_sample(store, small_sample)
    assert row_counts(store) == before
    assert {(report.new, report.corrected) for report in reports.values()} == {(0, 0)}
    assert reports["cases"].read == len(small_sample.case_reports)


def test_after_its_past_a_city_accepts_new_records(store: Store) -> None:
    row = {"case_id": "SMG-000001", "status": "discarded"}
    load_sheet(store, "cases", sheet_from_frame(pd.DataFrame([row])))
    history = record_history(store, "cases", "SMG-000001")
    moments = history["recorded_at"].tolist()
    assert moments == sorted(set(moments))
    assert moments[-1] > datetime.now() - timedelta(days=2)  # noqa: DTZ005
    assert withdraw(store, "cases", ["SMG-000002"], "salah") == 1


@pytest.mark.parametrize("existing", ["boundaries", "records", "another seed"])
def test_a_past_is_written_only_to_an_empty_database(
    empty: Store, small_sample: SampleCity, existing: str
) -> None:
    if existing == "another seed":
        write_sample(empty, sample_city.build(8, kecamatan=("33.74.01",)))
    else:
        boundaries = dated_boundaries(small_sample, "sample")[-1].boundaries
        save_boundaries(empty, boundaries, "by hand", {})
    if existing == "records":
        row = {"case_id": "A", "status": "confirmed", "confirmed_on": "2021-07-05"}
        load_sheet(empty, "cases", sheet_from_frame(pd.DataFrame([row])))
    before = row_counts(empty)
    with pytest.raises(InputError, match="--database") as refused:
        write_sample(empty, small_sample)
    assert refused.value.code == "holds-records"
    assert row_counts(empty) == before


def test_a_past_that_ends_in_the_future_is_refused(
    new_database: NewDatabase, small_sample: SampleCity
) -> None:
    with open_store(new_database(), clock=lambda: PEAK) as store:
        with pytest.raises(InputError, match="clock") as refused:
            write_sample(store, small_sample)
        assert refused.value.code == "moment-in-future"
        assert set(row_counts(store).values()) == {0}


def test_a_past_that_fails_half_way_changes_nothing(
    empty: Store, small_sample: SampleCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(writing, "add_withdrawals", fail)
    with pytest.raises(OSError, match="full"):
        write_sample(empty, small_sample)
    assert set(row_counts(empty).values()) == {0}
    monkeypatch.undo()
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    assert write_sample(empty, small_sample)["cases"].new > 0


def test_only_the_demo_may_write_past_moments() -> None:
    for function in (load_records, load_sheet, withdraw, verify, save_boundaries):
        names = set(inspect.signature(function).parameters)
        assert not names & {"recorded_at", "moment", "moments", "known_at", "clock"}, function
    users = {
        path.relative_to(ROOT).as_posix()
        for package in ("api", "geodata", "zoning")
        for path in (ROOT / package).rglob("*.py")
        if any(
            isinstance(node, ast.ImportFrom) and node.module == "zoning.records.past.writing"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert users == {"api/cli/demo.py"}


def test_days_of_a_month_computed_today_use_the_newest_records(
    store: Store, small_sample: SampleCity
) -> None:
    days = every_day(date(2021, 7, 1), date(2021, 7, 15))
    run_days(store, None, days)
    city = City(store)
    end = datetime(2021, 12, 31, 23)  # noqa: DTZ001
    for day in days[::7]:
        published, recomputed = city.published(day), city.compute_day(day, end)
        assert published.run == recomputed.run
    early = city.series(start=days[0], end=days[-1], known_at=PEAK)
    late = city.series(start=days[0], end=days[-1])
    merged = early.merge(late, on="date", suffixes=("_then", "_now"))
    assert len(merged) == (PEAK.date() - days[0]).days + 1
    added = (merged["cases_now"] - merged["cases_then"]).to_numpy()
    assert added[-1] > 0
    assert np.abs(added[0]) < added[-1]
