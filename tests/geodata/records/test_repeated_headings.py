"""Headings that repeat in one row: two addresses, or two lists."""

from datetime import date
from pathlib import Path

import pytest

from geodata.errors import RecordError
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CASES
from geodata.records.checks import CheckedSheet, check_sheet
from geodata.records.layout.record_extraction import extract_records
from geodata.tables import read_pages
from tests.zones import JAKARTA

KEY = Pseudonymiser(b"a secret of the tests, 32 bytes!")
LIST = "No,Alamat,RT,RW,Kelurahan,Status,Tgl konfirmasi"
CARD, HOME = "Jl Lama 9,3,2,Melati", "Jl Mawar 1,1,4,Tembalang"
CONFIRMED = "Konfirmasi,1/9/2021"


def loaded(folder: Path, *rows: str) -> CheckedSheet:
    path = folder / "list.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    sheet = extract_records(read_pages(path), CASES).sheet
    return check_sheet(sheet, CASES, KEY, today=date(2021, 9, 9), timezone=JAKARTA)


def places(checked: CheckedSheet) -> list[tuple[str, int, int, str]]:
    columns = (checked.accepted[name].to_pylist() for name in ("address", "rt", "rw", "kelurahan"))
    return sorted(zip(*columns, strict=True))


@pytest.mark.parametrize("first", ["Alamat KTP", "Alamat"])
def test_a_repeated_heading_of_an_area_belongs_to_the_address_before_it(
    first: str, tmp_path: Path
) -> None:
    headings = f"No,{first},RT,RW,Kelurahan,Alamat domisili,RT,RW,Kelurahan,Status,Tgl konfirmasi"
    both_addresses, card_alone = f"1,{CARD},{HOME},{CONFIRMED}", f"2,{CARD},,,,,{CONFIRMED}"
    addresses = places(loaded(tmp_path, headings, both_addresses, card_alone))
    assert addresses == [("Jl Lama 9", 3, 2, "Melati"), ("Jl Mawar 1", 1, 4, "Tembalang")]


def test_the_home_may_precede_the_identity_card(tmp_path: Path) -> None:
    headings = "Alamat domisili,RT,RW,Desa,Alamat KTP,RT,RW,Desa,Status,Tgl konfirmasi"
    rows = (f"{HOME},{CARD},{CONFIRMED}", f",,,,{CARD},{CONFIRMED}")
    addresses = places(loaded(tmp_path, headings, *rows))
    assert addresses == [("Jl Lama 9", 3, 2, "Melati"), ("Jl Mawar 1", 1, 4, "Tembalang")]


def test_a_single_heading_of_an_area_belongs_to_the_home(tmp_path: Path) -> None:
    headings = "Alamat domisili,Alamat KTP,RT,RW,Kelurahan,Status,Tgl konfirmasi"
    addresses = places(loaded(tmp_path, headings, f"Jl Mawar 1,{CARD},{CONFIRMED}"))
    assert addresses == [("Jl Mawar 1", 3, 2, "Melati")]


def test_two_lists_side_by_side_are_refused(tmp_path: Path) -> None:
    row = f"1,{HOME},{CONFIRMED},,2,{CARD},{CONFIRMED}"
    with pytest.raises(RecordError, match="below the first") as caught:
        loaded(tmp_path, f"{LIST},,{LIST}", row)
    assert caught.value.code == "lists-side-by-side"


def test_repeated_headings_without_rows_below_are_no_second_list(tmp_path: Path) -> None:
    row = f"1,{HOME},{CONFIRMED}" + "," * 8
    assert places(loaded(tmp_path, f"{LIST},,{LIST}", row)) == [("Jl Mawar 1", 1, 4, "Tembalang")]


def test_a_status_in_the_second_of_two_equal_columns_is_read(tmp_path: Path) -> None:
    checked = loaded(tmp_path, f"{LIST},Status", f"1,{HOME},,1/9/2021,Positif")
    assert checked.accepted["status"].to_pylist() == ["confirmed"]
