"""Texts of the search on the map; the sentences of the search itself are those of the portal."""

from typing import Final

from api.pages.portal.texts.search import SCRIPT_TEXTS as SEARCH
from api.pages.portal.texts.search import TEXTS as FORM
from geodata.language import Bilingual
from zoning.drawing import messages

TEXTS: Final = {
    "title": Bilingual("Cari RT di peta", "Find an RT on the map"),
    "title_rw": Bilingual("Cari RW di peta", "Find an RW on the map"),
    "find_label": FORM["find_label"],
    "find_label_rw": FORM["find_label_rw"],
    "find": FORM["find"],
    "example": FORM["example"],
    "mine": FORM["mine"],
    "mine_rw": Bilingual("RW saya", "My RW"),
    "private": Bilingual(
        "Nama dicari di ponsel ini dan tidak dikirim. Keterangan RT yang Anda pilih diambil dari "
        "server, seperti RT yang Anda ketuk.",
        "Names are searched on this phone and not sent. The details of the RT that you choose come "
        "from the server, as for an RT that you tap.",
    ),
    "private_rw": Bilingual(
        "Nama dicari di ponsel ini dan tidak dikirim. Keterangan RW yang Anda pilih diambil dari "
        "server, seperti RW yang Anda ketuk.",
        "Names are searched on this phone and not sent. The details of the RW that you choose come "
        "from the server, as for an RW that you tap.",
    ),
}
"""Texts of the panel."""
_OF_THE_SEARCH: Final = (
    "which_kelurahan",
    "which_rw",
    "which_zone",
    "which_rw_zone",
    "is_it",
    "is_it_rw",
    "missing",
    "missing_here",
    "no_match",
    "no_name",
    "not_a_zone",
    "loading",
    "failed",
)
SCRIPT_TEXTS: Final = {
    **{key: SEARCH[key] for key in _OF_THE_SEARCH},
    "opening": messages.WORDS["loading"],
    "gone": Bilingual(
        "{name}, yang diingat ponsel ini, tidak ada dalam batas wilayah pada {day}.",
        "{name}, which this phone remembers, is not in the boundaries of {day}.",
    ),
}
"""Texts of the script."""
