"""Headings and labels of tables in Indonesian.

A heading is an English word in the code, and a column of a file of that name. Names of fields of
records are Indonesian headings of files already or stay as the files have them.
"""

from typing import Final

from api.cli.terminal.language import LANGUAGE

INDONESIAN: Final = {
    "active cases": "kasus aktif",
    "added": "bertambah",
    "address": "alamat",
    "address_of": "alamat",
    "ambiguous": "bermakna ganda",
    "area": "wilayah",
    "area_part": "bagian alamat",
    "areas": "wilayah",
    "arrived_on": "tiba",
    "boundaries": "batas wilayah",
    "cases": "kasus",
    "closed": "ditutup",
    "coordinates and address disagree": "koordinat dan alamat berbeda",
    "corrected": "diperbaiki",
    "count": "jumlah",
    "counts": "dihitung",
    "date": "tanggal",
    "days late": "terlambat (hari)",
    "days published": "hari diterbitkan",
    "due_on": "selesai karantina",
    "fault": "kesalahan",
    "gained m2": "bertambah m2",
    "gaps filled": "celah yang diisi",
    "how many": "jumlah",
    "in force": "berlaku",
    "indicators": "indikator",
    "kind": "jenis",
    "level": "tingkat",
    "lost m2": "berkurang m2",
    "mended": "dimuat setelah diperbaiki",
    "metres": "meter",
    "new": "baru",
    "newcomer_id": "nomor pendatang",
    "newcomers": "pendatang",
    "note": "catatan",
    "overlaps": "tumpang tindih",
    "places": "tempat",
    "point": "titik",
    "points": "titik",
    "read": "dibaca",
    "reading": "bacaan",
    "reasons": "alasan",
    "record": "data",
    "recorded_at": "dicatat",
    "records": "data",
    "rejected": "ditolak",
    "rings that crossed themselves": "cincin yang memotong dirinya",
    "row": "baris",
    "row_id": "id baris",
    "rows": "baris",
    "rule": "aturan",
    "since": "sejak",
    "source": "sumber",
    "state": "keadaan",
    "status": "status",
    "table": "tabel",
    "taken away": "berkurang",
    "unchanged": "tetap",
    "until": "sampai",
    "verified_by": "diverifikasi oleh",
    "version": "versi",
    "what": "apa",
    "what it is": "keterangan",
    "withdrawn": "ditarik",
}


def word(english: str) -> str:
    """A heading or label in the language of this process; a name of a field stays as it is."""
    return INDONESIAN.get(english, english) if LANGUAGE == "id" else english
