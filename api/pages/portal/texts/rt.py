"""Texts of the page of one RT or another area."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "zone": Bilingual("Zona {colour}", "{colour} zone"),
    "no_zone": Bilingual("Bukan zona", "Not a zone"),
    "why": Bilingual("Mengapa", "Why"),
    "measures": Bilingual("Yang harus dilakukan", "What you must do"),
    "history": Bilingual("{n} hari terakhir", "The last {n} days"),
    "until": Bilingual(
        "Dinilai ulang tiap hari. Tanpa kasus baru, paling lambat {colour} pada {day}.",
        "Classified again every day. Without new cases, {colour} at the latest on {day}.",
    ),
    "stays": Bilingual(
        "Dinilai ulang tiap hari. Satu kasus baru dapat mengubah warnanya.",
        "Classified again every day. One new case may change the colour.",
    ),
    "neighbours": Bilingual("Tetangga", "Neighbours"),
    "no_neighbours": Bilingual("Tidak ada RT yang berbatasan.", "No RT shares a border."),
    "unknown": Bilingual("tanpa data", "no data"),
    "share": Bilingual("Bagikan ke WA", "Share on WhatsApp"),
    "share_text": Bilingual("{name}: zona {colour} pada {day}.", "{name}: {colour} zone on {day}."),
    "description": Bilingual(
        "{name} pada {day}: {colour}. Alasan, kewajiban dan riwayatnya.",
        "{name} on {day}: {colour}. The reason, the duties and the history.",
    ),
    "day_colour": Bilingual("{day}: {colour}", "{day}: {colour}"),
}
