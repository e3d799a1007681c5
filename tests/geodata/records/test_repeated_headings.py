"""Headings that one row has more than once: whose cell is whose."""

from datetime import date
from pathlib import Path

import pytest

from geodata.errors import RecordError
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CASES
from geodata.records.checks import Checked, check
from geodata.records.layout.arranging import arrange
from geodata.tables import read_pages
from tests.zones import JAKARTA

KEY = Pseudonymiser(b"a secret of the tests, 32 bytes!")
LIST = "No,Alamat,RT,RW,Kelurahan,Status,Tgl konfirmasi"
CARD, HOME = "Jl Lama 9,3,2,Melati", "Jl Mawar 1,1,4,Tembalang"
CONFIRMED = "Konfirmasi,1/9/2021"


def loaded(folder: Path, *rows: str) -> Checked:
    path = folder / "list.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    sheet = arrange(read_pages(path), CASES).sheet
    return check(sheet, CASES, KEY, today=date(2021, 9, 9), timezone=JAKARTA)


def places(checked: Checked) -> list[tuple[str, int, int, str]]:
    columns = (checked.accepted[name].to_pylist() for name in ("address", "rt", "rw", "kelurahan"))
    return sorted(zip(*columns, strict=True))


@pytest.mark.parametrize("first", ["Alamat KTP", "Alamat"])
def test_an_area_that_comes_twice_belongs_to_the_address_it_stands_behind(
    first: str, tmp_path: Path
) -> None:
    top = f"No,{first},RT,RW,Kelurahan,Alamat domisili,RT,RW,Kelurahan,Status,Tgl konfirmasi"
    both, card_alone = f"1,{CARD},{HOME},{CONFIRMED}", f"2,{CARD},,,,,{CONFIRMED}"
    found = places(loaded(tmp_path, top, both, card_alone))
    assert found == [("Jl Lama 9", 3, 2, "Melati"), ("Jl Mawar 1", 1, 4, "Tembalang")]


def test_the_home_may_stand_before_the_card(tmp_path: Path) -> None:
    top = "Alamat domisili,RT,RW,Desa,Alamat KTP,RT,RW,Desa,Status,Tgl konfirmasi"
    rows = (f"{HOME},{CARD},{CONFIRMED}", f",,,,{CARD},{CONFIRMED}")
    found = places(loaded(tmp_path, top, *rows))
    assert found == [("Jl Lama 9", 3, 2, "Melati"), ("Jl Mawar 1", 1, 4, "Tembalang")]


def test_an_area_that_comes_once_is_the_homes_wherever_it_stands(tmp_path: Path) -> None:
    top = "Alamat domisili,Alamat KTP,RT,RW,Kelurahan,Status,Tgl konfirmasi"
    found = places(loaded(tmp_path, top, f"Jl Mawar 1,{CARD},{CONFIRMED}"))
    assert found == [("Jl Mawar 1", 3, 2, "Melati")]


def test_two_lists_side_by_side_are_refused(tmp_path: Path) -> None:
    row = f"1,{HOME},{CONFIRMED},,2,{CARD},{CONFIRMED}"
    with pytest.raises(RecordError, match="below the first") as caught:
        loaded(tmp_path, f"{LIST},,{LIST}", row)
    assert caught.value.code == "lists-side-by-side"


def test_headings_beside_a_list_with_nothing_below_them_are_no_list(tmp_path: Path) -> None:
    row = f"1,{HOME},{CONFIRMED}" + "," * 8
    assert places(loaded(tmp_path, f"{LIST},,{LIST}", row)) == [("Jl Mawar 1", 1, 4, "Tembalang")]


def test_a_status_in_the_second_of_two_columns_of_one_name_is_read(tmp_path: Path) -> None:
    checked = loaded(tmp_path, f"{LIST},Status", f"1,{HOME},,1/9/2021,Positif")
    assert checked.accepted["status"].to_pylist() == ["confirmed"]
