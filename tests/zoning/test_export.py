"""Files of zones: what was judged, whole, the same bytes for the same run."""

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
    found = gpd.read_parquet(path) if form == "parquet" else gpd.read_file(path)
    assert tuple(found.columns) == (*COLUMNS, "geometry")
    assert found["code"].tolist() == zones["code"].tolist()
    assert len(found) == 23
    [coloured] = found[found["risk"] > 0].to_dict("records")
    assert (coloured["code"], coloured["risk"], coloured["colour"]) == (
        city.code(0, 1, 1),
        2,
        "oranye",
    )
    assert (coloured["houses"], coloured["cases"], coloured["active"]) == (3, 3, 3)
    assert found.crs == "EPSG:4326"
    assert found.geometry.geom_equals_exact(zones.geometry, tolerance=1e-7).all()


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
def test_the_same_run_gives_the_same_bytes_whatever_was_there(
    zones: gpd.GeoDataFrame, tmp_path: Path, form: Format
) -> None:
    one, other = tmp_path / f"one.{form}", tmp_path / f"other.{form}"
    other.write_bytes(b"something else")
    export_zones(zones, one, form)
    export_zones(zones.copy(), other, form)
    assert one.read_bytes() == other.read_bytes()
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".zones-")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_name_that_looks_like_a_formula_stays_text(
    zones: gpd.GeoDataFrame, tmp_path: Path, form: Format
) -> None:
    zones.loc[0, "name"] = "=HYPERLINK(0)"
    path = tmp_path / f"zones.{form}"
    export_zones(zones, path, form)
    found = pd.read_csv(path) if form == "csv" else pd.read_excel(path, engine="openpyxl")
    assert found["name"][0] == "'=HYPERLINK(0)"


def test_geojson_has_the_properties_the_contract_names(
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


def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    zones: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for path, form, code in (
        (tmp_path / "zones.doc", "doc", "unknown-format"),
        (tmp_path / "no" / "zones.csv", "csv", "no-folder"),
        (tmp_path / "taken", "csv", "not-written"),
    ):
        (tmp_path / "taken").mkdir(exist_ok=True)
        with pytest.raises(InputError) as refused:
            export_zones(zones, path, form)  # type: ignore[arg-type]
        assert refused.value.code == code
    left = {found.name for found in tmp_path.iterdir() if "duckdb" not in found.name}
    assert left == {"taken"}
