"""A row with another place replaces the whole place; a row without a place keeps the old place."""

from typing import Any

import pytest

from geodata.ledger.current import current_cases, current_newcomers
from geodata.store import Store
from tests.cities.small_city import TEMBALANG, VILLAGES, code
from tests.geodata.ledger.case_rows import FULL_ROW, JULY, LAT, LON, NIKS, PLACE, load, only_case


def address_and_point(store: Store) -> tuple[object, ...]:
    case = only_case(store)
    return tuple(case[name] for name in ("address", "rt", "rw", "lon"))


UPDATE = {"No Kasus": "A-1", "Status": "Konfirmasi"}


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"RT": "3"}, ("Jl. Contoh 5", 3, 1, None)),
        ({"RT": "2"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"RW": "2"}, ("Jl. Contoh 5", None, 2, None)),
        ({"Kelurahan": "Bringin"}, (None, None, None, None)),
        ({"Kelurahan": "KEL. TEMBALANG"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Kelurahan": VILLAGES[TEMBALANG].code}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Kelurahan": "Tembalamg"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Kecamatan": "Ngaliyan"}, (None, None, None, None)),
        ({"Kecamatan": "Kec. Tembalang"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Alamat": "Jalan Contoh No. 5"}, ("Jalan Contoh No. 5", 2, 1, LON)),
        ({"Alamat": "Jl Contoh 5 RT 02 RW 01"}, ("Jl Contoh 5 RT 02 RW 01", 2, 1, LON)),
        ({"Alamat": "Jl. Contoh 55"}, ("Jl. Contoh 55", 2, 1, None)),
        ({"Alamat": "Jl. Lain 5"}, ("Jl. Lain 5", 2, 1, None)),
        ({"Alamat": "Jl Contoh 5 RT 3 RW 1"}, ("Jl Contoh 5 RT 3 RW 1", None, None, None)),
        ({"Bujur": LON + 1e-4, "Lintang": LAT}, ("Jl. Contoh 5", 2, 1, LON + 1e-4)),
        ({"Bujur": 0, "Lintang": 0}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Bujur": 110.4, "Lintang": -7}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Bujur": "?", "Lintang": "x"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"RT": "3", "Bujur": 0, "Lintang": 0}, ("Jl. Contoh 5", 3, 1, 0.0)),
    ],
)
def test_a_new_place_keeps_no_finer_value_of_the_old_place(
    store: Store, row: dict[str, Any], place: tuple[object, ...]
) -> None:
    load(store, FULL_ROW)
    load(store, UPDATE | row)
    assert address_and_point(store) == place


def test_records_that_move_or_lose_their_place_are_listed(store: Store) -> None:
    rows = [FULL_ROW | {"No Kasus": f"A-{number}", "NIK": NIKS[number]} for number in range(3)]
    load(store, *rows)
    report = load(
        store,
        UPDATE | {"No Kasus": "A-0", "RT": "3", "Kelurahan": None},
        UPDATE | {"No Kasus": "A-1", "RT": None, "Kelurahan": "Bringin"},
        UPDATE | {"No Kasus": "A-2", "RT": "2", "Kelurahan": "Tembalang"},
    )
    old_rt = code(TEMBALANG, 1, 2)
    assert report.moved == (("A-0", old_rt, code(TEMBALANG, 1, 3)),)
    assert report.place_lost == (("A-1", old_rt, None),)
    assert (report.warnings["moved"], report.warnings["place-lost"]) == (1, 1)


def test_a_non_resident_stays_non_resident_until_a_row_names_this_city(store: Store) -> None:
    load(store, FULL_ROW | {"Kabupaten/Kota": "Kab. Demak"})
    load(store, UPDATE | {"Hasil akhir": "Meninggal"})
    assert current_cases(store)["non_resident"].to_pylist() == [True]
    load(store, UPDATE | {"Kabupaten/Kota": "Kota Semarang"})
    assert current_cases(store)["non_resident"].to_pylist() == [False]


def test_newcomers_and_places_keep_values_that_a_file_leaves_out(store: Store) -> None:
    arrival = {"ID": "N-1", "NIK": NIKS[0], "Asal": "Jakarta", "Tgl tiba": "2021-07-01"} | PLACE
    load(store, arrival, kind="newcomers")
    load(store, {"ID": "N-1", "Tgl tiba": None, "Hasil tes": "negatif"}, kind="newcomers")
    [newcomer] = current_newcomers(store).to_pylist()
    assert (newcomer["origin"], newcomer["rt"], newcomer["arrived_on"]) == ("Jakarta", 2, JULY)
    assert newcomer["test_result"] == "negative"
    beds = {"Kode": "P-1", "Jenis": "RS", "Nama": "RS Contoh", "Kapasitas": 50, "Terisi": 20}
    load(store, beds | PLACE, kind="places")
    load(store, {"Kode": "P-1", "Nama": "RS Contoh", "Terisi": 25}, kind="places")
    newest = store.read(
        "select capacity, in_use, rt, place_kind from place_version where version = 2"
    )
    assert newest.to_pylist() == [{"capacity": 50, "in_use": 25, "rt": 2, "place_kind": "hospital"}]
