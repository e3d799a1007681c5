"""The search for an RT: the shared cases, the index of names and the colour file."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geodata.boundaries import AreaTable
from tests.cities.search_city import MARKET, MIROTO, UNUSUAL, area, area_table, search_city
from zoning.public.search.colour_file import colour_file
from zoning.public.search.finding import find, find_near_code
from zoning.public.search.name_index import NameIndex
from zoning.public.search.queries import read_query
from zoning.risk import NO_RISK

CASES = Path(__file__).resolve().parents[2] / "search_cases.csv"
INDEX = NameIndex(search_city())


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def areas_of(index: NameIndex, zones: tuple[int, ...], kelurahan: tuple[int, ...]) -> list[str]:
    """Codes of the zones of a finding, else of its kelurahan."""
    return [index.zones[zone].code for zone in zones] or [
        index.kelurahan[row].code for row in kelurahan
    ]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"])
def test_a_search_finds_the_rt_or_the_areas_from_which_to_choose(case: dict[str, str]) -> None:
    finding = find(INDEX, read_query(case["text"], case["rw"], case["rt"]))
    assert finding.outcome == case["outcome"]
    assert finding.is_missing == (case["missing"] == "yes")
    assert areas_of(INDEX, finding.zones, finding.kelurahan) == case["areas"].split()


def test_a_chosen_kelurahan_needs_only_numbers() -> None:
    chosen = find(INDEX, read_query("", "5", "3", kelurahan="33.74.02.1008"))
    assert (chosen.outcome, areas_of(INDEX, chosen.zones, ())) == (
        "found",
        ["33.74.02.1008-005-003"],
    )
    assert find(INDEX, read_query("", kelurahan="33.99")).outcome == "unknown"


@pytest.mark.parametrize(
    ("code", "outcome", "areas"),
    [
        ("33.74.02.1008-005-099", "zones", [f"33.74.02.1008-005-00{rt}" for rt in range(1, 5)]),
        ("33.74.02.1008-099-001", "rw", ["33.74.02.1008"]),
        ("33.74.02.1008-x", "rw", ["33.74.02.1008"]),
        ("33.74.16.9999", "kelurahan", [f"33.74.16.100{n}" for n in range(1, 8)]),
        ("99.99", "unknown", []),
    ],
)
def test_an_unknown_code_leads_to_the_nearest_areas(
    code: str, outcome: str, areas: list[str]
) -> None:
    finding = find_near_code(INDEX, code)
    assert finding.outcome == outcome
    assert areas_of(INDEX, finding.zones, finding.kelurahan) == areas


def test_a_text_that_is_too_long_finds_nothing() -> None:
    assert find(INDEX, read_query("Tanjungmas RT 3 RW 5 " + "x" * 180)).outcome == "unknown"
    assert find(INDEX, read_query("tanjungmas " * 1000)).outcome == "unknown"


# --- the index of names


def zones_of(document: dict[str, Any]) -> list[tuple[str, str, int | None, int | None, bool]]:
    """The zones of a document, read as docs/portal.md describes them."""
    zones: list[tuple[str, str, int | None, int | None, bool]] = []
    for kecamatan in document["kecamatan"]:
        for kelurahan in kecamatan["kelurahan"]:
            code = kelurahan["code"].replace("+", kecamatan["code"], 1)
            for position, rts in enumerate(kelurahan["rt"]):
                rw = position + 1
                for rt in rts if isinstance(rts, list) else range(1, rts + 1):
                    if document["zone"] == "rw":
                        zones.append((f"{code}-{rw:03d}", f"RW {rw:03d}", rw, None, True))
                    else:
                        name = f"RT {rt:03d} RW {rw:03d}"
                        zones.append((f"{code}-{rw:03d}-{rt:03d}", name, rw, rt, True))
            for own, name, rw, rt, is_zone in kelurahan.get("more", []):
                zones.append((own.replace("+", code, 1), name, rw, rt, bool(is_zone)))
    return zones


def city_without_rt(kind: str) -> AreaTable:
    """A city of dusun, or of RW, with names and codes of its own."""

    def zones(code: str) -> list[dict[str, object]]:
        if kind == "rw":
            return [area(f"{code}-{rw:03d}", "rw", f"RW {rw:03d}", code, rw=rw) for rw in (1, 2, 4)]
        names = ("Dusun Krajan", "Dusun II", "Lingkungan III")
        return [
            area(f"{code}{n:04d}", "rw", name, code, kind="dusun")
            for n, name in enumerate(names, start=7)
        ]

    names = ("Maju", "Desa 2 Mundur", "Jaya")
    kelurahan = [("7401", "Kolaka", f"7401{n:03d}", name) for n, name in enumerate(names)]
    return area_table("74", "Kabupaten Kolaka", kelurahan, zones)


@pytest.mark.parametrize(
    "areas",
    [search_city(), city_without_rt("rw"), city_without_rt("dusun")],
    ids=["rt", "rw", "dusun"],
)
def test_the_document_has_every_zone_with_its_code_name_and_numbers(areas: AreaTable) -> None:
    table = areas.smallest_zones
    numbers = table[["rw", "rt"]].astype("object").where(table[["rw", "rt"]].notna(), None)
    expected = set(
        zip(
            table["code"],
            table["name"],
            numbers["rw"],
            numbers["rt"],
            table["kind"] != "other",
            strict=True,
        )
    )
    index = NameIndex(areas)
    zones = zones_of(json.loads(json.dumps(index.document())))
    assert set(zones) == expected
    assert len(zones) == len(expected)
    assert [zone[0] for zone in zones] == table["code"].iloc[index.rows].tolist()


def test_only_what_does_not_follow_from_numbers_takes_room() -> None:
    document = INDEX.document()
    [miroto] = [
        kelurahan
        for kecamatan in document["kecamatan"]
        for kelurahan in kecamatan["kelurahan"]
        if kelurahan["name"] == "Miroto"
    ]
    assert miroto["rt"] == [2, 0, [1, 2, 4]]
    assert [entry[0] for entry in miroto["more"]] == [
        UNUSUAL.replace(MIROTO, "+"),
        MARKET.replace(MIROTO, "+"),
    ]
    packed = gzip.compress(json.dumps(document, separators=(",", ":")).encode(), 9)
    assert len(packed) < 3200


def test_a_dusun_is_found_by_its_name_and_an_rw_without_its_rt() -> None:
    dusun, rw = NameIndex(city_without_rt("dusun")), NameIndex(city_without_rt("rw"))

    def found(index: NameIndex, text: str) -> tuple[str, list[str]]:
        finding = find(index, read_query(text))
        return finding.outcome, areas_of(index, finding.zones, finding.kelurahan)

    assert found(dusun, "Dusun 02, Maju") == ("found", ["74010000008"])
    assert found(dusun, "dusun krajan desa 2 mundur") == ("found", ["74010010007"])
    assert found(dusun, "Jaya") == ("zones", [f"7401002000{n}" for n in (7, 8, 9)])
    assert found(rw, "Jaya RT 9 RW 4") == ("found", ["7401002-004"])
    assert found(rw, "Jaya RW 3") == ("zones", [f"7401002-00{n}" for n in (1, 2, 4)])


# --- the colour file


def bits_of(content: bytes) -> list[int]:
    """The values of a colour file, bit by bit."""
    bits, count = content[1], int.from_bytes(content[4:8], "little")
    stream = int.from_bytes(content[8:], "little")
    return [stream >> (bits * zone) & (2**bits - 1) for zone in range(count)]


@pytest.mark.parametrize("classes", range(2, 9))
def test_the_colours_have_as_many_bits_as_the_classes_need(classes: int) -> None:
    random = np.random.default_rng(classes)
    risks = random.integers(0, classes, len(INDEX.zones)).astype(np.uint8)
    market = next(zone.row for zone in INDEX.zones if not zone.is_zone)
    risks[market] = NO_RISK
    content = colour_file(INDEX, risks, classes)
    # One more value for the market.
    assert 2 ** (content[1] - 1) < classes + 1 <= 2 ** content[1]
    expected = [classes if zone.row == market else int(risks[zone.row]) for zone in INDEX.zones]
    assert bits_of(content) == expected
    assert content[:1] + content[2:4] == bytes([1, classes, 0])
    assert len(content) == 8 + -(-len(expected) * content[1] // 8)


def test_four_colours_without_other_areas_take_two_bits() -> None:
    index = NameIndex(city_without_rt("rw"))
    content = colour_file(index, np.array([3, 2, 1, 0, 1, 2, 3, 0, 1], dtype=np.uint8), 4)
    assert content[1] == 2
    assert bits_of(content) == [3, 2, 1, 0, 1, 2, 3, 0, 1]
