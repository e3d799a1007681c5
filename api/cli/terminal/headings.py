"""Headings and labels of tables in Indonesian.

In the code a heading is English, and is also the name of a column in the files that a command
writes. A name of a record field that is not listed here stays as in the files.
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
    "change": "perubahan",
    "closed": "ditutup",
    "coordinates and address disagree": "koordinat dan alamat berbeda",
    "content": "isi",
    "corrected": "diperbaiki",
    "count": "jumlah",
    "counts": "dihitung",
    "date": "tanggal",
    "days late": "terlambat (hari)",
    "days published": "hari diterbitkan",
    "description": "keterangan",
    "due-today": "selesai hari ini",
    "due_on": "selesai karantina",
    "exempt": "dikecualikan",
    "fault": "kesalahan",
    "gained m2": "bertambah m2",
    "gaps filled": "celah yang diisi",
    "in force": "berlaku",
    "in-quarantine": "dalam karantina",
    "indicators": "indikator",
    "kind": "jenis",
    "lapsed": "lewat tanpa dilepas",
    "left": "sudah pergi",
    "level": "tingkat",
    "lost m2": "berkurang m2",
    "mended": "dimuat setelah diperbaiki",
    "metres": "meter",
    "new": "baru",
    "newcomer_id": "nomor pendatang",
    "newcomers": "pendatang",
    "note": "catatan",
    "overdue": "belum dilepas",
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
    "released": "sudah dilepas",
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
    "withdrawn": "ditarik",
}


def heading(english: str) -> str:
    """A heading or label in the language of this process; a name not in `INDONESIAN` stays."""
    return INDONESIAN.get(english, english) if LANGUAGE == "id" else english
