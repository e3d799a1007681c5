"""The past of the sample city, kept: what was known then is what files of then would have said."""

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
from geodata.tables import sheet_of
from tests.databases import NewDatabase
from zoning import City
from zoning.days.daily import every_day, run_days
from zoning.quarantine.newcomers import standing_on, verify
from zoning.records.disagreements import disagreements_frame
from zoning.records.intake import load_records, load_sheet
from zoning.records.past import writing
from zoning.records.past.writing import dated_boundaries, keep_past
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


@pytest.fixture
def store(empty: Store, small_sample: SampleCity) -> Store:
    keep(empty, small_sample)
    return empty


def keep(store: Store, city: SampleCity) -> dict[str, writing.PastReport]:
    return keep_past(store, city, dated_boundaries(city, "sample"))


def contents(store: Store) -> dict[str, int]:
    return {
        table: int(store.read(f"select count(*) as n from {table}")["n"][0].as_py())  # noqa: S608
        for table in TABLES
    }


def known_then(
    rows: pd.DataFrame, key: str, moment: datetime, gone: "pd.Series[str]"
) -> pd.DataFrame:
    """The newest of the reports that had come, as one file."""
    come = rows[rows["recorded_at"] <= moment].drop_duplicates(key, keep="last")
    return come[~come[key].isin(gone)].drop(columns="recorded_at")


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_was_known_then_is_what_one_file_of_then_says(
    store: Store, new_database: NewDatabase, small_sample: SampleCity, moment: datetime
) -> None:
    withdrawn = small_sample.withdrawals
    gone = withdrawn.loc[withdrawn["recorded_at"] <= moment, "id"]
    told = {
        "cases": known_then(small_sample.case_reports, "case_id", moment, gone),
        "newcomers": known_then(small_sample.newcomer_reports, "newcomer_id", moment, gone),
    }
    with open_store(new_database()) as other:
        for boundaries, version in dated_boundaries(small_sample, "by hand"):
            if version.recorded_at <= moment:
                save_boundaries(other, boundaries, "by hand", {}, in_force=version.since)
        for kind, rows in told.items():
            load_sheet(other, kind, sheet_of(rows))
        for row in small_sample.verifications.to_dict("records"):
            if row["recorded_at"] <= moment:
                on = date.fromisoformat(row["verified_on"])
                verify(other, row["newcomer_id"], row["verified_by"], on)
        city, then = City(store), City(other)
        today = moment.date()
        for day in (today, today - timedelta(days=5)):
            found = city.zones_for_officials(day, known_at=moment)
            run_days(other, None, [day])
            expected = then.zones_for_officials(day)
            pd.testing.assert_frame_equal(found.drop(columns="run"), expected.drop(columns="run"))
            assert isinstance(found, gpd.GeoDataFrame)
            assert found["houses"].sum() > 0
        stand, wanted = (
            standing_on(each.store, each.ground(today), today, at)
            for each, at in ((city, moment), (then, None))
        )
        same = ["newcomer_id", "state", "due_on", "verified_by", "area"]
        pd.testing.assert_frame_equal(
            stand[same].sort_values("newcomer_id", ignore_index=True),
            wanted[same].sort_values("newcomer_id", ignore_index=True),
        )


def test_days_stand_on_the_boundaries_of_their_time(store: Store, small_sample: SampleCity) -> None:
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


def test_half_of_a_days_cases_arrive_on_the_day_and_all_but_all_within_two_weeks(
    store: Store, small_sample: SampleCity
) -> None:
    triangle, share = City(store).growth(longest=14, known_at=datetime(2021, 12, 31, 23))  # noqa: DTZ001
    assert 0.42 < share[0] < 0.54
    assert 0.97 < share[7] <= 1.02
    on = date(2021, 7, 12)
    told = small_sample.case_reports
    told = told[(told["recorded_at"].dt.date == on) & ~told["case_id"].str.startswith("SMG-X")]
    first = ~small_sample.case_reports["case_id"].duplicated().loc[told.index]
    new = told[first & (told["status"] == "confirmed")]
    arrived = City(store).arrivals(on).set_index("date")["added"]
    for day, cases in new["confirmed_on"].value_counts().items():
        assert arrived[pd.Timestamp(str(day))] >= cases
    assert triangle.notna().any(axis=None)


def test_every_row_is_kept_as_it_came_or_turned_away(
    empty: Store, small_sample: SampleCity
) -> None:
    reports = keep(empty, small_sample)
    for kind, rows in (
        ("cases", small_sample.case_reports),
        ("newcomers", small_sample.newcomer_reports),
    ):
        report = reports[kind]
        assert report.read == len(rows)
        assert report.read == sum(report) - report.read - report.withdrawn
        assert report.unchanged == 0
    useless = small_sample.case_reports["case_id"].str.startswith("SMG-X")
    assert reports["cases"].rejected == useless.sum() > 0
    rejected = rejected_frame(empty, "cases")
    assert len(rejected) == useless.sum()
    assert rejected["source"].str.fullmatch(r"cases-202[01]-\d\d-\d\d\.csv").all()
    ids = small_sample.case_reports["case_id"][~useless]
    assert reports["cases"].new == ids.nunique()
    assert reports["cases"].withdrawn == len(small_sample.withdrawals)
    assert contents(empty)["verification"] == len(small_sample.verifications)
    some = ids.value_counts().index[0]
    history = record_history(empty, "cases", some)
    own = small_sample.case_reports[small_sample.case_reports["case_id"] == some]
    assert history["recorded_at"].tolist() == own["recorded_at"].tolist()
    assert history["source"].tolist() == [f"cases-{day:%Y-%m-%d}.csv" for day in own["recorded_at"]]
    assert history["version"].tolist() == [*range(1, len(own) + 1)]


