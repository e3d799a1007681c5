"""Columns of BPS, rows left out, labels numbered by a table, and the city's own name and code."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.areas import RtNumber, label_code, parse_dusun_label, parse_rw_label
from geodata.boundaries import Columns, Reading, name_areas, read_file, with_city
from geodata.boundaries.files.bps import with_source
from geodata.boundaries.files.relabelling import read_labels
from geodata.errors import BoundaryError, InputError, MikrozonasiError
from geodata.regions import regency_name
from tests.cities.drawn_city import drawn_city


def bps(**columns: Any) -> gpd.GeoDataFrame:
    """Eight SLS of four desa in two kecamatan, with the columns of BPS; some exchanged."""
    rows = [
        {
            "kdprov": 33,
            "kdkab": 74,
            "kdkec": 10 + 10 * (desa // 2),
            "kddesa": desa % 2 + 1,
            "kdsls": sls + 1,
            "nmkab": "SEMARANG",
            "nmkec": f"KECAMATAN {desa // 2}",
            "nmdesa": f"DESA {desa}",
            "nmsls": f"RT {sls + 1:03d} RW 001",
            "geometry": shapely.box(
                110.4 + 0.004 * desa + 0.002 * sls, -7, 110.402 + 0.004 * desa + 0.002 * sls, -6.998
            ),
        }
        for desa in range(4)
        for sls in range(2)
    ]
    frame = gpd.GeoDataFrame(rows, crs="EPSG:4326")
    return frame.assign(**columns) if columns else frame


PARTS = ["kdprov", "kdkab", "kdkec", "kddesa", "kdsls"]
DESA = [
    3374010001,
    3374010001,
    3374010002,
    3374010002,
    3374020001,
    3374020001,
    3374020002,
    3374020002,
]


def joined(name: str, cells: Sequence[object]) -> gpd.GeoDataFrame:
    return bps(**{name: cells}).drop(columns=PARTS)


@pytest.mark.parametrize(
    "frame",
    [
        bps(),
        bps()
        .rename(columns=str.upper)
        .rename(columns={"GEOMETRY": "geometry"})
        .set_geometry("geometry"),
        bps(kdkec=[f"{10 + 10 * (n // 4):03d}" for n in range(8)]),
        bps(kddesa=[float(n // 2 % 2 + 1) for n in range(8)]),
        bps(iddesa=DESA),
        joined("iddesa", DESA),
        joined("iddesa", [float(code) for code in DESA]),
        joined("iddesa", [f"{code}.0" for code in DESA]),
        joined("idsls", [f"{code}{n % 2 + 1:04d}" for n, code in enumerate(DESA)]),
        joined("idsls", [int(f"{code}{n % 2 + 1:04d}00") for n, code in enumerate(DESA)]),
        joined("IDSUBSLS", [f"{code}{n % 2 + 1:04d}00" for n, code in enumerate(DESA)]),
    ],
    ids=lambda frame: ",".join(frame.columns[:3]),
)
def test_every_way_bps_writes_its_codes_gives_the_same_areas(frame: gpd.GeoDataFrame) -> None:
    made = name_areas(with_source(frame, "bps"))
    assert made["code"].tolist() == [f"{code}-001-{n % 2 + 1:03d}" for n, code in enumerate(DESA)]
    assert made["kecamatan_code"].unique().tolist() == ["3374010", "3374020"]
    assert made["kota_code"].unique().tolist() == ["3374"]
    assert made["kota_name"].unique().tolist() == ["Kota SEMARANG"]
    assert made["kelurahan_name"].unique().tolist() == [f"DESA {n}" for n in range(4)]


@pytest.mark.parametrize(
    ("kab", "given", "name"),
    [
        (74, "SEMARANG", "Kota SEMARANG"),
        (22, "SEMARANG", "Kabupaten SEMARANG"),
        (74, "KOTA SEMARANG", "KOTA SEMARANG"),
        (22, "KAB. SEMARANG", "KAB. SEMARANG"),
    ],
)
def test_the_code_says_whether_it_is_a_city_or_a_regency(kab: int, given: str, name: str) -> None:
    made = with_source(bps(kdkab=kab, nmkab=given), "bps")
    assert made["kota_name"].unique().tolist() == [name]


def refusal(frame: gpd.GeoDataFrame) -> BoundaryError:
    with pytest.raises(BoundaryError) as caught:
        with_source(frame, "bps")
    return caught.value


def test_columns_of_another_source_are_said() -> None:
    error = refusal(drawn_city(1))
    assert error.code == "not-bps"
    assert "kelurahan_code" in error.message
    with pytest.raises(InputError) as caught:
        with_source(bps(), "nasa")
    assert caught.value.code == "unknown-source"
    assert "bps" in caught.value.message


@pytest.mark.parametrize(
    ("column", "cell"), [("kddesa", "x7"), ("kddesa", "1234"), ("kdkec", "-1"), ("kdprov", "3 3")]
)
def test_a_cell_that_is_no_code_is_said_with_its_row(column: str, cell: str) -> None:
    frame = bps().astype({column: object})
    frame.loc[3, column] = cell
    error = refusal(frame)
    assert error.code == "bad-code"
    assert "row 4" in error.message
    assert repr(cell) in error.message


@pytest.mark.parametrize("name", ["iddesa", "idsls"])
def test_a_joined_code_of_other_digits_is_said_with_its_row(name: str) -> None:
    cells: list[object] = [*DESA[:6], 33740, DESA[7]]
    assert "row 7" in refusal(joined("iddesa", cells)).message
    assert refusal(joined(name, [str(code)[:9] for code in DESA])).code == "bad-code"


def test_parts_and_joined_codes_that_differ_are_said() -> None:
    error = refusal(bps(iddesa=DESA[::-1]))
    assert error.code == "bad-code"
    assert "row 1" in error.message


# --- rows without a code


@pytest.fixture
def with_a_lake(tmp_path: Path) -> Path:
    frame = bps().astype({"kdkec": object, "kddesa": object})
    frame.loc[5, ["kdkec", "kddesa", "nmdesa", "nmsls"]] = [None, None, "RAWA PENING", None]
    frame.to_file(tmp_path / "a.gpkg")
    return tmp_path / "a.gpkg"


def test_a_lake_is_named_and_left_out_by_any_rule_that_fits_it(with_a_lake: Path) -> None:
    found = read_file(with_a_lake, Reading(source="bps"))
    with pytest.raises(BoundaryError) as caught:
        name_areas(found.frame)
    assert caught.value.code == "empty-cells"
    assert "row 6 (RAWA PENING)" in caught.value.message
    assert "--leave-out no-code" in caught.value.message
    for rule in ("no-code", "nmdesa=RAWA PENING", "nmdesa=rawa pening", "kddesa="):
        left = read_file(with_a_lake, Reading(source="bps", leave_out=(rule,)))
        assert len(name_areas(left.frame)) == 7
        assert any("row 6 (RAWA PENING)" in remark.en for remark in left.remarks)


def test_several_rules_leave_out_what_any_of_them_fits(with_a_lake: Path) -> None:
    rules = ("no-code", "nmdesa=DESA 0")
    left = read_file(with_a_lake, Reading(source="bps", leave_out=rules))
    assert left.frame.index.tolist() == [2, 3, 4, 6, 7]


@pytest.mark.parametrize(
    "rule",
    ["", "x", "=", "=1", "danau", "nowhere=1", "nmdesa=DESA 9", "no-polygon", "kdprov=33"],
)
def test_a_rule_that_says_nothing_fits_nothing_or_takes_all_is_refused(
    rule: str, with_a_lake: Path
) -> None:
    with pytest.raises(BoundaryError) as caught:
        read_file(with_a_lake, Reading(source="bps", leave_out=(rule,)))
    assert caught.value.code == "leave-out"


# --- labels


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    city = drawn_city(1)
    city["label"] = [f"RT {rt} RW {rw}" for rt, rw in zip(city["rt"], city["rw"], strict=True)]
    city.loc[2, "label"] = "RT 005 RW 03.1"
    city.drop(columns=["rt", "rw"]).to_file(tmp_path / "a.gpkg")
    return tmp_path / "a.gpkg"


def table(path: Path, text: str) -> Path:
    path.with_name("labels.csv").write_text(text)
    return path.with_name("labels.csv")


def test_a_label_that_cannot_be_read_is_numbered_by_a_table(labelled: Path) -> None:
    labels = table(labelled, "Label,RT,RW\nrt 005  rw 03.1,5,31\n")
    assert read_labels(labels) == {"rt 005 rw 03.1": RtNumber(rw=31, rt=5)}
    columns = Columns(rt_label="label")
    found = read_file(labelled, Reading(labels=labels), columns)
    made = name_areas(found.frame, columns)
    assert "33.74.06.1010-031-005" in made["code"].tolist()
    assert (made["kind"] == "rt").all()
    assert "RT 005 RW 03.1" in found.remarks[0].en


@pytest.mark.parametrize(
    "text",
    [
        "label,rt\nRT 005 RW 03.1,5\n",
        "label,rt,rw\nRT 005 RW 03.1,x,31\n",
        "label,rt,rw\nRT 005 RW 03.1,0,31\n",
        "label,rt,rw\nRT 005 RW 03.1,5,1000\n",
        "label,rt,rw\nRT 005 RW 03.1,5,\n",
        "label,rt,rw\nRT 9 RW 9,5,31\n",
        "label,rt,rw\nRT 005 RW 03.1,5,31\nRT 005 RW 03.1,6,31\n",
    ],
)
def test_a_table_of_labels_that_is_wrong_is_refused(text: str, labelled: Path) -> None:
    with pytest.raises(MikrozonasiError) as caught:
        read_file(labelled, Reading(labels=table(labelled, text)), Columns(rt_label="label"))
    assert caught.value.code == "labels-table"


def test_labels_of_no_column_and_tables_that_are_not_there_are_refused(labelled: Path) -> None:
    labels = table(labelled, "label,rt,rw\nRT 005 RW 03.1,5,31\n")
    with pytest.raises(BoundaryError) as caught:
        read_file(labelled, Reading(labels=labels))
    assert caught.value.code == "missing-column"
    with pytest.raises(MikrozonasiError) as missing:
        read_file(labelled, Reading(labels=labelled.with_name("none.csv")), Columns())
    assert missing.value.code == "no-file"


@pytest.mark.parametrize(
    ("label", "rw"),
    [
        ("RW 01", 1), ("Rw 04", 4), ("rw01", 1), ("RW.IV", 4), ("R.W. 5", 5), ("RUKUN WARGA 03", 3),
        ("RW 0", None), ("RW", None), ("RW 1A", None), ("RT 01", None), ("RT 01 RW 02", None),
        ("DUSUN II", None), ("01", None),
    ],
)  # fmt: skip
def test_labels_of_rw(label: str, rw: int | None) -> None:
    assert parse_rw_label(label) == rw


@pytest.mark.parametrize(
    ("label", "named", "code"),
    [
        ("DUSUN II", "II", "k-dusun-002"),
        ("Dusun 2", "2", "k-dusun-002"),
        ("dsn. Mawar", "Mawar", "k-dsn-mawar"),
        ("LINGKUNGAN 3", "3", "k-lingkungan-003"),
        ("Lingk. III", "III", "k-lingk-003"),
        ("BANJAR KAJA", "KAJA", "k-banjar-kaja"),
        ("KRAJAN", None, "k-krajan"),
        ("RW 04", None, "k-rw-004"),
    ],
)
def test_labels_of_dusun(label: str, named: str | None, code: str) -> None:
    assert parse_dusun_label(label) == named
    assert label_code("k", label) == code


# --- the city


def test_the_name_and_code_of_a_city_are_found_where_the_file_says_them() -> None:
    columns = with_city(drawn_city(1), Columns())
    assert (columns.kota_code, columns.kota_name) == ("=33.74", "=Kota Semarang")
    odd = drawn_city(1).assign(
        kelurahan_code="72010003", kec="72010", Dati_2="72", Nama_Dati_="KOTA SURAKARTA"
    )
    columns = with_city(odd, Columns(kecamatan_code="kec"))
    assert (columns.kota_code, columns.kota_name) == ("=72", "=KOTA SURAKARTA")
    said = Columns(kecamatan_code="kec", kota_code="=720", kota_name="=Solo")
    assert with_city(odd, said) == said


def test_a_city_that_the_file_does_not_name_is_asked_for_and_not_invented() -> None:
    odd = drawn_city(1).assign(kelurahan_code="72010003", kec="72010")
    for columns, code in (
        (Columns(kecamatan_code="kec"), "no-kota-code"),
        (Columns(kecamatan_code="kec", kota_code="=72"), "no-kota-name"),
    ):
        with pytest.raises(BoundaryError) as caught:
            with_city(odd, columns)
        assert caught.value.code == code
        assert "--kota-" in caught.value.message


def test_codes_of_bps_name_a_city_only_where_they_are_those_of_the_law() -> None:
    assert regency_name("33.72") == "Kota Surakarta"
    assert regency_name("3372") == "Kota Surakarta"
    assert regency_name("11.01") == "Kabupaten Aceh Selatan"
    assert regency_name("1101") is None  # Simeulue to BPS
    assert regency_name("720") is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("33.74.06.1010", "33.22.01.1001"),
        ("7601010001", "7602010001"),
        ("3374061010", "3322011001"),
    ],
)
def test_a_file_of_two_cities_is_refused_with_how_to_split_it(first: str, second: str) -> None:
    city = drawn_city(1)
    city["kelurahan_code"] = [first] * 8 + [second] * 8
    below = 8 if first.startswith("33.") else 7 if first.startswith("76") else 6
    city["kec"] = city["kelurahan_code"].str[:below]
    columns = Columns(kecamatan_code="kec")
    for attempt in (lambda: name_areas(city, columns), lambda: with_city(city, columns)):
        with pytest.raises(BoundaryError) as caught:
            attempt()
        assert caught.value.code == "two-kota"
        assert "--leave-out" in caught.value.message
        assert "(8 rows)" in caught.value.message


def test_two_names_of_one_code_are_both_said_with_the_row() -> None:
    city = drawn_city(1)
    city.loc[9, "kelurahan_name"] = "Lain"
    with pytest.raises(BoundaryError) as caught:
        name_areas(city)
    assert caught.value.code == "two-names"
    assert "'Tembalang', 'Lain'" in caught.value.message
    assert "row 10" in caught.value.message


def test_empty_rows_of_any_number_are_counted_and_five_are_named() -> None:
    city = drawn_city(1)
    city["kelurahan_code"] = pd.Series([None] * 9 + ["33.74.06.1010"] * 7, dtype="str")
    with pytest.raises(BoundaryError) as caught:
        name_areas(city)
    assert "and 4 more" in caught.value.message


def test_a_blank_name_of_the_city_is_not_kept() -> None:
    blank = drawn_city(1).assign(kota_name=None)
    assert with_city(blank, Columns()).kota_name == "=Kota Semarang"
    with pytest.raises(BoundaryError, match="--kota-name '=' has no text") as caught:
        with_city(drawn_city(1), Columns(kota_name="= "))
    assert caught.value.code == "empty-value"
