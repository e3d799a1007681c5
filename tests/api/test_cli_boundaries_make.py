"""`mikrozonasi boundaries make`: kelurahan in, RT out, faults said in a sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner, Result

from api.cli.main import main
from tests.geodata.kelurahan_shapes import LAT, LON, frame_of, shapes_of, square, without_crs


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["boundaries", "make", *map(str, arguments)])


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Two kelurahan in a file with column names of its own."""
    frame = frame_of([square(), square(1)], orang=[100, 300]).rename(
        columns={"code": "kode", "name": "nama", "kecamatan_code": "kec", "kecamatan_name": "nkec"}
    )
    frame.to_file(tmp_path / "kelurahan.geojson")
    return tmp_path / "kelurahan.geojson"


COLUMNS = ("--code", "kode", "--name", "nama", "--parent-code", "kec", "--parent-name", "nkec")


def test_rt_go_to_a_file_and_a_summary_to_standard_output(city: Path) -> None:
    output = city.with_name("rt.parquet")
    answer = run(city, *COLUMNS, "--rt", 40, "--output", output, "--json")
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout) == {
        "kelurahan": 2,
        "rw": 6,
        "rt": 40,
        "output": str(output),
    }
    made = gpd.read_parquet(output)
    assert len(made) == 40
    assert set(made["kelurahan_code"]) == {"33.74.06.1001", "33.74.06.1002"}
    assert set(made["kecamatan_name"]) == {"Pedurungan"}


READERS: dict[str, Callable[[Path], Any]] = {
    "parquet": gpd.read_parquet,
    "gpkg": gpd.read_file,
    "geojson": gpd.read_file,
}


@pytest.mark.parametrize("ending", READERS)
def test_rt_still_fit_together_when_read_again(city: Path, ending: str) -> None:
    output = city.with_name(f"rt.{ending}")
    assert run(city, *COLUMNS, "--rt", 60, "--output", output).exit_code == 0
    made = READERS[ending](output)
    shapes = shapes_of(made)
    assert len(shapes) == 60
    assert made.crs == 4326
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_the_same_seed_writes_the_same_bytes(city: Path) -> None:
    written = []
    for turn, seed in enumerate((1, 1, 2)):
        output = city.with_name(f"rt{turn}.parquet")
        run(city, *COLUMNS, "--rt", 30, "--seed", seed, "--output", output)
        written.append(output.read_bytes())
    assert written[0] == written[1] != written[2]


def test_people_share_out_rt_and_come_along(city: Path) -> None:
    output = city.with_name("rt.gpkg")
    answer = run(city, *COLUMNS, "--rt", 20, "--population", "orang", "--output", output)
    assert answer.exit_code == 0
    made = gpd.read_file(output)
    assert list(made.groupby("kelurahan_code").size()) == [5, 15]
    assert list(made.groupby("kelurahan_code")["population"].sum()) == [100, 300]


def test_the_kota_may_be_said_as_text(city: Path) -> None:
    output = city.with_name("rt.gpkg")
    kota = ("--kota-code", "=33.74", "--kota-name", "=Kota Semarang")
    assert run(city, *COLUMNS, *kota, "--rt", 4, "--output", output).exit_code == 0
    made = gpd.read_file(output)
    assert set(made["kota_code"]) == {"33.74"}
    assert set(made["kota_name"]) == {"Kota Semarang"}


def test_points_with_labels_make_rt_of_those_numbers(city: Path) -> None:
    spots = [shapely.Point(LON + x, LAT + 0.005) for x in (0.002, 0.008, 0.015)]
    balai = ["RT 001 RW 002", "RT 002 RW 002", "RT 001 RW 001"]
    gpd.GeoDataFrame({"balai": balai}, geometry=spots, crs=4326).to_file(
        city.with_name("points.gpkg")
    )
    output = city.with_name("rt.parquet")
    points = ("--points", city.with_name("points.gpkg"), "--points-label", "balai")
    answer = run(city, *COLUMNS, *points, "--output", output)
    assert answer.exit_code == 0, answer.stderr
    made = gpd.read_parquet(output)
    assert list(made["name"]) == balai
    assert all(shape.contains(spot) for shape, spot in zip(made.geometry, spots, strict=True))


def test_kelurahan_in_metres_are_taken_where_their_system_is_said(city: Path) -> None:
    plain = city.with_name("utm.parquet")
    without_crs(gpd.read_file(city).to_crs(32749)).to_parquet(plain)
    output = city.with_name("rt.parquet")
    without = run(plain, *COLUMNS, "--rt", 9, "--output", output)
    assert (without.exit_code, "[no-crs]" in without.stderr) == (1, True)
    assert not output.exists()
    said = run(plain, *COLUMNS, "--rt", 9, "--crs", "EPSG:32749", "--output", output)
    assert said.exit_code == 0
    assert gpd.read_parquet(output).total_bounds == pytest.approx(
        gpd.read_file(city).total_bounds, abs=1e-8
    )


FAULTS: list[tuple[str, tuple[object, ...]]] = [
    ("rt-number", (*COLUMNS, "--rt", 1)),
    ("rt-number", COLUMNS),
    ("missing-column", ("--rt", 9)),
    ("missing-column", (*COLUMNS, "--rt", 9, "--population", "people")),
    ("bad-population", (*COLUMNS, "--rt", 9, "--population", "nama")),
    ("points-label", (*COLUMNS, "--rt", 9, "--points-label", "balai")),
    ("no-file", (*COLUMNS, "--points", "nowhere.gpkg")),
]


@pytest.mark.parametrize(("code", "options"), FAULTS)
def test_a_fault_is_one_sentence_and_nothing_is_written(
    city: Path, code: str, options: tuple[object, ...]
) -> None:
    output = city.with_name("rt.parquet")
    answer = run(city, *options, "--output", output)
    assert answer.exit_code == 1
    assert f"[{code}]" in answer.stderr
    assert answer.stdout == ""
    assert not output.exists()


def test_an_output_of_no_known_kind_is_refused_before_any_work(city: Path) -> None:
    answer = run(city.with_name("missing.geojson"), "--rt", 9, "--output", city.with_name("rt.kml"))
    assert answer.exit_code == 1
    assert "[output-format]" in answer.stderr


def test_a_command_without_output_is_wrong_usage(city: Path) -> None:
    assert run(city, "--rt", 9).exit_code == 2
