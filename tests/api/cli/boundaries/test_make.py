"""`mikrozonasi boundaries make`: divides kelurahan into RT; a fault is one sentence."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner, Result

from api.cli.main import main
from tests.geodata.boundaries.kelurahan_shapes import (
    LAT,
    LON,
    frame_of,
    shapes_of,
    square,
    without_crs,
)


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
    areas = gpd.read_parquet(output)
    assert len(areas) == 40
    assert set(areas["kelurahan_code"]) == {"33.74.06.1001", "33.74.06.1002"}
    assert set(areas["kecamatan_name"]) == {"Pedurungan"}


READERS: dict[str, Callable[[Path], Any]] = {
    "parquet": gpd.read_parquet,
    "gpkg": gpd.read_file,
    "geojson": gpd.read_file,
}


@pytest.mark.parametrize("ending", READERS)
def test_rt_in_a_file_are_a_coverage(city: Path, ending: str) -> None:
    output = city.with_name(f"rt.{ending}")
    assert run(city, *COLUMNS, "--rt", 60, "--output", output).exit_code == 0
    areas = READERS[ending](output)
    shapes = shapes_of(areas)
    assert len(shapes) == 60
    assert areas.crs == 4326
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_the_same_seed_writes_the_same_bytes(city: Path) -> None:
    written = []
    for number, seed in enumerate((1, 1, 2)):
        output = city.with_name(f"rt{number}.parquet")
        run(city, *COLUMNS, "--rt", 30, "--seed", seed, "--output", output)
        written.append(output.read_bytes())
    assert written[0] == written[1] != written[2]


def test_rt_are_distributed_by_people_and_keep_their_population(city: Path) -> None:
    output = city.with_name("rt.gpkg")
    answer = run(city, *COLUMNS, "--rt", 20, "--population", "orang", "--output", output)
    assert answer.exit_code == 0
    areas = gpd.read_file(output)
    assert list(areas.groupby("kelurahan_code").size()) == [5, 15]
    assert list(areas.groupby("kelurahan_code")["population"].sum()) == [100, 300]


def test_the_city_may_be_given_as_text(city: Path) -> None:
    output = city.with_name("rt.gpkg")
    kota = ("--kota-code", "=33.74", "--kota-name", "=Kota Semarang")
    assert run(city, *COLUMNS, *kota, "--rt", 4, "--output", output).exit_code == 0
    areas = gpd.read_file(output)
    assert set(areas["kota_code"]) == {"33.74"}
    assert set(areas["kota_name"]) == {"Kota Semarang"}


def test_the_city_of_the_file_is_written_to_the_rt(city: Path) -> None:
    output = city.with_name("rt.gpkg")
    assert run(city, *COLUMNS, "--rt", 4, "--output", output).exit_code == 0
    assert set(gpd.read_file(output)["kota_name"]) == {"Kota Semarang"}
    frame = gpd.read_file(city).assign(regency_code="id3374", regency="Kota Contoh")
    frame["kode"], frame["kec"] = ["id3374010001", "id3374010002"], "id3374010"
    frame.to_file(city)
    assert run(city, *COLUMNS, "--rt", 4, "--output", output).exit_code == 0
    areas = gpd.read_file(output)
    assert set(areas["kota_name"]) == {"Kota Contoh"}
    assert set(areas["kota_code"]) == {"id3374"}


def test_kelurahan_of_two_cities_are_refused(city: Path) -> None:
    frame = gpd.read_file(city)
    frame["kode"], frame["kec"] = ["33.74.06.1001", "33.22.01.1001"], ["33.74.06", "33.22.01"]
    frame.to_file(city)
    output = city.with_name("rt.gpkg")
    assert "[two-kota]" in run(city, *COLUMNS, "--rt", 4, "--output", output).stderr
    assert not output.exists()


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
    areas = gpd.read_parquet(output)
    assert list(areas["name"]) == balai
    assert all(shape.contains(spot) for shape, spot in zip(areas.geometry, spots, strict=True))


def test_kelurahan_in_metres_need_their_coordinate_system(city: Path) -> None:
    file = city.with_name("utm.parquet")
    without_crs(gpd.read_file(city).to_crs(32749)).to_parquet(file)
    output = city.with_name("rt.parquet")
    without_crs_option = run(file, *COLUMNS, "--rt", 9, "--output", output)
    assert (without_crs_option.exit_code, "[no-crs]" in without_crs_option.stderr) == (1, True)
    assert not output.exists()
    with_crs = run(file, *COLUMNS, "--rt", 9, "--crs", "EPSG:32749", "--output", output)
    assert with_crs.exit_code == 0
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


def test_an_unknown_output_format_is_refused_before_any_work(city: Path) -> None:
    answer = run(city.with_name("missing.geojson"), "--rt", 9, "--output", city.with_name("rt.kml"))
    assert answer.exit_code == 1
    assert "[output-format]" in answer.stderr


def test_a_command_without_output_is_a_usage_error(city: Path) -> None:
    assert run(city, "--rt", 9).exit_code == 2


# --- RW and dusun divided into RT


@pytest.fixture
def drawn_rw(tmp_path: Path) -> Path:
    """Two RW of one kelurahan and two dusun of another kelurahan, as an office has them."""
    frame = frame_of([square(0), square(1), square(2), square(3)])
    frame["code"] = ["33.74.06.1001"] * 2 + ["33.74.06.1002"] * 2
    frame["name"] = ["Satu"] * 2 + ["Dua"] * 2
    frame["rw"] = ["RW 01", "Rw 04", "DUSUN II", "LINGKUNGAN 3"]
    frame["jumlah"] = [2, 3, 4, 5]
    frame["nama"] = "Mawar"
    frame.to_file(tmp_path / "rw.geojson")
    return tmp_path / "rw.geojson"


def numbers(areas: gpd.GeoDataFrame) -> dict[str, int]:
    """Number of RT of each RW, by the code of the RW."""
    return dict(Counter(code.rpartition("-")[0] for code in areas["code"]))


RW_CODES = ("33.74.06.1001-001", "33.74.06.1001-004", "33.74.06.1002-002", "33.74.06.1002-003")


def test_rt_are_numbered_inside_their_rw(drawn_rw: Path) -> None:
    output = drawn_rw.with_name("rt.parquet")
    answer = run(drawn_rw, "--rw", "rw", "--rt", 24, "--output", output, "--json")
    assert answer.exit_code == 0, answer.stderr
    summary = json.loads(answer.stdout)
    assert (summary["kelurahan"], summary["rw"], summary["rt"]) == (2, 4, 24)
    assert "DUSUN II, LINGKUNGAN 3" in summary["remarks"][0]
    areas = gpd.read_parquet(output)
    assert set(numbers(areas)) == set(RW_CODES)
    rw_frame = gpd.read_file(drawn_rw)
    for shape, rw_code in zip(rw_frame.geometry, RW_CODES, strict=True):
        rt_of_rw = areas[areas["code"].str.startswith(rw_code)]
        assert shapely.union_all(shapes_of(rt_of_rw)).symmetric_difference(shape).area < 1e-12
        assert sorted(rt_of_rw["rt"]) == list(range(1, len(rt_of_rw) + 1))
        assert rt_of_rw["name"].str.endswith(f"RW {rw_code[-3:]}").all()


def test_a_column_or_a_table_gives_the_number_of_rt(drawn_rw: Path) -> None:
    output = drawn_rw.with_name("rt.parquet")
    expected = dict(zip(RW_CODES, (2, 3, 4, 5), strict=True))
    assert run(drawn_rw, "--rw", "rw", "--rt-column", "jumlah", "--output", output).exit_code == 0
    assert numbers(gpd.read_parquet(output)) == expected
    table = drawn_rw.with_name("rt.csv")
    rows = [f"{code[:13]},{int(code[-3:])},{count}" for code, count in expected.items()]
    table.write_text("\n".join(["code,rw,rt", *reversed(rows)]))
    output.unlink()
    assert run(drawn_rw, "--rw", "rw", "--rt-table", table, "--output", output).exit_code == 0
    assert numbers(gpd.read_parquet(output)) == expected


def test_a_table_gives_the_number_of_rt_of_each_kelurahan(city: Path) -> None:
    output, table = city.with_name("rt.parquet"), city.with_name("rt.csv")
    table.write_text("kode,rt\n33.74.06.1001,7\n33.74.06.1002,9\n")
    assert run(city, *COLUMNS, "--rt-table", table, "--output", output).exit_code == 0
    areas = gpd.read_parquet(output)
    assert list(areas.groupby("kelurahan_code").size()) == [7, 9]


def test_points_make_rt_inside_their_rw_and_must_not_name_another_rw(drawn_rw: Path) -> None:
    points = drawn_rw.with_name("points.gpkg")
    spots = [shapely.Point(LON + x, LAT + 0.005) for x in (0.002, 0.008, 0.015)]

    def write(*labels: str) -> None:
        frame = gpd.GeoDataFrame({"balai": labels}, geometry=spots, crs=4326)
        frame.to_file(points)

    output = drawn_rw.with_name("rt.parquet")
    options = ("--rw", "rw", "--points", points, "--points-label", "balai", "--output", output)
    write("RT 1 RW 1", "RT 2 RW 1", "RT 1 RW 4")
    assert run(drawn_rw, *options).exit_code == 0
    assert numbers(gpd.read_parquet(output)) == dict(zip(RW_CODES, (2, 1, 1, 1), strict=True))
    output.unlink()
    write("RT 1 RW 1", "RT 2 RW 9", "RT 1 RW 4")
    answer = run(drawn_rw, *options)
    assert "[label-elsewhere]" in answer.stderr
    assert not output.exists()


def test_an_rw_in_two_rows_becomes_one_rw_with_a_remark(drawn_rw: Path) -> None:
    frame = gpd.read_file(drawn_rw)
    frame.loc[1, "rw"] = "rw 01"
    frame.to_file(drawn_rw)
    output = drawn_rw.with_name("rt.parquet")
    answer = run(drawn_rw, "--rw", "rw", "--rt", 12, "--output", output)
    assert "33.74.06.1001 RW 1 is drawn in 2 rows" in answer.stderr
    assert set(numbers(gpd.read_parquet(output))) == {RW_CODES[0], *RW_CODES[2:]}
    differ = run(drawn_rw, "--rw", "rw", "--rt-column", "jumlah", "--output", output)
    assert "[rt-number]" in differ.stderr


def write_table(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


WHOLE = "33.74.06.1001,1,2\n33.74.06.1001,4,3\n33.74.06.1002,2,4\n33.74.06.1002,3,5\n"
RW_FAULTS: list[tuple[str, tuple[object, ...], str]] = [
    ("rw-unreadable", ("--rw", "nama", "--rt", 9), ""),
    ("missing-column", ("--rw", "nothing", "--rt", 9), ""),
    ("rt-number", ("--rw", "rw"), ""),
    ("rt-number", ("--rw", "rw", "--rt", 3), ""),
    ("rt-number", ("--rw", "rw", "--rt", 9, "--rt-column", "jumlah"), ""),
    ("rt-number", ("--rw", "rw", "--rt-column", "nama"), ""),
    ("missing-column", ("--rw", "rw", "--rt-column", "nothing"), ""),
    ("duplicate-code", ("--rt-column", "jumlah"), ""),
    ("rt-table", ("--rw", "rw"), "code,rt\n33.74.06.1001,1\n"),
    ("rt-table", ("--rw", "rw"), "rw,rt\n1,1\n"),
    ("rt-table", ("--rw", "rw"), "code,rw,rt\n33.74.06.1001,1,3\n"),
    ("rt-table", ("--rw", "rw"), f"code,rw,rt\n{WHOLE}33.74.06.1009,1,3\n"),
    ("rt-table", ("--rw", "rw"), f"code,rw,rt\n{WHOLE}33.74.06.1001,1,3\n"),
    ("rt-table", ("--rw", "rw"), f"code,rw,rt\n{WHOLE}".replace(",2,4", ",2,0")),
    ("rt-table", ("--rw", "rw"), f"code,rw,rt\n{WHOLE}".replace(",2,4", ",x,4")),
    ("rt-number", ("--rw", "rw", "--rt-column", "jumlah"), f"code,rw,rt\n{WHOLE}"),
    ("outside-indonesia", ("--rw", "rw", "--rt", 9, "--crs", "EPSG:3395"), ""),
    ("leave-out", ("--rw", "rw", "--rt", 9, "--leave-out", "danau"), ""),
]


@pytest.mark.parametrize(("code", "options", "table"), RW_FAULTS)
def test_a_fault_in_the_options_of_rw_is_one_sentence_and_nothing_is_written(
    drawn_rw: Path, code: str, options: tuple[object, ...], table: str
) -> None:
    if code == "outside-indonesia":
        frame = gpd.read_file(drawn_rw)
        frame.set_geometry(frame.translate(-60)).to_file(drawn_rw)
        options = options[:4]
    if table:
        options = (*options, "--rt-table", write_table(drawn_rw.with_name("rt.csv"), table))
    output = drawn_rw.with_name("rt.parquet")
    answer = run(drawn_rw, *options, "--output", output)
    assert answer.exit_code == 1
    assert "\n" not in answer.stderr.strip()
    assert f"[{code}]" in answer.stderr
    assert answer.stdout == ""
    assert not output.exists()
