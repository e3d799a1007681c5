"""The answers of City agree with the tables, counted here in plain Python."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely

from geodata.areas import LEVELS, Level
from geodata.errors import InputError, NotFoundError, StoreError
from zoning import City, open_city

DAY = date(2021, 7, 1)
COLOURS = ("green", "yellow", "orange", "red")


def _stored(city: City, day: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = city.store.read(
        "select z.* from run_zone z join published p on p.run = z.run where p.date = $1", day
    ).to_pylist()
    return rows


def test_the_published_days_are_those_that_were_run(small_city: City) -> None:
    days = small_city.published_days()
    assert days == [date(2021, 6, 15) + timedelta(n) for n in range(31)]
    assert small_city.latest() == days[-1]
    assert small_city.day().date == days[-1]


def test_every_rt_has_one_zone_and_stored_zones_have_their_counts(small_city: City) -> None:
    zones = small_city.zones(DAY).set_index("code")
    assert list(zones.index) == list(small_city.boundaries("rt")["code"])
    stored = _stored(small_city, DAY)
    assert len(stored) > 20
    for row in stored:
        for name in ("risk", "houses", "houses_at_least", "cases", "active"):
            assert zones.loc[row["code"], name] == row[name]
    others = zones.drop(index=[row["code"] for row in stored])
    assert (others[["risk", "cases", "active", "houses"]] == 0).all(axis=None)


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "rt"])
def test_a_level_above_sums_its_rt_and_takes_their_highest_risk(
    small_city: City, level: Level
) -> None:
    rt = small_city.zones(DAY)
    for zone in small_city.zones(DAY, level).to_dict("records"):
        own_rt = rt[[code.startswith(zone["code"]) for code in rt["code"]]]
        assert zone["risk"] == max(own_rt["risk"])
        assert zone["cases"] == sum(own_rt["cases"])
        assert zone["active"] == sum(own_rt["active"])
        counts = Counter(own_rt["risk"])
        assert [zone[name] for name in COLOURS] == [counts[risk] for risk in range(4)]


def test_summary_counts_every_rt_once_and_the_cases_without_an_rt(small_city: City) -> None:
    rt = small_city.zones(DAY)
    for level in LEVELS:
        summary = small_city.summary(DAY, level)
        assert summary[list(COLOURS)].to_numpy().sum() == len(rt)
    kota = small_city.summary(DAY, "kota").iloc[0]
    assert kota["unplaced"] == sum(small_city.day(DAY).unplaced["cases"].to_pylist())


def test_history_and_series_agree_with_each_day(small_city: City) -> None:
    code = str(small_city.zones(DAY).sort_values("houses")["code"].iloc[-1])
    history = small_city.history(code, date(2021, 6, 28), date(2021, 7, 3))
    assert list(history["date"]) == [date(2021, 6, 28) + timedelta(n) for n in range(6)]
    series = small_city.series("rt", date(2021, 6, 28), date(2021, 7, 3))
    own_series = series[series["code"] == code].set_index("date")
    for row in history.to_dict("records"):
        zone = small_city.zones(row["date"]).set_index("code").loc[code]
        for name in ("risk", "colour", "run"):
            assert row[name] == zone[name]
        counts = own_series.loc[str(row["date"])]
        assert counts["cases"] == zone["cases"]
        assert [counts[name] for name in COLOURS] == [
            int(risk == zone["risk"]) for risk in range(4)
        ]


def test_series_of_a_level_agrees_with_its_zones(small_city: City) -> None:
    series = small_city.series("kelurahan")
    zones = small_city.zones(DAY, "kelurahan")
    on_day = series[series["date"] == str(DAY)]
    assert len(series) == 31 * len(zones)
    for name in ("code", "name", "cases", "active", "houses", *COLOURS):
        assert on_day[name].tolist() == zones[name].tolist()


def test_locate_finds_the_rt_whose_polygon_contains_the_point(small_city: City) -> None:
    areas = small_city.boundaries("rt")
    for code, shape in zip(areas["code"], areas.geometry, strict=True):
        point = shapely.point_on_surface(shape)
        area = small_city.locate(point.x, point.y)
        assert area is not None
        assert area.code == code
    assert small_city.locate(0.0, 0.0) is None
    assert small_city.locate(float("nan"), -7.0) is None
    assert small_city.locate(180.0, -90.0) is None
    for lon, lat in ((210.4, 99.5), (float("inf"), -7.0), (110.42, -90.0001), (-181.0, 0.0)):
        with pytest.raises(InputError, match="no place on Earth"):
            small_city.locate(lon, lat)


def test_within_finds_the_areas_whose_box_meets_the_box(small_city: City) -> None:
    for level in LEVELS:
        areas = small_city.boundaries(level)
        west, south, east, north = areas.total_bounds
        middle = (west, south, (west + east) / 2, (south + north) / 2)
        expected = [
            row
            for row, box in enumerate(areas.bounds.to_numpy())
            if box[0] <= middle[2] and box[1] <= middle[3] and box[2] >= west and box[3] >= south
        ]
        assert small_city.within(middle, level).tolist() == expected


def test_known_at_gives_the_day_as_published_then(small_city: City) -> None:
    stamp = small_city.day(DAY).published_at
    assert stamp is not None
    assert small_city.day(DAY, known_at=stamp).run == small_city.day(DAY).run
    in_jakarta = stamp.replace(tzinfo=UTC).astimezone()
    assert small_city.day(DAY, known_at=in_jakarta).run == small_city.day(DAY).run
    with pytest.raises(NotFoundError) as caught:
        small_city.day(DAY, known_at=datetime(2021, 7, 2))  # noqa: DTZ001  (UTC without a zone)
    assert caught.value.code == "nothing-known"


def test_an_unknown_day_or_code_gives_an_error(small_city: City) -> None:
    for ask in (
        lambda: small_city.zones(date(2021, 9, 9)),
        lambda: small_city.zone("33.74.01.1001-001-001", date(2031, 1, 1)),
    ):
        with pytest.raises(NotFoundError) as caught:
            ask()
        assert caught.value.code == "no-run"
    for ask_code in (small_city.zone, small_city.history):
        with pytest.raises(NotFoundError) as caught:
            ask_code("33.74.99")
        assert caught.value.code == "no-area"


def test_a_missing_database_gives_an_error(tmp_path: object) -> None:
    with pytest.raises(StoreError) as caught:
        open_city(f"duckdb:///{tmp_path}/none.duckdb")
    assert caught.value.code == "no-database"


def test_line_lists_have_the_placement_and_no_nik(small_city: City) -> None:
    rt = set(small_city.boundaries("rt")["code"])
    cases = small_city.cases()
    assert set(cases["placed"]) <= {"coordinates", "nearest", "address", "unplaced"}
    assert set(cases["area"][cases["placed"] != "unplaced"]) <= rt
    assert not cases["nik"].dropna().str.fullmatch(r"\d{16}").any()
    assert "arrived_on" in small_city.newcomers()


def test_changing_a_returned_frame_does_not_change_the_next(small_city: City) -> None:
    zones = small_city.zones(DAY)
    zones["risk"] = 3
    assert (small_city.zones(DAY)["risk"] < 3).any()


def test_sixteen_threads_get_the_same_answers_as_one(small_city: City) -> None:
    points = shapely.point_on_surface(small_city.boundaries().geometry.to_numpy()[:60])
    expected_areas = [small_city.locate(point.x, point.y) for point in points]
    west, south, east, north = small_city.boundaries().total_bounds.tolist()
    box = (west, south, (west + east) / 2, north)
    expected_rows = small_city.within(box, "rt").tolist()
    differences = []

    def compare() -> None:
        for point, expected in zip(points, expected_areas, strict=True):
            area = small_city.locate(point.x, point.y)
            if area is None or expected is None or area.code != expected.code:
                differences.append(point)
        if small_city.within(box, "rt").tolist() != expected_rows:
            differences.append(box)

    threads = [threading.Thread(target=compare) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert differences == []
