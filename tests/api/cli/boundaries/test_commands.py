"""The commands on boundaries: their output, files and database, and what they do not change."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner, Result

from api.cli.groups.boundaries import boundaries
from geodata.boundaries import load_boundaries
from geodata.store import open_store
from tests.cities.drawn_city import (
    KELURAHAN,
    drawn_city,
    get_corner,
    move_corner,
    shares_every_edge,
)

SURAKARTA = [
    "--kelurahan-code", "desaID", "--kelurahan-name", "Nama_desa",
    "--kecamatan-code", "kecID", "--kecamatan-name", "Nama_kecam", "--rt-label", "sls_non",
]  # fmt: skip
PEKUNDEN = [
    "--kelurahan-code", "=33.02.17.2005", "--kelurahan-name", "=Pekunden", "--rt-label", "Nama",
]  # fmt: skip


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(boundaries, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result


def answer(*arguments: object) -> dict[str, Any]:
    summary = json.loads(run(*arguments, "--json").stdout)
    assert isinstance(summary, dict)
    return summary


def url(folder: Path) -> str:
    return f"duckdb:///{folder}/city.duckdb"


def spoilt(share: float) -> gpd.GeoDataFrame:
    """A city with one gap (positive) or with overlaps (negative) at one corner."""
    city = drawn_city(1)
    corner = get_corner(city.geometry[5], 0)
    middle = shapely.get_coordinates(shapely.centroid(city.geometry[5]))[0]
    move_corner(city, 5, 0, corner + (middle - corner) * share)
    return city


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    drawn_city(1).to_parquet(tmp_path / "rt.parquet")
    return tmp_path / "rt.parquet"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    spoilt(0.05).to_parquet(tmp_path / "untidy.parquet")
    return tmp_path / "untidy.parquet"


def test_check_counts_the_faults_and_leaves_with_status_0(untidy: Path) -> None:
    summary = answer("check", untidy)
    assert summary["areas"] == 16
    assert {kind: n for kind, n in summary["faults"].items() if n} == {"gap": 1}
    assert summary["square_metres"]["gap_m2"] > 1


def test_check_prints_a_table_and_writes_a_layer_of_fault_positions(
    untidy: Path, tmp_path: Path
) -> None:
    result = run("check", untidy, "--output", tmp_path / "problems.gpkg")
    assert "gap" in result.stdout
    assert "1 positions of faults" in result.stderr
    assert len(pyogrio.list_layers(tmp_path / "problems.gpkg")) == 2


def test_check_against_parents_takes_their_file_and_column(clean: Path, tmp_path: Path) -> None:
    city = drawn_city(1)
    half = shapely.union_all(city.geometry.to_numpy()[:8])
    parent_frame = gpd.GeoDataFrame({"kode": [KELURAHAN]}, geometry=[half], crs=city.crs)
    parent_frame.to_file(tmp_path / "kelurahan.gpkg")
    parents = ("--parents", tmp_path / "kelurahan.gpkg", "--parents-code", "kode")
    assert answer("check", clean, *parents)["faults"]["outside-parent"] == 8


def test_load_keeps_every_level_and_the_same_file_twice_changes_nothing(
    clean: Path, tmp_path: Path
) -> None:
    first = answer("load", clean, "--database", url(tmp_path))
    assert first["status"] == "new"
    assert first["read"] == 16
    assert first["areas"] == {
        "kota": 1, "kecamatan": 1, "kelurahan": 1, "rw": 4, "rt": 16, "other": 0,
    }  # fmt: skip
    assert first["repaired_m2"] == 0
    second = answer("load", clean, "--database", url(tmp_path))
    assert second == {**first, "status": "unchanged"}
    assert "Unchanged" in run("load", clean, "--database", url(tmp_path)).stderr
    with open_store(url(tmp_path)) as store:
        assert load_boundaries(store).id == first["boundaries"]


def test_load_mends_and_reports_the_square_metres(untidy: Path, tmp_path: Path) -> None:
    summary = answer("load", untidy, "--database", url(tmp_path))
    assert summary["gaps_filled"] == 1
    assert summary["repaired_m2"] == summary["gap_m2"] > 1
    assert sum(area["gained_m2"] for area in summary["per_area"]) == pytest.approx(
        summary["gap_m2"], abs=0.5
    )
    with open_store(url(tmp_path)) as store:
        assert shares_every_edge(load_boundaries(store).smallest_zones.geometry.to_numpy())


def test_load_prints_what_it_mended(untidy: Path, tmp_path: Path) -> None:
    result = run("load", untidy, "--database", url(tmp_path))
    assert "gaps filled" in result.stdout
    assert "m2" in result.stdout
    assert "in force" in result.stderr


def test_load_refuses_too_much_repair_and_keeps_the_old_boundaries(
    clean: Path, tmp_path: Path
) -> None:
    before = answer("load", clean, "--database", url(tmp_path))
    spoilt(-0.9).to_parquet(tmp_path / "bad.parquet")
    result = run("load", tmp_path / "bad.parquet", "--database", url(tmp_path), status=1)
    assert "[too-much-repair]" in result.stderr
    with open_store(url(tmp_path)) as store:
        assert load_boundaries(store).id == before["boundaries"]
    option = ("--max-change", "0.5")
    assert answer("load", tmp_path / "bad.parquet", "--database", url(tmp_path), *option)


def write_nothing(path: Path) -> None:
    """There is no file."""


def write_text(path: Path) -> None:
    path.write_text("kode,nama\n1,Miroto\n")


def write_kelurahan(path: Path) -> None:
    drawn_city(1)[["kelurahan_code", "geometry"]].to_parquet(path)


def write_without_crs(path: Path) -> None:
    frame = drawn_city(1).to_crs(32749)
    bare = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.to_numpy())
    bare.to_parquet(path)


def write_swapped(path: Path) -> None:
    city = drawn_city(1)
    city["geometry"] = shapely.transform(city.geometry.to_numpy(), lambda c: c[:, ::-1])
    city.to_parquet(path)


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (Path.touch, "empty"),
        (write_text, "unreadable"),
        (write_kelurahan, "no-rt"),
        (write_without_crs, "no-crs"),
        (write_swapped, "swapped-axes"),
        (write_nothing, "no-file"),
    ],
)
def test_load_of_a_bad_file_is_one_sentence_and_makes_no_database(
    write: Callable[[Path], None], code: str, tmp_path: Path
) -> None:
    write(tmp_path / "file")
    result = run("load", tmp_path / "file", "--database", url(tmp_path), status=1)
    assert result.stdout == ""
    assert result.stderr.strip().endswith(f"[{code}]")
    assert not (tmp_path / "city.duckdb").exists()


def test_a_database_url_of_another_form_is_refused_before_any_work(clean: Path) -> None:
    result = run("load", clean, "--database", "city.duckdb", status=1)
    assert "[database-url]" in result.stderr


def test_a_missing_argument_is_a_usage_error() -> None:
    for command in ("check", "load", "mend"):
        run(command, status=2)


def test_mend_writes_all_columns_and_a_coverage(untidy: Path, tmp_path: Path) -> None:
    out = tmp_path / "mended.gpkg"
    summary = answer("mend", untidy, "--output", out)
    assert summary["gaps_filled"] == 1
    mended = gpd.read_file(out)
    assert list(mended.columns) == list(gpd.read_parquet(untidy).columns)
    assert sum(answer("check", out)["faults"].values()) == 0
    assert answer("mend", out, "--output", tmp_path / "again.geojson")["repaired_m2"] == 0


def test_mend_refuses_an_unknown_file_format(untidy: Path, tmp_path: Path) -> None:
    result = run("mend", untidy, "--output", tmp_path / "mended.docx", status=1)
    assert "[output-format]" in result.stderr


def test_every_column_has_an_option_with_help() -> None:
    help_text = run("load", "--help").stdout
    for option in ("--kelurahan-code", "--kota-name", "--rt-label", "--population", "--max-change"):
        assert option in help_text


def test_surakarta_loads_with_2784_rt(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    file = shared_data("surakarta/rt.geojson")
    summary = answer("load", file, "--database", url(tmp_path), *SURAKARTA)
    assert summary["read"] == 2860
    assert summary["areas"] == {
        "kota": 1, "kecamatan": 5, "kelurahan": 54, "rw": 626, "rt": 2784, "other": 76,
    }  # fmt: skip
    assert summary["repaired_m2"] == 0


def test_pekunden_loads_with_remarks_on_doubtful_labels(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    file = shared_data("pekunden/rt.geojson")
    summary = answer("load", file, "--database", url(tmp_path), *PEKUNDEN)
    assert summary["areas"]["rt"] == 15
    assert summary["merged"] == {"33.02.17.2005-001-001": 2}
    assert summary["unread_labels"] == ["RT O3 RW 04"]
    assert summary["repaired_m2"] == pytest.approx(2786, abs=5)
    with open_store(url(tmp_path)) as store:
        assert shares_every_edge(load_boundaries(store).smallest_zones.geometry.to_numpy())


def test_the_untidy_kelurahan_of_semarang_are_mended(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    file = shared_data("semarang/kelurahan_untidy.geojson")
    out = tmp_path / "mended.gpkg"
    summary = answer("mend", file, "--code", "kode", "--output", out)
    assert summary["repaired_m2"] == pytest.approx(413_736, abs=50)
    assert answer("check", out)["faults"]["overlap"] == 0
    result = run("load", file, "--database", url(tmp_path), "--kelurahan-code", "kode", status=1)
    assert "boundaries mend" in result.stderr


def test_versions_are_listed_and_a_crosswalk_is_written(clean: Path, tmp_path: Path) -> None:
    database = ("--database", url(tmp_path))
    first = answer("load", clean, *database)
    drawn_city(2).to_parquet(tmp_path / "second.parquet")
    second = answer(
        "load", tmp_path / "second.parquet", *database, "--in-force", "2021-08-01",
    )  # fmt: skip
    assert second["in_force"] == "2021-08-01"
    listed = answer("versions", *database)["versions"]
    assert [version["boundaries"] for version in listed] == [
        first["boundaries"],
        second["boundaries"],
    ]
    assert [version["until"] for version in listed] == ["2021-08-01", None]
    path = tmp_path / "shares.csv"
    summary = answer(
        "crosswalk", "--from", "2021-07-31", "--to", second["boundaries"], "--output", path,
        *database,
    )  # fmt: skip
    assert summary["from"] == first["boundaries"]
    shares = pd.read_csv(path)
    assert len(shares) == summary["rows"]
    assert shares.groupby("from")["share"].sum().tolist() == pytest.approx([1.0] * 16)
    run("crosswalk", "--from", "nothing", "--to", "x", "--output", path, *database, status=1)
