"""The group ``mikrozonasi database``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unforeseen import SpokenGroup

database = typer.Typer(
    cls=SpokenGroup,
    no_args_is_help=True,
    help=localised(
        "Basis data: buat, perbarui, cadangkan, pulihkan.",
        "The database itself: make, upgrade, back up, restore.",
    ),
)
add_command(
    database,
    "upgrade",
    "api.cli.database:upgrade",
    "Buat tabel untuk basis data baru, atau perbarui tabel versi lama.\n\n"
    "Isinya tetap. Semua atau tidak sama sekali: pembaruan yang terputus tidak mengubah basis "
    "data. "
    "Hentikan dulu server yang memakainya, dan siapkan rahasia kota sebagai berkas kunci atau "
    "MIKROZONASI_SECRET. Basis data PostgreSQL harus sudah ada: `createdb NAMA`.",
    "Make the tables of a new database, or bring those of an older one up to date.\n\n"
    "What they hold stays. All or nothing: an upgrade that is cut off leaves the database as it "
    "was. Stop the servers that use it first, and have the city's secret at hand, as the key file "
    "or MIKROZONASI_SECRET. A PostgreSQL database must be there: `createdb NAME`.",
)
add_command(
    database,
    "backup",
    "api.cli.database:backup",
    "Tulis seluruh isi basis data pada satu saat ke satu berkas.\n\n"
    "Server boleh tetap berjalan. Berkas itu berisi data orang: simpan seperti data itu sendiri. "
    "Rahasia kota tidak ada di dalamnya; simpan di tempat lain, karena tanpa rahasia itu basis "
    "data "
    "yang dipulihkan tidak dapat menerima data baru.",
    "Write everything the database holds, as it stands at one moment, into one file.\n\n"
    "Servers may go on meanwhile. The file holds people's records: keep it as you keep them. The "
    "secret behind the pseudonyms is not in it; keep that apart, for without it a restored "
    "database cannot take in records.",
)
add_command(
    database,
    "restore",
    "api.cli.database:restore",
    "Isi basis data kosong dari berkas cadangan, semuanya atau tidak sama sekali.\n\n"
    "Tabel dibuat bila belum ada. Juga untuk pindah dari satu jenis basis data ke jenis lain. Beri "
    "basis data itu rahasia yang dulu dipakainya.",
    "Fill an empty database with what a backup holds, all of it or nothing.\n\n"
    "Its tables are made where there are none. Also the way from one kind of database to another. "
    "Give the restored database the secret it had.",
)
