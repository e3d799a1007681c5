"""Boundaries as offices have them, by the commands: each option, and wrong input for each."""

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
from tests.cities.drawn_city import SIDE, drawn_city, put

NAMED = ("--rt-label", "label")


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(boundaries, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result


def answer(*arguments: object) -> dict[str, Any]:
    found = json.loads(run(*arguments, "--json").stdout)
    assert isinstance(found, dict)
    return found


def url(folder: Path) -> str:
    return f"duckdb:///{folder}/city.duckdb"


def kept(folder: Path) -> Boundaries:
    with open_store(url(folder)) as store:
        return load_boundaries(store)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[gpd.GeoDataFrame], Path]:
    """Writes a frame and says where."""

    def write(frame: gpd.GeoDataFrame, name: str = "file.gpkg") -> Path:
        frame.to_file(tmp_path / name)
        return tmp_path / name

    return write


Write = Callable[..., Path]


@pytest.fixture
def unchanged_city(tmp_path: Path, file: Write) -> Iterator[Path]:
    """A city that is loaded and must be in force still when the test ends."""
    run("load", file(drawn_city(2), "first.gpkg"), "--database", url(tmp_path))
    before = kept(tmp_path).id
    yield tmp_path
    assert kept(tmp_path).id == before


def refused(code: str, *arguments: object) -> str:
    result = run(*arguments, status=1)
    assert result.stdout == ""
    assert "\n" not in result.stderr.strip()
    assert result.stderr.strip().endswith(f"[{code}]")
    return result.stderr


# --- where the file lies


def test_check_and_load_say_where_the_file_lies(tmp_path: Path, file: Write) -> None:
    path = file(drawn_city(1))
    for command in (("check", path), ("load", path, "--database", url(tmp_path))):
        assert "around 110.40" in run(*command).stderr
    assert answer("check", path)["place"]["in_indonesia"] is True


def test_a_far_area_is_refused_by_load_named_by_check_and_taken_when_said(
    unchanged_city: Path, file: Write
) -> None:
    city = drawn_city(1)
    put(city, 4, shapely.box(0, 0, SIDE, SIDE))
    path = file(city)
    said = refused("far-area", "load", path, "--database", url(unchanged_city))
    assert "row 5 (33.74.06.1010-002-001)" in said
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
    told = answer("load", path, "--database", other, "--allow-far")
    assert any("row 5" in remark for remark in told["remarks"])


def test_a_coordinate_system_that_leads_out_of_indonesia_is_refused_unless_said(
    unchanged_city: Path, file: Write
) -> None:
    metres = file(drawn_city(1).to_crs(32749))
    said = refused(
        "outside-indonesia", "load", metres, "--crs", "EPSG:32631", "--database",
        url(unchanged_city),
    )  # fmt: skip
    assert "83.0664 N" in said
    abroad = file(drawn_city(1).set_geometry(drawn_city(1).translate(0, 25)), "abroad.gpkg")
    refused("outside-indonesia", "load", abroad, "--database", url(unchanged_city))
    other = f"duckdb:///{unchanged_city}/other.duckdb"
    assert answer("load", abroad, "--database", other, "--outside-indonesia")["read"] == 16
    assert "not in Indonesia" in run("check", abroad).stderr


def test_check_says_what_load_would_refuse_of_the_city(file: Write) -> None:
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
        found = answer("load", path, "--database", other, "--leave-out", f"kelurahan_name={name}")
        assert found["areas"]["rt"] == 8
    assert {"Kota Semarang", "Kabupaten Semarang"} == {
        load_boundaries(store).level("kota")["name"].iloc[0]
        for number in (0, 1)
        for store in [open_store(f"duckdb:///{unchanged_city}/other{number}.duckdb")]
    }


def test_a_city_without_a_name_is_asked_for(tmp_path: Path, file: Write) -> None:
    city = drawn_city(1).assign(kelurahan_code="76.99.06.1010")
    path = file(city)
    said = refused("no-kota-name", "load", path, "--database", url(tmp_path))
    assert "--kota-name" in said
    assert not (tmp_path / "city.duckdb").exists()
    run("load", path, "--database", url(tmp_path), "--kota-name", "=Kabupaten Contoh")
    assert kept(tmp_path).level("kota")["name"].tolist() == ["Kabupaten Contoh"]


# --- where RT are not drawn


def test_load_of_rw_leads_on_to_both_ways(tmp_path: Path, file: Write) -> None:
    said = refused("no-rt", "load", file(squares(RW)), "--database", url(tmp_path), *NAMED)
    assert "boundaries make" in said
    assert "--smallest-zone" in said
    assert not (tmp_path / "city.duckdb").exists()


