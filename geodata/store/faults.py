"""Errors of any database as `StoreError`, without values of rows."""

from typing import Final

from geodata.errors import StoreError
from geodata.language import Bilingual

_NOT_TWICE: Final = Bilingual(
    "Yang sudah disimpan tidak disimpan dua kali.", "Rows that were stored are not stored twice."
)


def key_conflict() -> StoreError:
    """The key exists already, or a required value is missing."""
    return StoreError(
        "conflict",
        "The database already has a row with this key, or a required value is missing. Nothing "
        "was written.",
        indonesian="Basis data sudah memuat baris dengan kunci ini, atau ada nilai wajib yang "
        "kosong. Tidak ada yang ditulis.",
    )


def database_failed() -> StoreError:
    """The database failed for another reason."""
    return StoreError(
        "database-failed",
        "The database failed. The reason cannot be shown here; see the log of the database. The "
        f"unfinished work was not stored. Try again. {_NOT_TWICE.en}",
        indonesian="Basis data gagal. Sebabnya tidak dapat ditampilkan di sini; lihat log basis "
        f"data. Pekerjaan yang belum selesai tidak disimpan. Coba lagi. {_NOT_TWICE.id}",
    )


def disk_full() -> StoreError:
    """The disk is full."""
    return StoreError(
        "disk-full",
        "The disk of the database is full, or a limit on the size of its files is reached. The "
        f"unfinished work was not stored. Free some disk space, then try again. {_NOT_TWICE.en}",
        indonesian="Disk basis data penuh, atau batas ukuran berkasnya tercapai. Pekerjaan yang "
        f"belum selesai tidak disimpan. Kosongkan ruang disk, lalu coba lagi. {_NOT_TWICE.id}",
    )


def out_of_memory() -> StoreError:
    """The database has too little memory."""
    return StoreError(
        "out-of-memory",
        "The database has too little memory. Nothing was written. Close other programs or give "
        "the database more memory, then try again.",
        indonesian="Memori basis data tidak cukup. Tidak ada yang ditulis. Tutup program lain "
        "atau beri basis data lebih banyak memori, lalu coba lagi.",
    )


def limit_reached() -> StoreError:
    """A configured limit of the server is reached, for instance for temporary files."""
    return StoreError(
        "database-limit",
        "A limit of the database server is reached, for instance temp_file_limit. Nothing was "
        "written. Ask the operator of the server to raise the limit, then try again.",
        indonesian="Batas di server basis data tercapai, misalnya temp_file_limit. Tidak ada "
        "yang ditulis. Minta pengelola server menaikkan batas itu, lalu coba lagi.",
    )


def read_only() -> StoreError:
    """The database is read-only."""
    return StoreError(
        "database-read-only",
        "The database is read-only, because its disk or its server is read-only. Nothing was "
        "written. Name the server that accepts writes, or make the disk writable.",
        indonesian="Basis data hanya dapat dibaca, karena disk atau servernya hanya dapat "
        "dibaca. Tidak ada yang ditulis. Sebutkan server yang menerima tulisan, atau jadikan "
        "disk itu dapat ditulis.",
    )


def permission_denied() -> StoreError:
    """The user has no permission for the tables."""
    return StoreError(
        "database-refused",
        "The database does not let this user read or write its tables. Nothing was written. Use "
        "the user that made the tables, or grant this user rights on the tables.",
        indonesian="Basis data tidak mengizinkan pengguna ini membaca atau menulis tabelnya. "
        "Tidak ada yang ditulis. Pakai pengguna yang membuat tabel itu, atau beri pengguna ini "
        "hak atas tabel itu.",
    )


def statement_cancelled() -> StoreError:
    """The server cancelled a statement: by statement_timeout, or by an operator."""
    return StoreError(
        "database-timeout",
        "The database server cancelled the statement, because it took more time than the server "
        "allows or because an operator cancelled it. Nothing was written. Try again, or raise "
        "statement_timeout.",
        indonesian="Server basis data membatalkan perintah, karena melewati batas waktu server "
        "atau karena dibatalkan pengelola. Tidak ada yang ditulis. Coba lagi, atau naikkan "
        "statement_timeout.",
    )


def file_damaged() -> StoreError:
    """A file of the database is damaged."""
    return StoreError(
        "database-damaged",
        "The file of the database or its journal is damaged: a part is missing, changed or of "
        "another file. Restore the newest backup into a new file (`mikrozonasi database restore`), "
        "and keep the damaged file until the backup is restored.",
        indonesian="Berkas basis data atau jurnalnya rusak: ada bagian yang hilang, berubah, "
        "atau berasal dari berkas lain. Pulihkan cadangan terbaru ke berkas baru (`mikrozonasi "
        "database restore`), dan simpan berkas yang rusak sampai pemulihan selesai.",
    )


def too_many_files() -> StoreError:
    """This process cannot open more files."""
    return StoreError(
        "too-many-files",
        "The database could not open another file: this process or this machine has too many open "
        "files. Nothing was written. Raise the limit (`ulimit -n`), then try again.",
        indonesian="Basis data tidak dapat membuka berkas lagi: proses ini atau mesin ini "
        "membuka terlalu banyak berkas. Tidak ada yang ditulis. Naikkan batasnya (`ulimit "
        "-n`), lalu coba lagi.",
    )


def connection_lost() -> StoreError:
    """The connection was lost."""
    return StoreError(
        "database-lost",
        f"The connection to the database was lost. Try again when the server runs. {_NOT_TWICE.en}",
        indonesian="Koneksi ke basis data terputus. Coba lagi setelah server berjalan. "
        f"{_NOT_TWICE.id}",
    )


def writer_timed_out() -> StoreError:
    """A writing process sent nothing for too long while other writers waited."""
    return StoreError(
        "transaction-undone",
        "The writing process sent nothing for too long. Its transaction was rolled back, so that "
        f"other processes can write. Try again. {_NOT_TWICE.en}",
        indonesian="Proses penulis terlalu lama tidak mengirim apa pun. Transaksinya dibatalkan "
        f"agar proses lain dapat menulis. Coba lagi. {_NOT_TWICE.id}",
    )


def pool_exhausted() -> StoreError:
    """Every connection of this process is in use."""
    return StoreError(
        "database-crowded",
        "All connections of this process to the database were in use for too long. Nothing was "
        "written. Try again when there are fewer requests, or run more processes.",
        indonesian="Semua koneksi proses ini ke basis data terpakai terlalu lama. Tidak ada "
        "yang ditulis. Coba lagi saat permintaan lebih sedikit, atau jalankan lebih banyak "
        "proses.",
    )


def tables_locked() -> StoreError:
    """Another program locks the tables."""
    return StoreError(
        "database-busy",
        "Another program locks the tables of the database. Nothing was written. Try again.",
        indonesian="Program lain sedang mengunci tabel basis data. Tidak ada yang ditulis. Coba "
        "lagi.",
    )
