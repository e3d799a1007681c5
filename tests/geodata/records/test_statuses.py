"""A status of several words is parsed word by word, or is unknown."""

from itertools import product

import pytest

from geodata.records.parsing.coded_values import describe_vocabulary, parse_word

HEADS = ["Konfirmasi", "Terkonfirmasi", "KASUS KONFIRMASI", "positif", "Terkonfirmasi positif"]
ADDITIONS = [
    "",
    " tanpa gejala",
    " asimptomatik",
    " Asimtomatik",
    " simptomatik",
    " bergejala ringan",
    " gejala sedang",
    " - isoman",
    " / isolasi mandiri",
    ", dirawat",
    " dirawat di RS",
    " rujuk RSUD",
    " (isoter)",
    " (klaster pasar)",
    " COVID-19",
    " aktif",
    " OTG",
    " dengan komorbid",
    " belum sembuh",
    " (masih sakit)",
]
DENIALS = [
    "negatif",
    "Bukan konfirmasi",
    "bukan kasus konfirmasi",
    "belum terkonfirmasi",
    "tidak terkonfirmasi",
    "tidak positif",
    "non konfirmasi",
    "not confirmed",
    "unconfirmed",
    "Kontak erat konfirmasi",
    "kontak erat - positif",
    "kontak erat dari kasus konfirmasi",
    "kontak dengan pasien positif",
    "suspek",
    "Suspek (kontak konfirmasi)",
    "suspek / konfirmasi",
    "Suspek/Probable/Konfirmasi",
    "probable",
    "probable konfirmasi",
    "discarded",
    "konfirmasi discarded",
    "Konfirmasi (negatif)",
    "Positif (-)",
    "Konfirmasi (bukan)",
    "konfirmasi (belum)",
    "positif?",
    "Konfirmasi ???",
    "diduga positif",
    "menunggu konfirmasi",
    "perlu konfirmasi",
    "akan dikonfirmasi",
    "konfirmasi ulang",
    "konfirmasi hasil lab",
    "konfirmasi ke RS",
    "konfirmasi di lapangan",
    "konfirmasi dengan pasien",
    "masih konfirmasi",
    "sudah konfirmasi",
    "ada konfirmasi",
    "PDP positif",
    "antigen positif, PCR negatif",
    "riwayat positif",
    "pernah terkonfirmasi",
    "eks positif",
    "positif rapid",
    "rapid test positif",
    "positif (rapid test)",
    "positif (IgG)",
    "konfirmasi (dobel)",
    "konfirmasi (ditolak lab)",
    "reaktif",
    "positif/negatif",
    "positif konversi negatif",
    "suami positif",
    "kontak suami positif",
    "swab",
    "PCR (-)",
    "isolasi mandiri",
    "dirawat",
    "baik",
]


@pytest.mark.parametrize(("head", "addition"), [*product(HEADS, ADDITIONS)])
def test_a_confirmed_status_with_neutral_words_is_confirmed(head: str, addition: str) -> None:
    assert parse_word("status", f"{head}{addition}") == "confirmed"
    assert parse_word("outcome_in_status", f"{head}{addition}") is None


@pytest.mark.parametrize("denial", DENIALS)
def test_a_status_with_negation_doubt_or_another_status_is_not_confirmed(denial: str) -> None:
    assert parse_word("status", denial) != "confirmed"


@pytest.mark.parametrize(
    ("text", "status", "outcome"),
    [
        ("Konfirmasi/Sembuh", "confirmed", "recovered"),
        ("Terkonfirmasi positif - selesai isolasi", "confirmed", "recovered"),
        ("Konfirmasi (sembuh)", "confirmed", "recovered"),
        ("Terkonfirmasi meninggal dunia", "confirmed", "died"),
        ("sudah sembuh", "confirmed", "recovered"),
        ("Konfirmasi - sudah selesai isolasi di rumah", "confirmed", "recovered"),
        ("masih positif", "confirmed", None),
        ("dinyatakan positif", "confirmed", None),
        ("Konfirmasi, dirawat di RS Contoh Kota", "confirmed", None),
        ("Konfirmasi, dirawat di RS Contoh, negatif", None, None),
        ("Konfirmasi belum selesai isolasi", "confirmed", None),
        ("Meninggal di RS", "probable", "died"),
        ("Probable (meninggal)", "probable", "died"),
        ("Konfirmasi sembuh meninggal", None, None),
        ("PCR (+)", "confirmed", None),
        ("Swab positif", "confirmed", None),
        ("Hasil swab antigen positif", "confirmed", None),
        ("Suspek isoman", "suspect", None),
        ("Suspek - gejala berat, dirawat", "suspect", None),
        ("Suspek (menunggu hasil)", "suspect", None),
        ("Kontak erat (tidak bergejala)", "contact", None),
        ("Kontak erat dari kasus konfirmasi", "contact", None),
        ("Probabel dirawat di ICU", "probable", None),
        ("Suspek sembuh", None, None),
        ("Suspek (negatif)", "discarded", None),
        ("Kontak erat (negatif)", "discarded", None),
        ("PDP (sembuh)", "discarded", None),
        ("Negatif?", None, None),
        ("OTG", "contact", None),
        ("OTG, isoman", "contact", None),
        ("OTG positif", "confirmed", None),
        ("Orang tanpa gejala (positif)", "confirmed", None),
        ("OTG sembuh", None, None),
        ("Discarded (negatif dua kali)", "discarded", None),
        ("Salah input (dobel)", "withdrawn", None),
        ("Negatif (-)", "discarded", None),
    ],
)
def test_a_status_of_several_words_gives_status_and_outcome(
    text: str, status: str | None, outcome: str | None
) -> None:
    assert parse_word("status", text) == status
    assert parse_word("outcome_in_status", text) == outcome


def test_a_word_of_a_source_takes_precedence() -> None:
    assert parse_word("status", "Konfirmasi isoman", {"konfirmasiisoman": "suspect"}) == "suspect"
    assert parse_word("status", "A1 (baru)", {"a1": "confirmed"}) == "confirmed"


def test_the_description_of_a_vocabulary_lists_values_and_words() -> None:
    description = describe_vocabulary("status")
    for word in ("confirmed", "konfirmasi", "suspect", "kontak erat", "discarded", "negatif"):
        assert word in description
