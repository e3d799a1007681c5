"""The group ``mikrozonasi boundaries``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unexpected_errors import ErrorReportingGroup

boundaries = typer.Typer(
    cls=ErrorReportingGroup,
    no_args_is_help=True,
    help=localised(
        "Poligon kota: periksa, rapikan, muat, buat.",
        "Polygons of the city: check, mend, load, make.",
    ),
)
add_command(
    boundaries,
    "check",
    "api.cli.boundaries.check:check",
    "Periksa poligon: tumpang tindih, celah, cincin tidak sah, dan lainnya, beserta letaknya.\n\n"
    "Status keluar 0 bila berkas dapat diperiksa, juga bila poligonnya salah.",
    "Check polygons: overlaps, gaps, invalid rings and other faults, with their positions.\n\n"
    "The exit status is 0 if the file can be checked, also if its polygons have faults.",
)
add_command(
    boundaries,
    "make",
    "api.cli.boundaries.make:make",
    "Bagi poligon kelurahan, RW, atau dusun menjadi RT tanpa celah dan tumpang tindih.\n\n"
    "Sebutkan jumlah RT, seluruhnya atau untuk setiap poligon, atau letaknya. Garis di antara RT "
    "adalah rekaan: cukup untuk peta pertama, bukan untuk akta. Poligon tidak boleh tumpang "
    "tindih; celah di antaranya tetap. Untuk poligon RW, sebutkan kolom labelnya dengan --rw; RT "
    "lalu dinomori di dalam setiap RW.",
    "Divide polygons of kelurahan, RW or dusun into RT without gaps and overlaps.\n\n"
    "Give the number of RT, in all or for each polygon, or the points of the RT. The lines "
    "between RT are invented: good enough for a first map, not for a deed. The polygons must not "
    "overlap; gaps between them stay. For polygons of RW, name the column of their labels with "
    "--rw; the RT are then numbered inside each RW.",
)
add_command(
    boundaries,
    "load",
    "api.cli.boundaries.commands:load",
    "Rapikan poligon RT menjadi cakupan tanpa celah dan simpan bersama semua wilayah di "
    "atasnya.\n\n"
    "Tidak ada yang disimpan bila berkas salah. Berkas yang sama dua kali tidak mengubah apa pun.",
    "Mend polygons of the RT into a coverage without gaps and keep them, with all areas above.\n\n"
    "A file with a fault changes nothing. The same file twice changes nothing.",
)
add_command(
    boundaries,
    "mend",
    "api.cli.boundaries.commands:mend",
    "Rapikan poligon tingkat mana pun menjadi cakupan tanpa celah dan tulis ke berkas, dengan "
    "semua kolomnya.",
    "Mend polygons of any level into a coverage without gaps and write them to a file, with all "
    "their columns.",
)
add_command(
    boundaries,
    "versions",
    "api.cli.boundaries.versions:versions",
    "Daftar batas wilayah yang berlaku, urut waktu.",
    "List the boundaries in force, in order of time.",
)
add_command(
    boundaries,
    "crosswalk",
    "api.cli.boundaries.versions:make_crosswalk",
    "Tulis bagian setiap RT lama yang terletak di setiap RT baru: 1.0 bila tidak berubah.",
    "Write the share of each old RT that lies in each new RT: 1.0 for an unchanged RT.",
)