def test_a_withdrawn_record_counts_until_then_and_no_longer(
    store: Store, small_sample: SampleCity
) -> None:
    city = City(store)
    for row in small_sample.withdrawals.to_dict("records"):
        moment = row["recorded_at"].to_pydatetime()
        before, after = (
            set(city.cases(known_at=moment + timedelta(seconds=by))["case_id"]) for by in (-1, 0)
        )
        assert before - after == {row["id"]}
        last = record_history(store, "cases", row["id"]).iloc[-1]
        assert (last["withdrawn"], last["source"]) == (True, "withdrawal")


def test_some_addresses_wait_for_a_person_and_some_records_disagree(
    store: Store, small_sample: SampleCity
) -> None:
    own = dated_boundaries(small_sample, "sample")[-1].boundaries
    assert len(disagreements_frame(store, boundaries=own)) > 50
    waiting = undecided_frame(store, own)
    assert set(waiting.columns) >= {"area_part", "records"}


def test_the_same_past_again_changes_nothing(store: Store, small_sample: SampleCity) -> None:
    before = contents(store)
    again = keep(store, small_sample)
    assert contents(store) == before
    assert {(report.new, report.corrected) for report in again.values()} == {(0, 0)}
    assert again["cases"].read == len(small_sample.case_reports)


def test_after_its_past_a_city_goes_on_as_any_other(store: Store) -> None:
    row = {"case_id": "SMG-000001", "status": "discarded"}
    load_sheet(store, "cases", sheet_of(pd.DataFrame([row])))
    history = record_history(store, "cases", "SMG-000001")
    moments = history["recorded_at"].tolist()
    assert moments == sorted(set(moments))
    assert moments[-1] > datetime.now() - timedelta(days=2)  # noqa: DTZ005
    assert withdraw(store, "cases", ["SMG-000002"], "salah") == 1


@pytest.mark.parametrize("held", ["boundaries", "records", "another seed"])
def test_a_past_is_not_written_over_anything(
    empty: Store, small_sample: SampleCity, held: str
) -> None:
    if held == "another seed":
        keep(empty, sample_city.build(8, kecamatan=("33.74.01",)))
    else:
        own = dated_boundaries(small_sample, "sample")[-1].boundaries
        save_boundaries(empty, own, "by hand", {})
    if held == "records":
        row = {"case_id": "A", "status": "confirmed", "confirmed_on": "2021-07-05"}
        load_sheet(empty, "cases", sheet_of(pd.DataFrame([row])))
    before = contents(empty)
    with pytest.raises(InputError, match="--database") as refused:
        keep(empty, small_sample)
    assert refused.value.code == "holds-records"
    assert contents(empty) == before


def test_a_past_that_is_not_over_is_refused(
    new_database: NewDatabase, small_sample: SampleCity
) -> None:
    with open_store(new_database(), clock=lambda: PEAK) as store:
        with pytest.raises(InputError, match="clock") as refused:
            keep(store, small_sample)
        assert refused.value.code == "moment-in-future"
        assert set(contents(store).values()) == {0}


def test_a_past_that_breaks_off_leaves_nothing(
    empty: Store, small_sample: SampleCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(writing, "add_withdrawals", broken)
    with pytest.raises(OSError, match="full"):
        keep(empty, small_sample)
    assert set(contents(empty).values()) == {0}
    monkeypatch.undo()
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    assert keep(empty, small_sample)["cases"].new > 0


def test_only_the_demo_may_date_back() -> None:
    for way in (load_records, load_sheet, withdraw, verify, save_boundaries):
        names = set(inspect.signature(way).parameters)
        assert not names & {"recorded_at", "moment", "moments", "known_at", "clock"}, way
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


def test_a_month_of_days_judged_today_says_what_was_known_last(
    store: Store, small_sample: SampleCity
) -> None:
    days = every_day(date(2021, 7, 1), date(2021, 7, 15))
    run_days(store, None, days)
    city = City(store)
    end = datetime(2021, 12, 31, 23)  # noqa: DTZ001
    for day in days[::7]:
        now, then = city.published(day), city.judged(day, end)
        assert now.run == then.run
    early = city.series(start=days[0], end=days[-1], known_at=PEAK)
    late = city.series(start=days[0], end=days[-1])
    both = early.merge(late, on="date", suffixes=("_then", "_now"))
    assert len(both) == (PEAK.date() - days[0]).days + 1
    grown = (both["cases_now"] - both["cases_then"]).to_numpy()
    assert grown[-1] > 0
    assert np.abs(grown[0]) < grown[-1]
