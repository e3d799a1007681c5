"""Which house an address names: labelled pairs, and what must never change the answer."""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.houses import HouseReader, Verdict, compare_houses, shared_numbers
from tests.geodata.boundaries.named_city import named_city

SETS = ("house_pairs", "house_pairs_unseen", "house_pairs_later")
"""Labelled before the reader was written; after it; after it was mended on the second."""
WORDS = (
    *("jl", "jalan", "mawar", "melati", "kenanga", "raya", "iii", "v", "1", "2", "5", "5a", "12"),
    *("17", "205", "no", "nomor", "blok", "a", "a1", "c", "gg", "gang", "3", "perum", "indah"),
    *("griya", "kp", "dusun", "rt", "rw", "kel", "kec", "semarang", "tembalang", "50275", "lt"),
    *("lantai", "unit", "rusun", "tower", "km", "kos", "pojok", "depan", "masjid", "pak", "rumah"),
    *("/", "-", ",", ".", "(", ")", "&", "s/d", "sampai", "agustus", "dr", "kh", "kav", "7-9"),
    *("4/6", "bis", "#", "'"),
)
HOUSES = ("Jl Mawar 5", "Mawar III/7", "Perum Indah Blok A1 No 2", "Kp Baru no 12", "Gg 2 No 9A")
NUMBERED = st.sampled_from(HOUSES)
ADDRESSES = st.one_of(
    NUMBERED, st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
)


class Pair(NamedTuple):
    group: str
    kelurahan: str
    first: str
    second: str
    label: str


@cache
def reader() -> HouseReader:
    return HouseReader.of(named_city())


def pairs(name: str) -> list[Pair]:
    path = Path(__file__).parent / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [Pair(**row) for row in csv.DictReader(file)]


def verdict(first: str, second: str) -> Verdict:
    """As the counts have it: an address without a house is never the same as another."""
    one, other = reader().read(first), reader().read(second)
    if one is None or other is None:
        return Verdict.UNCLEAR
    return compare_houses(one, other)


def share_wrong(
    label: str, wrong: Verdict | None, names: tuple[str, ...]
) -> tuple[float, list[Pair]]:
    """Share of the pairs of a label with a verdict, or with any other than `Verdict.SAME`."""
    own = [pair for name in names for pair in pairs(name) if pair.label == label]
    said = [(pair, verdict(pair.first, pair.second)) for pair in own]
    amiss = [p for p, v in said if (v == wrong if wrong is not None else v != Verdict.SAME)]
    return len(amiss) / len(own), amiss


def test_the_sets_are_as_large_as_the_figures_need() -> None:
    assert len(pairs(SETS[0])) >= 600
    assert len(pairs(SETS[1])) >= 200
    for name in SETS:
        assert {pair.label for pair in pairs(name)} == {"same", "different", "unclear"}


@pytest.mark.parametrize("names", [SETS[:1], SETS])
def test_different_houses_are_merged_in_at_most_three_of_a_thousand_pairs(
    names: tuple[str, ...],
) -> None:
    share, amiss = share_wrong("different", Verdict.SAME, names)
    assert share <= 0.003, amiss


@pytest.mark.parametrize("names", [SETS[:1], SETS])
def test_one_house_is_split_in_at_most_two_of_a_hundred_pairs(names: tuple[str, ...]) -> None:
    """A pair that cannot be told counts as split: the colour counts it as two houses."""
    share, amiss = share_wrong("same", None, names)
    assert share <= 0.02, amiss


def test_what_a_person_cannot_tell_is_seldom_taken_for_one_house() -> None:
    share, amiss = share_wrong("unclear", Verdict.SAME, SETS)
    assert share <= 0.2, amiss


@given(first=ADDRESSES, second=ADDRESSES)
def test_the_order_of_two_addresses_does_not_matter(first: str, second: str) -> None:
    assert verdict(first, second) == verdict(second, first)


@given(first=ADDRESSES, second=ADDRESSES)
def test_addresses_without_a_shared_number_are_different_houses(first: str, second: str) -> None:
    one, other = reader().read(first), reader().read(second)
    if one is not None and other is not None and not shared_numbers(one) & shared_numbers(other):
        assert compare_houses(one, other) == Verdict.DIFFERENT


@given(
    address=NUMBERED,
    behind=st.lists(
        st.sampled_from(
            [
                ", Kel. Tembalang", ", Kec. Tembalang", ", Kota Semarang", " Semarang 50275",
                ", Jawa Tengah", ", Indonesia", " RT 01 RW 02", " RT/RW 001/002", ", Bulusan",
                " (depan masjid)", ", 50275", " kode pos 50275", ", Jateng", " rumah Bp Contoh",
            ]
        ),
        max_size=4,
    ),
    written=st.sampled_from((str, str.upper, str.title)),
)  # fmt: skip
def test_what_is_written_behind_the_house_never_makes_another_house(
    address: str, behind: list[str], written: Callable[[str], str]
) -> None:
    whole = address + "".join(behind)
    assert verdict(address, written(whole)) == Verdict.SAME


