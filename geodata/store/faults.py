"""What may happen to any database, as errors of ours; no value of a row is in them."""

from typing import Final

from geodata.errors import StoreError
from geodata.language import Bilingual

_AGAIN: Final = Bilingual(
    "Yang sudah disimpan tidak disimpan dua kali.", "What was kept before is not kept twice."
)


def conflict() -> StoreError:
    """A key that is there already, or a value that is missing."""
    return StoreError(
        "conflict",
        "The database holds a row with that key already, or a value that must be there is "
        "missing. Nothing was written.",
        indonesian="Basis data sudah memuat baris dengan kunci itu, atau ada nilai wajib yang "
        "kosong. Tidak ada yang ditulis.",
    )


def failed() -> StoreError:
    """The database itself is in trouble, and does not say how."""
    return StoreError(
        "database-failed",
        "The database could not do it, and its reason may not be shown; the log of the database "
        f"may say more. What was begun is not kept. Try again. {_AGAIN.en}",
        indonesian="Basis data tidak dapat melakukannya, dan tidak menyebut sebab yang boleh "
        "ditampilkan; catatan basis data mungkin menyebut lebih banyak. Yang baru dimulai "
        f"tidak disimpan. Coba lagi. {_AGAIN.id}",
    )


def disk_full() -> StoreError:
    """No room for what is to be kept."""
    return StoreError(
        "disk-full",
        "The disk of the database is full, or a limit on the size of its files is reached. What "
        f"was begun is not kept. Make room, then do it again. {_AGAIN.en}",
        indonesian="Disk basis data penuh, atau batas ukuran berkasnya tercapai. Yang baru "
        f"dimulai tidak disimpan. Sediakan ruang, lalu ulangi. {_AGAIN.id}",
    )


def out_of_memory() -> StoreError:
    """The database's memory does not suffice."""
    return StoreError(
        "out-of-memory",
        "The memory of the database did not suffice. Nothing was written. Close other programs or "
        "give the database more memory, then do it again.",
        indonesian="Memori basis data tidak cukup. Tidak ada yang ditulis. Tutup program lain "
        "atau beri basis data lebih banyak memori, lalu ulangi.",
    )


def limited() -> StoreError:
    """A limit that the server's operator has set, as for temporary files."""
    return StoreError(
        "database-limit",
        "A limit that is set on the database server is reached, for instance temp_file_limit. "
        "Nothing was written. Ask who runs the server to raise the limit, then do it again.",
        indonesian="Batas yang ditetapkan di server basis data tercapai, misalnya "
        "temp_file_limit. Tidak ada yang ditulis. Minta pengelola server menaikkan batas itu, "
        "lalu ulangi.",
    )


def read_only() -> StoreError:
    """The database may only be read."""
    return StoreError(
        "database-read-only",
        "The database may only be read: its disk or its server is read-only. Nothing was written. "
        "Name the server that takes writes, or make the disk writable.",
        indonesian="Basis data hanya boleh dibaca: disk atau servernya hanya dapat dibaca. "
        "Tidak ada yang ditulis. Sebutkan server yang menerima tulisan, atau jadikan disk itu "
        "dapat ditulis.",
    )


def not_allowed() -> StoreError:
    """The user may connect, and may not do this."""
    return StoreError(
        "database-refused",
        "The database does not let this user read or write its tables. Nothing was written. Use "
        "the user that made the tables, or grant this user the rights on them.",
        indonesian="Basis data tidak mengizinkan pengguna ini membaca atau menulis tabelnya. "
        "Tidak ada yang ditulis. Pakai pengguna yang membuat tabel itu, atau beri pengguna ini "
        "hak atas tabel itu.",
    )


def cancelled() -> StoreError:
    """The server ended a statement: by statement_timeout, or as someone told it to."""
    return StoreError(
        "database-timeout",
        "The database server ended this because it took more time than the server allows, or an "
        "operator cancelled it. Nothing was written. Try again, or raise statement_timeout.",
        indonesian="Server basis data menghentikan ini karena melewati batas waktu server, atau "
        "karena pengelola membatalkannya. Tidak ada yang ditulis. Coba lagi, atau naikkan "
        "statement_timeout.",
    )


def damaged() -> StoreError:
    """A file of the database is not as it was written."""
    return StoreError(
        "database-damaged",
        "The file of the database or its journal is damaged: a part is missing, changed or of "
        "another file. Restore the newest backup into a new file (`mikrozonasi database restore`), "
        "and keep the damaged one until that is done.",
        indonesian="Berkas basis data atau jurnalnya rusak: ada bagian yang hilang, berubah, "
        "atau berasal dari berkas lain. Pulihkan cadangan terbaru ke berkas baru (`mikrozonasi "
        "database restore`), dan simpan berkas yang rusak sampai pemulihan selesai.",
    )


def too_many_files() -> StoreError:
    """This process may open no more files."""
    return StoreError(
        "too-many-files",
        "The database could open no further file: this process or this machine has too many open. "
        "Nothing was written. Raise the limit (`ulimit -n`), then try again.",
        indonesian="Basis data tidak dapat membuka berkas lagi: proses ini atau mesin ini "
        "membuka terlalu banyak berkas. Tidak ada yang ditulis. Naikkan batasnya (`ulimit "
        "-n`), lalu coba lagi.",
    )


def lost() -> StoreError:
    """The connection broke."""
    return StoreError(
        "database-lost",
        "The connection to the database was lost. Do it again when the server is back: what was "
        "kept before is not kept twice.",
        indonesian="Koneksi ke basis data terputus. Ulangi setelah server hidup kembali: yang "
        "sudah disimpan tidak disimpan dua kali.",
    )


def undone_in_silence() -> StoreError:
    """A writer that said nothing for so long that it held up the others."""
    return StoreError(
        "transaction-undone",
        "The writing process sent nothing for too long, so all that it wrote was undone to let "
        "others write. Do it again: what was kept before is not kept twice.",
        indonesian="Tidak ada kabar terlalu lama di tengah penulisan, sehingga semuanya "
        "dibatalkan agar yang lain dapat menulis. Ulangi: yang sudah disimpan tidak disimpan "
        "dua kali.",
    )


def crowded() -> StoreError:
    """Every connection that this process may have is at work."""
    return StoreError(
        "database-crowded",
        "All connections of this process to the database stayed at work for too long. Nothing "
        "was written; try again when fewer ask at once, or let more processes serve.",
        indonesian="Semua koneksi proses ini ke basis data terpakai terlalu lama. Tidak ada "
        "yang ditulis; coba lagi saat permintaan lebih sedikit, atau jalankan lebih banyak "
        "proses.",
    )


def in_the_way() -> StoreError:
    """Another program holds what is needed."""
    return StoreError(
        "database-busy",
        "Another program holds the database's tables. Nothing was written; try again.",
        indonesian="Program lain sedang mengunci tabel basis data. Tidak ada yang ditulis; coba "
        "lagi.",
    )
