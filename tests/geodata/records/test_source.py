"""Sources: ready descriptions of files, and descriptions of a city."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geodata.errors import InputError, NotFoundError
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CASES, KINDS, NEWCOMERS, CheckedSheet, Kind, check_sheet
from geodata.records.keys import content_digests
from geodata.records.layout.headings import match_columns
from geodata.records.layout.source import Source, open_source, parse_source, ready_sources
from geodata.records.parsing.coded_values import parse_word
from geodata.records.parsing.folding import fold
from geodata.records.parsing.points import CityReference
from geodata.tables import sheet_from_frame
from tests.zones import JAKARTA

KEY = Pseudonymiser(b"a secret of sixteen and more")
NOWHERE = np.empty((0, 2))
CITY = CityReference(
    (110.27, -7.12, 110.51, -6.93), "EPSG:32749", NOWHERE, NOWHERE, "Kota Semarang", "33.74"
)
GOOD = {"case_id": "A-1", "status": "Konfirmasi", "confirmed_on": "2021-09-01"}
# The 77 columns of the import sheet, by their names in the Pikobar program.
PIKOBAR = [
    "num",
    "interviewers_name",
    "interviewers_phone_number",
    "interview_date",
    "nik",
    "phone_number",
    "note_phone_number",
    "name",
    "name_parents",
    "place_of_birth",
    "birth_date",
    "age",
    "month",
    "gender",
    "address_district_code",
    "address_subdistrict_code",
    "address_village_code",
    "rt",
    "rw",
    "address_street",
    "occupation",
    "office_address",
    "nationality_name",
    "income",
    "x",
    "current_hospital_id",
    "is_patient_address_same",
    "current_location_district_code",
    "current_location_subdistrict_code",
    "current_location_village_code",
    "current_location_address",
    "first_symptom_date",
    "diagnosis",
    "diseases",
    "diagnosis_ards",
    "diagnosis_pneumonia",
    "other_diagnosis",
    "other_diagnosisr_respiratory_disease",
    "physical_check_temperature",
    "physical_check_blood_pressure",
    "physical_check_pulse",
    "physical_check_respiration",
    "physical_check_height",
    "physical_check_weight",
    "pysichal_activity",
    "smoking",
    "consume_alcohol",
    "status",
    "final_result",
    "last_date_status_patient",
    "inspection_type",
    "specimens_type",
    "inspection_date",
    "inspection_location",
    "get_specimens_to",
    "inspection_result",
    "travelling_visited_country",
    "travelling_city",
    "travelling_visited_province",
    "travelling_district",
    "travelling_date",
    "travelling_arrive",
    "visited_local_area_province",
    "visited_local_area_city",
    "public_place_category",
    "public_place_name",
    "public_place_address",
    "public_place_date_visited",
    "public_place_duration_visited",
    "close_contact_heavy_ispa_group",
    "close_contact_pets",
    "health_workers",
    "apd_use",
    "close_contact_performing_aerosol",
    "transmission_type",
    "cluster_type",
    "cluster_other",
]


def _check(*rows: dict[str, Any], kind: Kind = CASES, source: Source | None = None) -> CheckedSheet:
    frame = pd.DataFrame(list(rows)).astype(object)
    sheet = sheet_from_frame(frame.where(frame.notna(), None))
    return check_sheet(
        sheet, kind, KEY, today=date(2021, 9, 9), timezone=JAKARTA, city=CITY, source=source
    )


@pytest.mark.parametrize("name", ["notifikasi", "pikobar", "sidatang"])
def test_every_ready_source_can_be_opened(name: str) -> None:
    source = ready_sources()[name]
    assert source.kind in KINDS
    assert open_source(name, KINDS[source.kind]) == source


def test_the_pikobar_sheet_and_its_codes_are_read() -> None:
    assert len(PIKOBAR) == 77
    row = dict.fromkeys(PIKOBAR) | {
        "name": "Ani",
        "nik": "0000060101900017",
        "interview_date": "2021-09-02",
        "address_district_code": "33.74",
        "address_subdistrict_code": "33.74.10",
        "address_village_code": "33.74.10.1004",
        "rt": 2,
        "rw": 1,
        "status": "CONFIRMATION",
        "final_result": "1",
        "last_date_status_patient": "2021-09-08",
        "inspection_date": "2021-08-31",
    }
    contact = row | {"nik": "0000060101900018", "status": "CLOSECONTACT", "final_result": "3"}
    checked = _check(row, contact, source=ready_sources()["pikobar"])
    assert checked.rejected.num_rows == 0
    [case, contact_record] = sorted(
        checked.accepted.to_pylist(), key=lambda record: str(record["status"])
    )
    assert (case["status"], case["confirmed_on"]) == ("confirmed", date(2021, 9, 2))
    assert (case["outcome"], case["outcome_on"]) == ("recovered", date(2021, 9, 8))
    assert (case["kelurahan"], case["rt"], case["rw"]) == ("33.74.10.1004", 2, 1)
    assert not case["non_resident"]
    assert contact_record["status"] == "discarded"


def test_the_notification_form_marks_residents_of_another_city() -> None:
    row = {
        "No": 1,
        "Nama": "Ani",
        "Alamat identitas": "Jl. KTP 1",
        "Alamat domisili": "Jl. Rumah 2 RT 2 RW 1",
        "Tgl onset": "1/9/2021",
        "Status epidemiologi": "suspek",
        "Ket": None,
    }
    source = ready_sources()["notifikasi"]
    checked = _check(row, row | {"Nama": "Budi", "Ket": "Luar kota (Kendal)"}, source=source)
    assert sorted(checked.accepted["non_resident"].to_pylist()) == [False, True]
    assert set(checked.accepted["address"].to_pylist()) == {"Jl. Rumah 2 RT 2 RW 1"}


def test_the_newcomer_list_is_read() -> None:
    row = {
        "NIK": "0000060101900017",
        "Nama": "Ani",
        "Tempat keberangkatan": "Jakarta",
        "Tgl tiba": "1/9/2021",
        "Alamat tujuan": "Jl. Mawar 3",
        "RT": "002",
        "RW": "1",
        "Kecamatan": "Tembalang",
    }
    checked = _check(row, kind=NEWCOMERS, source=ready_sources()["sidatang"])
    [newcomer] = checked.accepted.to_pylist()
    assert (newcomer["origin"], newcomer["rt"]) == ("Jakarta", 2)
    assert newcomer["address"] == "Jl. Mawar 3"


OWN = """
title = "Daftar RSUD"
kind = "cases"
month_first = true
prefer = "identity-card"
leave_out = ["Catatan"]
[columns]
status = ["Hasil"]
confirmed_on = ["Tgl"]
rt = ["RT 1"]
[identity_card]
rt = ["RT 2"]
[words.status]
confirmed = ["A"]
"""


def test_a_source_of_a_city_gives_columns_words_date_order_and_address() -> None:
    row = {"Hasil": "A", "Tgl": "04/13/2021", "RT 1": 1, "RT 2": 2, "ID": "7", "Status": "negatif"}
    checked = _check(row, source=parse_source(OWN, "own.toml"))
    [case] = checked.accepted.to_pylist()
    assert (case["case_id"], case["status"], case["rt"]) == ("7", "confirmed", 2)
    assert case["confirmed_on"] == date(2021, 4, 13)


def test_a_source_is_opened_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    assert open_source(str(tmp_path / "own.toml"), CASES).title == "Daftar RSUD"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("title = ", "no TOML"),
        ('title = "x"', "kind: field required"),
        ('title = "x"\nkind = "things"', "kind"),
        ('title = "x"\nkind = "cases"\ncolour = "red"', "colour: extra inputs"),
        ('title = "x"\nkind = "cases"\n[columns]\nage = ["umur"]', "columns.age is unknown"),
        ('title = "x"\nkind = "cases"\n[columns]\nnik = "nik"', "columns.nik"),
        ('title = "x"\nkind = "cases"\n[columns]\nnik = []', "columns.nik"),
        ('title = "x"\nkind = "cases"\n[words.status]\nill = ["x"]', "words.status.ill"),
        ('title = "x"\nkind = "cases"\n[words.mood]\ngood = ["x"]', "words.mood"),
        ('title = "x"\nkind = "cases"\nheading_row = 0', "heading_row"),
        ('title = "x"\nkind = "cases"\n[columns]\nrt = ["a b"]\nrw = ["A_B"]', "two fields"),
        ('title = "x"\nkind = "cases"\n[identity_card]\nnik = ["a"]', "identity_card.nik"),
    ],
)
def test_a_source_with_a_mistake_is_refused_with_the_place_of_the_mistake(
    text: str, mistake: str
) -> None:
    with pytest.raises(InputError) as error:
        parse_source(text, "own.toml")
    assert error.value.code == "source"
    assert mistake in error.value.message
    assert error.value.message.startswith("The source own.toml cannot be used: ")


def test_a_source_of_another_kind_or_name_is_refused() -> None:
    with pytest.raises(InputError, match="is for newcomers, not for cases"):
        open_source("sidatang", CASES)
    with pytest.raises(NotFoundError, match="notifikasi, pikobar, sidatang"):
        open_source("nosuch", CASES)


# --- two addresses ------------------------------------------------------------------------------


def test_the_rt_of_the_identity_card_is_never_combined_with_the_kelurahan_of_the_home() -> None:
    home = {"RT domisili": None, "Kelurahan domisili": "Tembalang"}
    identity_card = {"RT KTP": "7", "Kelurahan KTP": "Bringin"}
    checked = _check(GOOD | home | identity_card, GOOD | identity_card | {"case_id": "A-2"})
    addresses = checked.accepted.select(["rt", "kelurahan"]).to_pylist()
    assert addresses == [{"rt": None, "kelurahan": "Tembalang"}, {"rt": 7, "kelurahan": "Bringin"}]


@pytest.mark.parametrize(
    ("headings", "addresses"),
    [
        (["Alamat domisili", "RT", "Kelurahan"], 1),
        (["Alamat domisili", "Alamat KTP", "RT"], 1),
        (["Alamat domisili", "Alamat KTP", "RT KTP"], 2),
        (["RT domisili", "RT", "RT KTP"], 3),
        (["RT domisili", "Alamat"], 1),
    ],
)
def test_columns_that_name_no_address_belong_to_the_home(
    headings: list[str], addresses: int
) -> None:
    assert len(match_columns(["status", *headings], CASES).addresses) == addresses


@pytest.mark.parametrize(
    ("cells", "rt", "rw"),
    [
        ({"RT/RW": "003/005"}, 3, 5),
        ({"RT/RW": "RT 3 / RW V"}, 3, 5),
        ({"RT/RW": "o3/5"}, 3, 5),
        ({"RT": "003/005", "RW": "003/005"}, 3, 5),
        ({"RT": "003/005", "RW": "7"}, None, 7),
        ({"RT/RW KTP": "3/5"}, 3, 5),
        ({"RT": "3", "RW": "5"}, 3, 5),
    ],
)
def test_one_cell_may_contain_rt_and_rw(cells: dict[str, str], rt: int | None, rw: int) -> None:
    [case] = _check(GOOD | cells).accepted.to_pylist()
    assert (case["rt"], case["rw"]) == (rt, rw)


# --- residents of other cities ---


@pytest.mark.parametrize(
    ("fields", "elsewhere"),
    [
        ({"Kabupaten/Kota": "Kota Semarang"}, False),
        ({"Kabupaten/Kota": "KOTA SEMARANG"}, False),
        ({"Kabupaten/Kota": "Semarang"}, False),
        ({"Kabupaten/Kota": "Kab. Semarang"}, True),
        ({"Kabupaten/Kota": "Kabupaten Semarang"}, True),
        ({"Kabupaten/Kota": "Kendal"}, True),
        ({"Kabupaten/Kota": "Luar Kota"}, True),
        ({"Kabupaten/Kota": "3374"}, False),
        ({"Kabupaten/Kota": "33.22"}, True),
        ({"Kabupaten/Kota": None}, False),
        ({"Alamat": "Ungaran RT 1 RW 2, Kab. Semarang"}, True),
        ({"Alamat": "Jl. Kabut 3, Tembalang"}, False),
        ({"Alamat": "Asal Kab. Demak", "Kabupaten/Kota": "Kota Semarang"}, False),
        ({"Kecamatan": "luar kota"}, True),
    ],
)
def test_a_resident_of_another_city_or_of_the_regency_with_the_same_name_is_marked(
    fields: dict[str, str | None],
    elsewhere: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    checked = _check(GOOD | fields)
    assert checked.accepted["non_resident"].to_pylist() == [elsewhere]


def test_another_city_changes_the_digest_and_the_own_city_does_not() -> None:
    def digest(city: str | None) -> str:
        records = _check(GOOD | {"kota": city}).accepted
        columns = {name: records[name].combine_chunks() for name in records.column_names}
        return str(content_digests(columns, CASES)[0])

    without_city, own_city, other_city = (digest(city) for city in (None, "Semarang", "Demak"))
    assert without_city == own_city != other_city


# --- statuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status", "outcome"),
    [
        ("Selesai isolasi", "confirmed", "recovered"),
        ("Konfirmasi selesai isolasi", "confirmed", "recovered"),
        ("Probable meninggal", "probable", "died"),
        ("Meninggal", "probable", "died"),
        ("PDP meninggal", "suspect", "died"),
        ("ODP selesai pemantauan", "discarded", None),
        ("PDP negatif", "discarded", None),
        ("Kontak erat selesai karantina", "discarded", None),
        ("Suspek discarded", "discarded", None),
        ("Konfirmasi (antigen)", "confirmed", None),
    ],
)
def test_statuses_with_an_outcome_are_parsed(text: str, status: str, outcome: str | None) -> None:
    assert parse_word("status", text) == status
    assert parse_word("outcome_in_status", text) == outcome


def test_a_negative_result_discards_a_suspect_and_never_a_confirmed_case() -> None:
    checked = _check(
        GOOD | {"outcome": "Negatif"},
        GOOD | {"case_id": "B", "status": "PDP", "outcome": "Negatif"},
    )
    assert checked.accepted["status"].to_pylist() == ["confirmed", "discarded"]


def test_folded_spellings_are_equal() -> None:
    assert fold("Tgl. Konfirmasi") == fold("tgl_konfirmasi")