@pytest.mark.parametrize(
    ("labels", "kind", "counts"),
    [
        (RW, "rw", {"rw": 7, "rt": 0, "other": 1}),
        (DUSUN, "dusun", {"rw": 0, "rt": 0, "dusun": 8, "other": 0}),
        (SLS, "sls", {"rw": 2, "rt": 3, "sls": 4, "other": 1}),
    ],
)
def test_what_is_drawn_is_loaded_at_its_level_and_said(
    labels: tuple[str | None, ...],
    kind: str,
    counts: dict[str, int],
    tmp_path: Path,
    file: Write,
) -> None:
    load = ("load", file(squares(labels)), "--database", url(tmp_path), *NAMED)
    found = answer(*load, "--smallest-zone", kind)
    assert found["smallest_zone"] == kind
    assert {level: found["areas"][level] for level in counts} == counts
    again = run(*load, "--smallest-zone", kind)
    assert "Unchanged" in again.stderr
    assert "the law sets its thresholds for RT" in again.stderr


def test_a_city_may_go_from_rw_to_rt_by_a_day(tmp_path: Path, file: Write) -> None:
    rw = file(squares(RW[:7]), "rw.gpkg")
    run("load", rw, "--database", url(tmp_path), *NAMED, "--smallest-zone", "rw")
    made = tmp_path / "rt.parquet"
    named = ("--code", "kelurahan_code", "--name", "kelurahan_name")
    above = ("--parent-code", "=33.74.10", "--parent-name", "=Tembalang")
    run("make", rw, *named, *above, "--rw", "label", "--rt", 30, "--output", made)
    found = answer("load", made, "--database", url(tmp_path), "--in-force", "2021-08-01")
    assert found["areas"]["rw"] == 7
    assert found["areas"]["rt"] == 30
    assert len(answer("versions", "--database", url(tmp_path))["versions"]) == 2


def test_labels_of_rw_are_no_unreadable_labels(file: Write) -> None:
    assert answer("check", file(squares(RW[:7])), *NAMED)["faults"]["unreadable-label"] == 0
    odd = squares(("RW 5A", *RW[1:7]))
    assert answer("check", file(odd, "odd.gpkg"), *NAMED)["faults"]["unreadable-label"] == 1


def test_a_label_that_is_no_rw_is_said(tmp_path: Path, file: Write) -> None:
    path = file(squares(("RW 5A", "DUSUN II", *RW[2:])))
    load = ("load", path, "--database", url(tmp_path), *NAMED, "--smallest-zone", "rw")
    assert answer(*load)["unread_labels"] == ["DUSUN II", "RW 5A"]


def test_no_polygon_of_the_kind_is_said(tmp_path: Path, file: Write) -> None:
    path = file(squares(("PASAR", "KOLAM", "KEBUN")))
    load = ("load", path, "--database", url(tmp_path))
    refused("no-small-zones", *load, *NAMED, "--smallest-zone", "rw")
    refused("no-small-zones", *load, "--smallest-zone", "sls")


# --- real data


def test_the_rw_of_pekunden_go_both_ways(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    mended = tmp_path / "rw.gpkg"
    run("mend", shared_data("pekunden/rw.geojson"), "--output", mended)
    made = tmp_path / "rt.parquet"
    found = answer(
        "make", mended, "--code", "=33.02.17.2005", "--name", "=Pekunden", "--parent-code",
        "=33.02.17", "--parent-name", "=Banyumas", "--rw", "Nama", "--rt", 17, "--output", made,
    )  # fmt: skip
    assert (found["rw"], found["rt"]) == (4, 17)
    assert "drawn in 2 rows" in found["remarks"][0]
    assert answer("load", made, "--database", url(tmp_path))["areas"]["rt"] == 17
    loaded = answer(
        "load", mended, "--database", url(tmp_path), "--kelurahan-code", "=33.02.17.2005",
        "--kelurahan-name", "=Pekunden", "--rt-label", "Nama", "--smallest-zone", "rw",
    )  # fmt: skip
    assert loaded["areas"]["rw"] == 4
    assert kept(tmp_path).level("kota")["name"].tolist() == ["Kabupaten Banyumas"]


def test_surakarta_is_named_by_its_own_file(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    columns = ("--kelurahan-code", "desaID", "--kecamatan-code", "kecID", "--rt-label", "sls_non")
    run("load", shared_data("surakarta/rt.geojson"), "--database", url(tmp_path), *columns)
    kota = kept(tmp_path).level("kota")
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
def test_the_cases_that_came_out_wrong_come_out_right(
    name: str, code: str | None, said: str, tmp_path: Path
) -> None:
    path = CASES / f"{name}.geojson"
    if not path.exists():
        pytest.skip(f"shared/cases/{path.name} is not beside this checkout")
    load = ("load", path, "--database", url(tmp_path))
    if code is not None:
        assert said in refused(code, *load)
        return
    found = answer(*load)
    assert found["areas"]["rt"] == 12
    assert found["areas"]["kelurahan"] == (3 if name.startswith("same") else 2)
    assert any(said in remark for remark in found["remarks"])
