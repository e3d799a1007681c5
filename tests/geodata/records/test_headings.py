"""Headings, coded values and parsers of cells."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import RecordError
from geodata.records import CASES, KINDS, NEWCOMERS, Kind
from geodata.records.layout.headings import known_spellings, match_columns
from geodata.records.parsing.cells import (
    read_degrees,
    read_sixteen_digits,
    redact_numbers,
    split_rt_rw,
)
from geodata.records.parsing.coded_values import parse_word
from geodata.text.rt_rw import parse_number_cell

NOTIFICATION_FORM = [
    "No",
    "Nama",
    "NIK",
    "Umur",
    "JK",
    "Alamat identitas",
    "Alamat domisili",
    "No HP",
    "Tgl onset",
    "Gejala",
    "Riwayat",
    "Status epidemiologi",
    "Tindakan",
    "Ket.",
]
PIKOBAR = [
    "interviewer",
    "interview_date",
    "nik",
    "phone",
    "name",
    "birth_date",
    "gender",
    "district",
    "subdistrict",
    "village",
    "rt",
    "rw",
    "address_street",
    "first_symptom_date",
    "status",
    "final_result",
    "last_date_status_patient",
    "inspection_date",
    "inspection_result_date",
]


def _named(headings: list[str], kind: Kind = CASES) -> dict[str, str]:
    return {
        field: headings[positions[0]]
        for field, positions in match_columns(headings, kind).fields.items()
    }


def test_the_notification_form_is_matched_and_domicile_precedes_the_identity_card() -> None:
    assert _named(NOTIFICATION_FORM) == {
        "person": "Nama",
        "nik": "NIK",
        "address": "Alamat domisili",
        "status": "Status epidemiologi",
        "onset_on": "Tgl onset",
    }


def test_the_pikobar_sheet_is_matched() -> None:
    assert _named(PIKOBAR) == {
        "person": "name",
        "nik": "nik",
        "address": "address_street",
        "rt": "rt",
        "rw": "rw",
        "kelurahan": "village",
        "kecamatan": "subdistrict",
        "regency": "district",
        "status": "status",
        "confirmed_on": "inspection_result_date",
        "onset_on": "first_symptom_date",
        "specimen_on": "inspection_date",
        "reported_on": "interview_date",
        "outcome": "final_result",
        "outcome_on": "last_date_status_patient",
    }


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_names_of_fields_are_headings(kind: Kind) -> None:
    names = [field.name for field in kind.fields]
    assert _named(names, kind) == dict(zip(names, names, strict=True))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_heading_means_two_fields(kind: Kind) -> None:
    known = known_spellings(kind)
    spellings = [text for field in kind.fields for text in known.field_spellings(field.name)]
    assert sorted(spellings) == sorted(set(spellings))


@given(
    heading=st.sampled_from(["Tgl konfirmasi", "No. KK", "Desa/Kelurahan", "Kec.", "Lintang"]),
    noise=st.sampled_from(["{}", " {} ", "{}:", "{}.", "*{}*"]),
    case=st.sampled_from([str.upper, str.lower, str.title]),
)
def test_capitals_spaces_and_punctuation_do_not_matter(
    heading: str, noise: str, case: type[str]
) -> None:
    plain = match_columns(["status", heading], CASES).fields
    assert (
        match_columns(["status", noise.format(case(heading)).replace(" ", "_")], CASES).fields
        == plain
    )


@pytest.mark.parametrize("heading", ["Tanggal Lahir", "No HP", "Telepon", "Umur", "Pekerjaan"])
def test_unknown_columns_are_dropped(heading: str) -> None:
    assert _named(["status", heading]) == {"status": "status"}


def test_the_error_for_a_file_without_needed_fields_names_its_headings_and_the_fields() -> None:
    with pytest.raises(RecordError, match="Merek, Harga") as error:
        match_columns(["Merek", "Harga"], CASES)
    assert error.value.code == "no-usable-columns"
    assert "status or confirmed_on" in error.value.message
    with pytest.raises(RecordError, match="arrived_on"):
        match_columns(["nik", "asal"], NEWCOMERS)


def test_the_error_for_a_file_without_headings_discloses_no_record() -> None:
    with pytest.raises(RecordError) as error:
        match_columns(["Budi", "0000060101900017", "Jl. Mawar 3"], CASES)
    assert "Budi" not in error.value.message
    assert "0000" not in error.value.message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Konfirmasi", "confirmed"),
        ("POSITIF", "confirmed"),
        ("Terkonfirmasi COVID-19", "confirmed"),
        ("Konfirmasi (simptomatik)", "confirmed"),
        ("CONFIRMATION", "confirmed"),
        ("Suspek", "suspect"),
        ("PDP", "suspect"),
        ("ODP", "suspect"),
        ("Probable", "probable"),
        ("Kontak Erat", "contact"),
        ("CLOSECONTACT", "contact"),
        ("OTG", "contact"),
        ("Discarded", "discarded"),
        ("Pelaku perjalanan", None),
        ("", None),
    ],
)
def test_statuses_of_the_decree_and_older_statuses_are_parsed(text: str, word: str | None) -> None:
    assert parse_word("status", text) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Sembuh", "recovered"),
        ("Selesai Isolasi", "recovered"),
        ("1", "recovered"),
        ("Meninggal dunia", "died"),
        ("2", "died"),
        ("4", "none"),
        ("Masih sakit", "none"),
        ("Isolasi mandiri", "none"),
        ("pindah", None),
    ],
)
def test_outcomes_and_their_codes_are_parsed(text: str, word: str | None) -> None:
    assert parse_word("outcome", text) == word


@given(
    number=st.integers(1, 999), form=st.sampled_from(["{}", "{:03d}", "RT {:02d}", "rw.{}", "{}.0"])
)
def test_padded_numbers_of_rt_and_rw_are_parsed(number: int, form: str) -> None:
    assert parse_number_cell(form.format(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("V", 5), ("RW IX", 9), ("xiv", 14), ("XXXIX", 39), ("o3", 3), ("RT. 02", 2),
        ("0", None), ("000", None), ("1000", None), ("", None), ("RT", None), ("2/3", None),
        ("IIII", None), ("2A", None), ("-1", None),
    ],
)  # fmt: skip
def test_roman_numbers_and_the_letter_o_are_parsed_and_other_texts_are_not(
    text: str, number: int | None
) -> None:
    assert parse_number_cell(text) == number


@given(number=st.floats(-200, 200, allow_nan=False), comma=st.booleans())
def test_degrees_with_point_or_comma_are_exact(number: float, *, comma: bool) -> None:
    text = f"{number:.17f}"
    cell = text.replace(".", ",") if comma else text
    degrees, invalid = read_degrees(pa.array([cell]))
    assert degrees.to_pylist() == [float(text)]
    assert not invalid.any()


@pytest.mark.parametrize("text", ["abc", "1.2.3", "110°", "inf", "1e999", "1,234.5", "--1"])
def test_a_text_that_is_no_number_is_no_coordinate(text: str) -> None:
    degrees, invalid = read_degrees(pa.array([text]))
    assert degrees.to_pylist() == [None]
    assert invalid.all()


@pytest.mark.parametrize(
    ("text", "digits", "rounded"),
    [
        ("0000060101900017", "0000060101900017", False),
        ("'0000060101900017", "0000060101900017", False),
        ("0000 0601 0190 0017", "0000060101900017", False),
        ("00.00.06.010190.0017", "0000060101900017", False),
        ("3.37406E+15", None, True),
        ("3,37406E+15", None, True),
        ("3.00000000000001E+15", None, True),
        ("0000000000000000", None, False),
        ("123", None, False),
        ("tidak bawa", None, False),
    ],
)
def test_sixteen_digits_are_parsed_and_rounded_numbers_are_marked(
    text: str,
    digits: str | None,
    rounded: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    parsed, is_rounded, unusable = read_sixteen_digits(pa.array([text]))
    assert parsed.to_pylist() == [digits]
    assert is_rounded.tolist() == [rounded]
    assert unusable.tolist() == [digits is None and not rounded]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Jl. Mawar 3 0000060101900017", "Jl. Mawar 3 ..."),
        ("NIK 0000 0601 0190 0017", "NIK ..."),
        ("Jl. Mawar 3 HP 081234567890", "Jl. Mawar 3 HP ..."),
        ("+62 812-3456-7890 Jl. Mawar", "... Jl. Mawar"),
        ("Jl. Mawar 12 RT 003 RW 005 50249", "Jl. Mawar 12 RT 003 RW 005 50249"),
    ],
)
def test_numbers_of_persons_and_phones_are_redacted(text: str, redacted: str) -> None:
    assert redact_numbers(pa.array([text])).to_pylist() == [redacted]


def test_rt_and_rw_in_one_cell_are_split_if_the_other_cell_is_blank() -> None:
    rt = pa.array(["003/005", "RT 3/RW 5", "3", None, "1/2", "x/y", None, "3/5"])
    rw = pa.array([None, None, "5", "III/V", "9", None, None, "3/5"])
    split_rt, split_rw = split_rt_rw(rt, rw)
    assert split_rt.to_pylist() == ["3", "3", "3", "3", "1/2", "x/y", None, "3"]
    assert split_rw.to_pylist() == ["5", "5", "5", "5", "9", None, None, "5"]
