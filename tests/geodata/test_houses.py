"""Houses: labelled pairs of addresses, and variations that must not change the result."""

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
"""Labelled before the reader was written; after that; after corrections for the second set."""
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
    """Verdict as in the counts: an address without a house is never the same as another."""
    first_house, second_house = reader().read(first), reader().read(second)
    if first_house is None or second_house is None:
        return Verdict.UNCLEAR
    return compare_houses(first_house, second_house)


def share_wrong(
    label: str, wrong_verdict: Verdict | None, names: tuple[str, ...]
) -> tuple[float, list[Pair]]:
    """Share of the pairs of a label with a wrong verdict; None: any except `Verdict.SAME`."""
    labelled_pairs = [pair for name in names for pair in pairs(name) if pair.label == label]
    verdicts = [(pair, verdict(pair.first, pair.second)) for pair in labelled_pairs]
    wrong_pairs = [
        pair
        for pair, given_verdict in verdicts
        if (
            given_verdict == wrong_verdict
            if wrong_verdict is not None
            else given_verdict != Verdict.SAME
        )
    ]
    return len(wrong_pairs) / len(labelled_pairs), wrong_pairs


def test_the_labelled_sets_have_the_required_size() -> None:
    assert len(pairs(SETS[0])) >= 600
    assert len(pairs(SETS[1])) >= 200
    for name in SETS:
        assert {pair.label for pair in pairs(name)} == {"same", "different", "unclear"}


@pytest.mark.parametrize("names", [SETS[:1], SETS])
def test_different_houses_are_merged_in_at_most_three_of_a_thousand_pairs(
    names: tuple[str, ...],
) -> None:
    share, wrong_pairs = share_wrong("different", Verdict.SAME, names)
    assert share <= 0.003, wrong_pairs


@pytest.mark.parametrize("names", [SETS[:1], SETS])
def test_one_house_is_split_in_at_most_two_of_a_hundred_pairs(names: tuple[str, ...]) -> None:
    """An unclear pair counts as split: the colour counts it as two houses."""
    share, wrong_pairs = share_wrong("same", None, names)
    assert share <= 0.02, wrong_pairs


def test_at_most_a_fifth_of_the_unclear_pairs_are_merged() -> None:
    share, wrong_pairs = share_wrong("unclear", Verdict.SAME, SETS)
    assert share <= 0.2, wrong_pairs


@given(first=ADDRESSES, second=ADDRESSES)
def test_the_comparison_is_symmetric(first: str, second: str) -> None:
    assert verdict(first, second) == verdict(second, first)


@given(first=ADDRESSES, second=ADDRESSES)
def test_addresses_without_a_shared_number_are_different_houses(first: str, second: str) -> None:
    first_house, second_house = reader().read(first), reader().read(second)
    if (
        first_house is not None
        and second_house is not None
        and not shared_numbers(first_house) & shared_numbers(second_house)
    ):
        assert compare_houses(first_house, second_house) == Verdict.DIFFERENT


@given(
    address=NUMBERED,
    additions=st.lists(
        st.sampled_from(
            [
                ", Kel. Tembalang", ", Kec. Tembalang", ", Kota Semarang", " Semarang 50275",
                ", Jawa Tengah", ", Indonesia", " RT 01 RW 02", " RT/RW 001/002", ", Bulusan",
                " (depan masjid)", ", 50275", " kode pos 50275", ", Jateng", " rumah Bp Contoh",
            ]
        ),
        max_size=4,
    ),
    change_case=st.sampled_from((str, str.upper, str.title)),
)  # fmt: skip
def test_text_after_the_house_number_does_not_change_the_house(
    address: str, additions: list[str], change_case: Callable[[str], str]
) -> None:
    full_address = address + "".join(additions)
    assert verdict(address, change_case(full_address)) == Verdict.SAME


@given(address=NUMBERED)
def test_widths_spaces_and_invisible_characters_do_not_change_the_house(address: str) -> None:
    fullwidth = "".join(
        chr(ord(character) + 0xFEE0) if character.isascii() and character.isalnum() else character
        for character in address
    )
    for variant in (
        fullwidth,
        f"  {address}  ",
        address.replace(" ", "  "),
        f"\u200b{address}\ufeff",
    ):
        assert reader().read(variant) == reader().read(address)


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
def test_other_spellings_are_the_same_house(first: str, second: str) -> None:
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
def test_incomplete_addresses_are_unclear(first: str, second: str) -> None:
    assert verdict(first, second) == Verdict.UNCLEAR


@pytest.mark.parametrize(
    "address", ["Jl. Mawar", "RT 02 RW 03", "Dusun Krajan", "RT 02/03", "", "-"]
)
def test_a_street_or_an_rt_is_not_a_house(address: str) -> None:
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
def test_addresses_with_different_other_numbers_are_not_the_same_house(
    first: str, second: str
) -> None:
    assert verdict(first, second) != Verdict.SAME
    assert verdict(first, first.upper().replace("JL ", "JALAN ")) == Verdict.SAME


@pytest.mark.parametrize(
    ("first", "second", "expected"),
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
    first: str, second: str, expected: Verdict
) -> None:
    assert verdict(first, second) == expected


def test_both_numbers_of_a_range_of_flats_include_the_floor() -> None:
    [first, second] = [
        reader().read(f"Rusun Kaligawe Blok C Lt 3 No {numbers}") for numbers in ("7-9", "7 - 9")
    ]
    assert first is not None
    assert first.number is not None
    assert (first.number.first, first.number.last) == (307, 309)
    assert shared_numbers(first) & shared_numbers(second or first)
    assert verdict("Rusun Kaligawe Blok C Lt 3 No 7-9", "Rusun Kaligawe C 308") != Verdict.DIFFERENT