@given(address=NUMBERED)
def test_widths_spaces_and_invisible_characters_make_no_other_house(address: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in address)
    for written in (wide, f"  {address}  ", address.replace(" ", "  "), f"\u200b{address}\ufeff"):
        assert reader().read(written) == reader().read(address)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Blok A1 No 2", "Blok A12"),
        ("Gg 1 No 12", "Gg 11 No 2"),
        ("Mawar 12", "Mawar 1/2"),
        ("Jl Mawar 5", "Jl Mawar 5A"),
        ("Jl Mawar 5²", "Jl Mawar 52"),
        ("Jl Mawar 5½", "Jl Mawar 51"),
        ("Jl Mawar 57", "Jl Mawar 5-7"),
        ("Jl Mawar 5", "Jl Melati 5"),
        ("Rusun Kaligawe Blok A Lt 2 No 5", "Rusun Kaligawe Blok A Lt 3 No 5"),
        ("Jl Depan Pasar 3", "Jl Samping Pasar 3"),
    ],
)
def test_numbers_never_run_together(first: str, second: str) -> None:
    assert verdict(first, second) == Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Perum Indah Blok A No 5", "Perumahan Indah A/5"),
        ("Kp Baru No 5", "Kampung Baru nmr 05"),
        ("Jl Mawar III No 8", "Jl. Mawar 3/8"),
        ("Rusun Kaligawe Blok A Lt 2 No 5", "Rusunawa Kaligawe A lantai 2 nomor 05"),
        ("Jl Mawar 5 (depan masjid)", "jalan mawar no. 5"),
        ("Jl Mawar 5-7", "Jl Mawar No 5 s/d 7"),
    ],
)
def test_other_words_make_no_other_house(first: str, second: str) -> None:
    assert verdict(first, second) == Verdict.SAME


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jl Mawar 5", "No 5"),
        ("Jl Mawar 5-7", "Jl Mawar 7"),
        ("Perum Indah Blok A No 5", "Perum Indah No 5"),
        ("Jl Mawar Gg 2 No 5", "Jl Mawar No 5"),
        ("Jl Mawar Raya 5", "Jl Mawar 5"),
    ],
)
def test_what_cannot_be_told_is_said_to_be_unclear(first: str, second: str) -> None:
    assert verdict(first, second) == Verdict.UNCLEAR


@pytest.mark.parametrize(
    "address", ["Jl. Mawar", "RT 02 RW 03", "Dusun Krajan", "RT 02/03", "", "-"]
)
def test_a_street_or_an_rt_is_no_house(address: str) -> None:
    assert reader().read(address) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jl Mawar 5 (A)", "Jl Mawar 5 (B)"),
        ("Jl Mawar 5 kiri", "Jl Mawar 5 kanan"),
        ("Jl Mawar 5 Ruko A1", "Jl Mawar 5 Ruko A2"),
        ("Jl Mawar 5 Gg Kelinci 2", "Jl Mawar 5 Gg Kelinci 3"),
        ("Jl Mawar Km 5 No 3", "Jl Mawar Km 6 No 3"),
        ("Jl Bukit Barisan A V 12", "Jl Bukit Barisan B V 12"),
    ],
)
def test_addresses_whose_other_numbers_or_letters_differ_are_not_taken_for_one(
    first: str, second: str
) -> None:
    assert verdict(first, second) != Verdict.SAME
    assert verdict(first, first.upper().replace("JL ", "JALAN ")) == Verdict.SAME


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("Jl Mawar VA No 3", "Jl Mawar V A No 3", Verdict.SAME),
        ("Jl Mawar VA No 3", "Jl Mawar V-A / 3", Verdict.SAME),
        ("Jl Mawar VA No 3", "Jl Mawar V B No 3", Verdict.DIFFERENT),
        ("Perum Indah Blok A1 No 2", "Perum Indah Blok AI No 2", Verdict.UNCLEAR),
        ("Perum Indah Blok A2 No 2", "Perum Indah Blok AI No 2", Verdict.DIFFERENT),
        ("Jl Mawar 5", "Jl Mawar 5 (A)", Verdict.SAME),
        ("Jl Mawar Km 5 No 3", "Jl Mawar No 3", Verdict.SAME),
    ],
)
def test_letters_of_a_gang_and_roman_figures_of_a_block(
    first: str, second: str, said: Verdict
) -> None:
    assert verdict(first, second) == said


def test_a_range_of_flats_has_the_floor_in_both_its_numbers() -> None:
    [one, other] = [reader().read(f"Rusun Kaligawe Blok C Lt 3 No {n}") for n in ("7-9", "7 - 9")]
    assert one is not None
    assert one.number is not None
    assert (one.number.first, one.number.last) == (307, 309)
    assert shared_numbers(one) & shared_numbers(other or one)
    assert verdict("Rusun Kaligawe Blok C Lt 3 No 7-9", "Rusun Kaligawe C 308") != Verdict.DIFFERENT
