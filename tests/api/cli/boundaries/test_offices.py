"""The commands on boundaries with files of offices: each option, and wrong input for each."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner, Result

from api.cli.groups.boundaries import boundaries
from geodata.boundaries import Boundaries, load_boundaries
from geodata.store import open_store
from tests.cities.city_without_rt import DUSUN, RW, SLS, squares
from tests.cities.drawn_city import SIDE, drawn_city, set_shape

NAMED = ("--rt-label", "label")


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


def load_kept_boundaries(folder: Path) -> Boundaries:
    with open_store(url(folder)) as store:
        return load_boundaries(store)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[gpd.GeoDataFrame], Path]:
    """Writes a frame and returns the path."""

    def write(frame: gpd.GeoDataFrame, name: str = "file.gpkg") -> Path:
        frame.to_file(tmp_path / name)
        return tmp_path / name

    return write


Write = Callable[..., Path]


@pytest.fixture
def unchanged_city(tmp_path: Path, file: Write) -> Iterator[Path]:
    """The folder of a loaded city, whose boundaries must still be in force after the test."""
    run("load", file(drawn_city(2), "first.gpkg"), "--database", url(tmp_path))
    before = load_kept_boundaries(tmp_path).id
    yield tmp_path
    assert load_kept_boundaries(tmp_path).id == before


def refused(code: str, *arguments: object) -> str:
    result = run(*arguments, status=1)
    assert result.stdout == ""
    assert "\n" not in result.stderr.strip()
    assert result.stderr.strip().endswith(f"[{code}]")
    return result.stderr


# --- the place of the file


def test_check_and_load_print_the_place_of_the_file(tmp_path: Path, file: Write) -> None:
    path = file(drawn_city(1))
    for command in (("check", path), ("load", path, "--database", url(tmp_path))):
        assert "around 110.40" in run(*command).stderr
    assert answer("check", path)["place"]["in_indonesia"] is True


def test_a_far_area_is_refused_unless_allow_far_is_given(unchanged_city: Path, file: Write) -> None:
    city = drawn_city(1)
    set_shape(city, 4, shapely.box(0, 0, SIDE, SIDE))
    path = file(city)
    sentence = refused("far-area", "load", path, "--database", url(unchanged_city))
    assert "row 5 (33.74.06.1010-002-001)" in sentence
    assert answer("check", path)["faults"]["far-area"] == 1
    output = unchanged_city / "x.gpkg"
    refused("far-area", "mend", path, "--output", output)
    refused(
        "far-area", "make", path, "--code", "kelurahan_code", "--name", "kelurahan_name",
        "--parent-code", "=33.74.06", "--parent-name", "=Pedurungan", "--rt", 20,
        "--output", output,
    )  # fmt: skip
    assert not output.exists()
    other = f"duckdb:///{unchanged_city}/other.duckdb"
    summary = answer("load", path, "--database", other, "--allow-far")
    assert any("row 5" in remark for remark in summary["remarks"])


def test_a_place_outside_indonesia_is_refused_unless_the_option_is_given(
    unchanged_city: Path, file: Write
) -> None:
    in_metres = file(drawn_city(1).to_crs(32749))
    sentence = refused(
        "outside-indonesia", "load", in_metres, "--crs", "EPSG:32631", "--database",
        url(unchanged_city),
    )  # fmt: skip
    assert "83.0664 N" in sentence
    abroad = file(drawn_city(1).set_geometry(drawn_city(1).translate(0, 25)), "abroad.gpkg")
    refused("outside-indonesia", "load", abroad, "--database", url(unchanged_city))
    other = f"duckdb:///{unchanged_city}/other.duckdb"
    assert answer("load", abroad, "--database", other, "--outside-indonesia")["read"] == 16
    assert "not in Indonesia" in run("check", abroad).stderr


def test_check_reports_what_load_would_refuse(file: Write) -> None:
    city = drawn_city(1)
    city.loc[8:, ["kelurahan_code", "kelurahan_name"]] = ["33.22.01.1001", "Lain"]
    assert "2 cities or regencies" in run("check", file(city)).stderr
    unnamed = drawn_city(1).assign(kelurahan_code="76.99.06.1010")
    assert "--kota-name" in run("check", file(unnamed, "unnamed.gpkg")).stderr
    city = drawn_city(1).astype({"kelurahan_code": object})
    city.loc[3, ["kelurahan_code", "kelurahan_name"]] = [None, "DANAU"]
    assert "row 4 (DANAU)" in run("check", file(city, "lake.gpkg")).stderr


# --- options of the file


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--encoding", "nonsense"), "unknown-encoding"),
        (("--encoding", "utf-8"), "unknown-encoding"),
        (("--source", "nasa"), "unknown-source"),
        (("--source", ""), "unknown-source"),
        (("--source", "bps"), "not-bps"),
        (("--leave-out", "danau"), "leave-out"),
        (("--leave-out", "no-code"), "leave-out"),
        (("--leave-out", "kelurahan_name=Nowhere"), "leave-out"),
        (("--labels", "none.csv"), "no-file"),
        (("--smallest-zone", "desa"), "smallest-zone"),
        (("--smallest-zone", ""), "smallest-zone"),
        (("--smallest-zone", "rw"), "rt-are-drawn"),
        (("--smallest-zone", "dusun"), "rt-are-drawn"),
        (("--kota-code", "=33.75"), "code-not-nested"),
        (("--kota-name", "nama_kota"), "missing-column"),
    ],
)
def test_wrong_input_for_an_option_is_one_sentence_and_changes_nothing(
    options: tuple[str, ...], code: str, unchanged_city: Path, file: Write
) -> None:
    refused(code, "load", file(drawn_city(1)), "--database", url(unchanged_city), *options)


def test_two_cities_are_refused_and_each_loads_without_the_other(
    unchanged_city: Path, file: Write
) -> None:
    city = drawn_city(1)
    city.loc[8:, ["kelurahan_code", "kelurahan_name"]] = ["33.22.01.1001", "Lain"]
    path = file(city)
    refused("two-kota", "load", path, "--database", url(unchanged_city))
    for number, name in enumerate(("Lain", "Tembalang")):
        other = f"duckdb:///{unchanged_city}/other{number}.duckdb"
        summary = answer("load", path, "--database", other, "--leave-out", f"kelurahan_name={name}")
        assert summary["areas"]["rt"] == 8
    assert {"Kota Semarang", "Kabupaten Semarang"} == {
        load_boundaries(store).level("kota")["name"].iloc[0]
        for number in (0, 1)
        for store in [open_store(f"duckdb:///{unchanged_city}/other{number}.duckdb")]
    }


def test_load_asks_for_the_name_of_the_city(tmp_path: Path, file: Write) -> None:
    city = drawn_city(1).assign(kelurahan_code="76.99.06.1010")
    path = file(city)
    sentence = refused("no-kota-name", "load", path, "--database", url(tmp_path))
    assert "--kota-name" in sentence
    assert not (tmp_path / "city.duckdb").exists()
    run("load", path, "--database", url(tmp_path), "--kota-name", "=Kabupaten Contoh")
    assert load_kept_boundaries(tmp_path).level("kota")["name"].tolist() == ["Kabupaten Contoh"]


# --- cities without polygons of RT


def test_load_of_rw_names_both_remedies(tmp_path: Path, file: Write) -> None:
    sentence = refused("no-rt", "load", file(squares(RW)), "--database", url(tmp_path), *NAMED)
    assert "boundaries make" in sentence
    assert "--smallest-zone" in sentence
    assert not (tmp_path / "city.duckdb").exists()


@pytest.mark.parametrize(
    ("labels", "kind", "counts"),
    [
        (RW, "rw", {"rw": 7, "rt": 0, "other": 1}),
        (DUSUN, "dusun", {"rw": 0, "rt": 0, "dusun": 8, "other": 0}),
        (SLS, "sls", {"rw": 2, "rt": 3, "sls": 4, "other": 1}),
    ],
)
def test_polygons_of_the_smallest_zone_are_loaded_at_their_level(
    labels: tuple[str | None, ...],
    kind: str,
    counts: dict[str, int],
    tmp_path: Path,
    file: Write,
) -> None:
    load = ("load", file(squares(labels)), "--database", url(tmp_path), *NAMED)
    summary = answer(*load, "--smallest-zone", kind)
    assert summary["smallest_zone"] == kind
    assert {level: summary["areas"][level] for level in counts} == counts
    second = run(*load, "--smallest-zone", kind)
    assert "Unchanged" in second.stderr
    assert "the law sets its thresholds for RT" in second.stderr


def test_a_city_changes_from_rw_to_rt_on_a_day(tmp_path: Path, file: Write) -> None:
    rw = file(squares(RW[:7]), "rw.gpkg")
    run("load", rw, "--database", url(tmp_path), *NAMED, "--smallest-zone", "rw")
    rt_file = tmp_path / "rt.parquet"
    columns = ("--code", "kelurahan_code", "--name", "kelurahan_name")
    parent_columns = ("--parent-code", "=33.74.10", "--parent-name", "=Tembalang")
    run("make", rw, *columns, *parent_columns, "--rw", "label", "--rt", 30, "--output", rt_file)
    summary = answer("load", rt_file, "--database", url(tmp_path), "--in-force", "2021-08-01")
    assert summary["areas"]["rw"] == 7
    assert summary["areas"]["rt"] == 30
    assert len(answer("versions", "--database", url(tmp_path))["versions"]) == 2


def test_a_label_of_an_rw_is_not_unreadable(file: Write) -> None:
    assert answer("check", file(squares(RW[:7])), *NAMED)["faults"]["unreadable-label"] == 0
    with_odd_label = squares(("RW 5A", *RW[1:7]))
    assert (
        answer("check", file(with_odd_label, "odd.gpkg"), *NAMED)["faults"]["unreadable-label"] == 1
    )


def test_a_label_that_is_not_an_rw_is_reported(tmp_path: Path, file: Write) -> None:
    path = file(squares(("RW 5A", "DUSUN II", *RW[2:])))
    load = ("load", path, "--database", url(tmp_path), *NAMED, "--smallest-zone", "rw")
    assert answer(*load)["unread_labels"] == ["DUSUN II", "RW 5A"]


def test_a_file_without_polygons_of_the_kind_is_an_error(tmp_path: Path, file: Write) -> None:
    path = file(squares(("PASAR", "KOLAM", "KEBUN")))
    load = ("load", path, "--database", url(tmp_path))
    refused("no-small-zones", *load, *NAMED, "--smallest-zone", "rw")
    refused("no-small-zones", *load, "--smallest-zone", "sls")


# --- real data


def test_the_rw_of_pekunden_are_divided_or_loaded_as_smallest_zone(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    mended = tmp_path / "rw.gpkg"
    run("mend", shared_data("pekunden/rw.geojson"), "--output", mended)
    rt_file = tmp_path / "rt.parquet"
    summary = answer(
        "make", mended, "--code", "=33.02.17.2005", "--name", "=Pekunden", "--parent-code",
        "=33.02.17", "--parent-name", "=Banyumas", "--rw", "Nama", "--rt", 17, "--output", rt_file,
    )  # fmt: skip
    assert (summary["rw"], summary["rt"]) == (4, 17)
    assert "drawn in 2 rows" in summary["remarks"][0]
    assert answer("load", rt_file, "--database", url(tmp_path))["areas"]["rt"] == 17
    loaded = answer(
        "load", mended, "--database", url(tmp_path), "--kelurahan-code", "=33.02.17.2005",
        "--kelurahan-name", "=Pekunden", "--rt-label", "Nama", "--smallest-zone", "rw",
    )  # fmt: skip
    assert loaded["areas"]["rw"] == 4
    assert load_kept_boundaries(tmp_path).level("kota")["name"].tolist() == ["Kabupaten Banyumas"]


def test_the_file_of_surakarta_has_the_name_of_the_city(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    columns = ("--kelurahan-code", "desaID", "--kecamatan-code", "kecID", "--rt-label", "sls_non")
    run("load", shared_data("surakarta/rt.geojson"), "--database", url(tmp_path), *columns)
    kota = load_kept_boundaries(tmp_path).level("kota")
    assert kota[["code", "name"]].to_numpy().tolist() == [["72", "KOTA SURAKARTA"]]


CASES = Path(__file__).resolve().parents[5] / "shared" / "cases"


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("far_null", "far-area", "row 1 (33.74.10.1001-001-001)"),
        ("far_lon", "far-area", "row 1 (33.74.10.1001-001-001)"),
        ("gc", None, "row 1"),
        ("unclosed", None, "row 1"),
        ("codezwsp", None, ""),
        ("same-name-two-codes", None, "called MELATI: 33.74.10.1001, 33.74.10.1003"),
    ],
)
def test_files_that_failed_before_load_correctly(
    name: str, code: str | None, said: str, tmp_path: Path
) -> None:
    path = CASES / f"{name}.geojson"
    if not path.exists():
        pytest.skip(f"shared/cases/{path.name} is not beside this checkout")
    load = ("load", path, "--database", url(tmp_path))
    if code is not None:
        assert said in refused(code, *load)
        return
    summary = answer(*load)
    assert summary["areas"]["rt"] == 12
    assert summary["areas"]["kelurahan"] == (3 if name.startswith("same") else 2)
    assert any(said in remark for remark in summary["remarks"])
