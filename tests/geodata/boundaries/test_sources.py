"""Columns of BPS, excluded rows, the table of labels, and the name and code of the city."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.areas import RtNumber, label_code, parse_dusun_label, parse_rw_label
from geodata.boundaries import Columns, ReadOptions, add_city, name_areas, read_file
from geodata.boundaries.files.bps import convert_source
from geodata.boundaries.files.relabelling import read_labels
from geodata.errors import BoundaryError, InputError, MikrozonasiError
from geodata.regions import regency_name
from tests.cities.drawn_city import drawn_city


def bps(**columns: Any) -> gpd.GeoDataFrame:
    """Eight SLS of four desa in two kecamatan, with the columns of BPS, some of them replaced."""
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


def bps_joined(name: str, cells: Sequence[object]) -> gpd.GeoDataFrame:
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
        bps_joined("iddesa", DESA),
        bps_joined("iddesa", [float(code) for code in DESA]),
        bps_joined("iddesa", [f"{code}.0" for code in DESA]),
        bps_joined("idsls", [f"{code}{n % 2 + 1:04d}" for n, code in enumerate(DESA)]),
        bps_joined("idsls", [int(f"{code}{n % 2 + 1:04d}00") for n, code in enumerate(DESA)]),
        bps_joined("IDSUBSLS", [f"{code}{n % 2 + 1:04d}00" for n, code in enumerate(DESA)]),
    ],
    ids=lambda frame: ",".join(frame.columns[:3]),
)
def test_all_notations_of_bps_codes_give_the_same_areas(frame: gpd.GeoDataFrame) -> None:
    areas = name_areas(convert_source(frame, "bps"))
    assert areas["code"].tolist() == [f"{code}-001-{n % 2 + 1:03d}" for n, code in enumerate(DESA)]
    assert areas["kecamatan_code"].unique().tolist() == ["3374010", "3374020"]
    assert areas["kota_code"].unique().tolist() == ["3374"]
    assert areas["kota_name"].unique().tolist() == ["Kota SEMARANG"]
    assert areas["kelurahan_name"].unique().tolist() == [f"DESA {n}" for n in range(4)]


@pytest.mark.parametrize(
    ("kab", "bps_name", "name"),
    [
        (74, "SEMARANG", "Kota SEMARANG"),
        (22, "SEMARANG", "Kabupaten SEMARANG"),
        (74, "KOTA SEMARANG", "KOTA SEMARANG"),
        (22, "KAB. SEMARANG", "KAB. SEMARANG"),
    ],
)
def test_the_code_distinguishes_cities_and_regencies(kab: int, bps_name: str, name: str) -> None:
    converted = convert_source(bps(kdkab=kab, nmkab=bps_name), "bps")
    assert converted["kota_name"].unique().tolist() == [name]


def raised_error(frame: gpd.GeoDataFrame) -> BoundaryError:
    with pytest.raises(BoundaryError) as raised:
        convert_source(frame, "bps")
    return raised.value


def test_columns_of_another_source_raise_an_error() -> None:
    error = raised_error(drawn_city(1))
    assert error.code == "not-bps"
    assert "kelurahan_code" in error.message
    with pytest.raises(InputError) as raised:
        convert_source(bps(), "nasa")
    assert raised.value.code == "unknown-source"
    assert "bps" in raised.value.message


@pytest.mark.parametrize(
    ("column", "cell"), [("kddesa", "x7"), ("kddesa", "1234"), ("kdkec", "-1"), ("kdprov", "3 3")]
)
def test_the_error_names_the_row_of_an_invalid_code(column: str, cell: str) -> None:
    frame = bps().astype({column: object})
    frame.loc[3, column] = cell
    error = raised_error(frame)
    assert error.code == "bad-code"
    assert "row 4" in error.message
    assert repr(cell) in error.message


@pytest.mark.parametrize("name", ["iddesa", "idsls"])
def test_the_error_names_the_row_of_a_joined_code_of_wrong_length(name: str) -> None:
    cells: list[object] = [*DESA[:6], 33740, DESA[7]]
    assert "row 7" in raised_error(bps_joined("iddesa", cells)).message
    assert raised_error(bps_joined(name, [str(code)[:9] for code in DESA])).code == "bad-code"


def test_different_parts_and_joined_codes_raise_an_error() -> None:
    error = raised_error(bps(iddesa=DESA[::-1]))
    assert error.code == "bad-code"
    assert "row 1" in error.message


# --- rows without a code


@pytest.fixture
def file_with_lake(tmp_path: Path) -> Path:
    frame = bps().astype({"kdkec": object, "kddesa": object})
    frame.loc[5, ["kdkec", "kddesa", "nmdesa", "nmsls"]] = [None, None, "RAWA PENING", None]
    frame.to_file(tmp_path / "a.gpkg")
    return tmp_path / "a.gpkg"


def test_a_lake_is_reported_and_excluded_by_every_matching_rule(file_with_lake: Path) -> None:
    file = read_file(file_with_lake, ReadOptions(source="bps"))
    with pytest.raises(BoundaryError) as raised:
        name_areas(file.frame)
    assert raised.value.code == "empty-cells"
    assert "row 6 (RAWA PENING)" in raised.value.message
    assert "--leave-out no-code" in raised.value.message
    for rule in ("no-code", "nmdesa=RAWA PENING", "nmdesa=rawa pening", "kddesa="):
        remaining = read_file(file_with_lake, ReadOptions(source="bps", leave_out=(rule,)))
        assert len(name_areas(remaining.frame)) == 7
        assert any("row 6 (RAWA PENING)" in remark.en for remark in remaining.remarks)


def test_several_rules_exclude_the_rows_of_each_rule(file_with_lake: Path) -> None:
    rules = ("no-code", "nmdesa=DESA 0")
    remaining = read_file(file_with_lake, ReadOptions(source="bps", leave_out=rules))
    assert remaining.frame.index.tolist() == [2, 3, 4, 6, 7]


@pytest.mark.parametrize(
    "rule",
    ["", "x", "=", "=1", "danau", "nowhere=1", "nmdesa=DESA 9", "no-polygon", "kdprov=33"],
)
def test_a_rule_that_is_invalid_or_matches_no_row_or_all_rows_raises_an_error(
    rule: str, file_with_lake: Path
) -> None:
    with pytest.raises(BoundaryError) as raised:
        read_file(file_with_lake, ReadOptions(source="bps", leave_out=(rule,)))
    assert raised.value.code == "leave-out"


# --- labels


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    city = drawn_city(1)
    city["label"] = [f"RT {rt} RW {rw}" for rt, rw in zip(city["rt"], city["rw"], strict=True)]
    city.loc[2, "label"] = "RT 005 RW 03.1"
    city.drop(columns=["rt", "rw"]).to_file(tmp_path / "a.gpkg")
    return tmp_path / "a.gpkg"


def write_labels(path: Path, text: str) -> Path:
    path.with_name("labels.csv").write_text(text)
    return path.with_name("labels.csv")


def test_an_unreadable_label_gets_its_number_from_a_table(labelled: Path) -> None:
    labels = write_labels(labelled, "Label,RT,RW\nrt 005  rw 03.1,5,31\n")
    assert read_labels(labels) == {"rt 005 rw 03.1": RtNumber(rw=31, rt=5)}
    columns = Columns(rt_label="label")
    file = read_file(labelled, ReadOptions(labels=labels), columns)
    areas = name_areas(file.frame, columns)
    assert "33.74.06.1010-031-005" in areas["code"].tolist()
    assert (areas["kind"] == "rt").all()
    assert "RT 005 RW 03.1" in file.remarks[0].en


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
def test_an_invalid_table_of_labels_raises_an_error(text: str, labelled: Path) -> None:
    with pytest.raises(MikrozonasiError) as raised:
        read_file(
            labelled, ReadOptions(labels=write_labels(labelled, text)), Columns(rt_label="label")
        )
    assert raised.value.code == "labels-table"


def test_a_missing_label_column_and_a_missing_table_raise_an_error(labelled: Path) -> None:
    labels = write_labels(labelled, "label,rt,rw\nRT 005 RW 03.1,5,31\n")
    with pytest.raises(BoundaryError) as raised:
        read_file(labelled, ReadOptions(labels=labels))
    assert raised.value.code == "missing-column"
    with pytest.raises(MikrozonasiError) as missing:
        read_file(labelled, ReadOptions(labels=labelled.with_name("none.csv")), Columns())
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
    ("label", "name", "code"),
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
def test_labels_of_dusun(label: str, name: str | None, code: str) -> None:
    assert parse_dusun_label(label) == name
    assert label_code("k", label) == code


# --- the city


def test_the_name_and_code_of_a_city_are_found_in_the_file() -> None:
    columns = add_city(drawn_city(1), Columns())
    assert (columns.kota_code, columns.kota_name) == ("=33.74", "=Kota Semarang")
    surakarta = drawn_city(1).assign(
        kelurahan_code="72010003", kec="72010", Dati_2="72", Nama_Dati_="KOTA SURAKARTA"
    )
    columns = add_city(surakarta, Columns(kecamatan_code="kec"))
    assert (columns.kota_code, columns.kota_name) == ("=72", "=KOTA SURAKARTA")
    given_columns = Columns(kecamatan_code="kec", kota_code="=720", kota_name="=Solo")
    assert add_city(surakarta, given_columns) == given_columns


def test_a_city_without_a_name_in_the_file_raises_an_error() -> None:
    surakarta = drawn_city(1).assign(kelurahan_code="72010003", kec="72010")
    for columns, code in (
        (Columns(kecamatan_code="kec"), "no-kota-code"),
        (Columns(kecamatan_code="kec", kota_code="=72"), "no-kota-name"),
    ):
        with pytest.raises(BoundaryError) as raised:
            add_city(surakarta, columns)
        assert raised.value.code == code
        assert "--kota-" in raised.value.message


def test_codes_of_bps_name_a_city_only_if_they_equal_the_official_codes() -> None:
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
def test_a_file_of_two_cities_raises_an_error_with_the_remedy(first: str, second: str) -> None:
    city = drawn_city(1)
    city["kelurahan_code"] = [first] * 8 + [second] * 8
    code_length = 8 if first.startswith("33.") else 7 if first.startswith("76") else 6
    city["kec"] = city["kelurahan_code"].str[:code_length]
    columns = Columns(kecamatan_code="kec")
    for run in (lambda: name_areas(city, columns), lambda: add_city(city, columns)):
        with pytest.raises(BoundaryError) as raised:
            run()
        assert raised.value.code == "two-kota"
        assert "--leave-out" in raised.value.message
        assert "(8 rows)" in raised.value.message


def test_two_names_of_one_code_raise_an_error_with_both_names_and_the_row() -> None:
    city = drawn_city(1)
    city.loc[9, "kelurahan_name"] = "Lain"
    with pytest.raises(BoundaryError) as raised:
        name_areas(city)
    assert raised.value.code == "two-names"
    assert "'Tembalang', 'Lain'" in raised.value.message
    assert "row 10" in raised.value.message


def test_empty_rows_are_counted_and_five_are_named() -> None:
    city = drawn_city(1)
    city["kelurahan_code"] = pd.Series([None] * 9 + ["33.74.06.1010"] * 7, dtype="str")
    with pytest.raises(BoundaryError) as raised:
        name_areas(city)
    assert "and 4 more" in raised.value.message


def test_a_blank_name_of_the_city_is_ignored() -> None:
    blank = drawn_city(1).assign(kota_name=None)
    assert add_city(blank, Columns()).kota_name == "=Kota Semarang"
    with pytest.raises(BoundaryError, match="--kota-name '=' has no text") as raised:
        add_city(drawn_city(1), Columns(kota_name="= "))
    assert raised.value.code == "empty-value"
