"""Files of zones: complete, atomic, and the same bytes for the same run."""

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.tables import read_table
from tests.cities import small_city as city
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day
from zoning.city import City
from zoning.days.daily import run_days
from zoning.export import COLUMNS, FORMATS, Format, export_zones

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]


@pytest.fixture
def zones(tmp_path: Path) -> Iterator[gpd.GeoDataFrame]:
    with ward.open_ward(tmp_path, CASES) as store:
        run_days(store, city.small_city(), [day(4)], today=TODAY)
        yield City(store).zones(day(4))


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet"])
def test_a_file_for_maps_holds_every_zone_with_its_shape(
    zones: gpd.GeoDataFrame, tmp_path: Path, form: Format
) -> None:
    path = tmp_path / f"zones.{form}"
    export_zones(zones, path, form)
    frame = gpd.read_parquet(path) if form == "parquet" else gpd.read_file(path)
    assert tuple(frame.columns) == (*COLUMNS, "geometry")
    assert frame["code"].tolist() == zones["code"].tolist()
    assert len(frame) == 23
    [zone] = frame[frame["risk"] > 0].to_dict("records")
    assert (zone["code"], zone["risk"], zone["colour"]) == (
        city.code(0, 1, 1),
        2,
        "oranye",
    )
    assert (zone["houses"], zone["cases"], zone["active"]) == (3, 3, 3)
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.geom_equals_exact(zones.geometry, tolerance=1e-7).all()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_holds_every_zone_without_its_shape(
    zones: gpd.GeoDataFrame, tmp_path: Path, form: Format
) -> None:
    path = tmp_path / f"zones.{form}"
    export_zones(zones, path, form)
    cells = read_table(path).cells
    assert tuple(cells.column_names) == COLUMNS
    assert cells["code"].to_pylist() == zones["code"].tolist()
    assert cells["houses"].to_pylist() == [str(n) for n in zones["houses"]]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_run_gives_the_same_bytes_and_replaces_the_file(
    zones: gpd.GeoDataFrame, tmp_path: Path, form: Format
) -> None:
    first, second = tmp_path / f"one.{form}", tmp_path / f"other.{form}"
    second.write_bytes(b"something else")
    export_zones(zones, first, form)
    export_zones(zones.copy(), second, form)
    assert first.read_bytes() == second.read_bytes()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".zones-")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_name_that_looks_like_a_formula_stays_text(
    zones: gpd.GeoDataFrame, tmp_path: Path, form: Format
) -> None:
    zones.loc[0, "name"] = "=HYPERLINK(0)"
    path = tmp_path / f"zones.{form}"
    export_zones(zones, path, form)
    frame = pd.read_csv(path) if form == "csv" else pd.read_excel(path, engine="openpyxl")
    assert frame["name"][0] == "'=HYPERLINK(0)"


def test_geojson_has_the_properties_of_the_contract(
    zones: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "zones.json"
    export_zones(zones, path, "geojson")
    feature = json.loads(path.read_text())["features"][0]
    assert set(feature["properties"]) >= {
        *("code", "name", "level", "risk", "colour", "date", "rule", "run"),
        *("houses", "cases", "active"),
    }
    assert feature["properties"]["date"] == "2021-06-05"


def test_an_impossible_file_is_rejected_and_leaves_no_file(
    zones: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for path, form, code in (
        (tmp_path / "zones.doc", "doc", "unknown-format"),
        (tmp_path / "no" / "zones.csv", "csv", "no-folder"),
        (tmp_path / "taken", "csv", "not-written"),
    ):
        (tmp_path / "taken").mkdir(exist_ok=True)
        with pytest.raises(InputError) as raised:
            export_zones(zones, path, form)  # type: ignore[arg-type]
        assert raised.value.code == code
    remaining = {entry.name for entry in tmp_path.iterdir() if "duckdb" not in entry.name}
    assert remaining == {"taken"}
