"""Parse a status of several words: ``Konfirmasi - isoman``.

One word gives the status of the person (confirmed, suspect, probable, contact). Other words may
give symptoms, place of care, outcome and test. A status is parsed only if every word is known and
exactly one word gives the status. A word of negation or doubt (``bukan``, ``belum``, ``tidak``,
``?``) or an unknown word makes the status unknown.
"""

import re
from functools import cache
from typing import Final, NamedTuple


class Status(NamedTuple):
    """Status of a person, and the outcome if the text has one."""

    status: str
    outcome: str | None


_NEUTRAL: Final = "neutral"
_STATUSES: Final = frozenset(["confirmed", "suspect", "probable", "contact"])
_OUTCOMES: Final = frozenset(["recovered", "died"])
_PHRASES: Final = (
    # Phrases are replaced in this order, before single words are looked up.
    (_NEUTRAL, "belum (?:sembuh|bergejala|selesai (?:isolasi mandiri|isolasi|isoman))"),
    (
        "contact",
        (
            "kontak erat (?:dari|dengan) (?:kasus |pasien )?(?:ter)?konfirmasi"
            "|kontak erat (?:kasus|pasien) (?:ter)?konfirmasi|kontak erat risiko (?:tinggi|rendah)"
            "|kontak erat|close contact"
        ),
    ),
    ("died", "meninggal (?:dunia|di rs|di rumah sakit|di rumah)"),
    (
        "recovered",
        (
            "selesai (?:isolasi mandiri|isolasi terpusat|isolasi|isoman|isoter|perawatan|dirawat)"
            "(?: di (?:rumah|rs))?"
        ),
    ),
    ("otg", "orang tanpa gejala"),
    (
        _NEUTRAL,
        (
            "tanpa tanda gejala|tanpa gejala|tidak bergejala|tidak ada gejala"
            "|tidak ada keluhan|tanpa keluhan|no symptoms|without symptoms|with symptoms"
            "|tanpa komorbid|tidak ada komorbid|(?:ada|dengan) (?:gejala|komorbid)"
            "|(?:dirawat|rawat|isolasi|isoman|karantina) di|(?:rujuk|dirujuk) ke"
            "|covid 19|covid|corona virus|virus corona|corona|sars cov 2|rt pcr|rawat inap"
            "|rawat jalan"
            "|dalam perawatan|dalam isolasi|home isolation|self isolation|home care|in care"
            "|in hospital"
        ),
    ),
    ("test", "rapid test antigen|rapid antigen|swab antigen"),
)
_ASPECT_WORDS: Final = re.compile(
    # Words without a meaning before the words listed here; "masih konfirmasi" is unclear.
    r"(?<!\S)(?:masih|sudah|telah|dinyatakan) (?=(?:masih|sudah|telah|dinyatakan|positif|sembuh"
    r"|terkonfirmasi|selesai|meninggal|sakit|dirawat|rawat|isolasi|isoman|isoter|aktif|bergejala"
    r"|dalam)(?!\S))"
)
_WORDS: Final = {
    "confirmed": "konfirmasi terkonfirmasi konfirm konf positif positip positive confirmed "
    "confirmation",
    "suspect": "suspek suspect suspected pdp odp",
    "probable": "probable probabel",
    "contact": "kontak contact",
    "recovered": "sembuh recovered",
    "died": "meninggal wafat died deceased dead",
    _NEUTRAL: "kasus case pasien baru aktif active gejala bergejala derajat sakit simptomatik "
    "simtomatik simptomatis simtomatis symptomatic asimptomatik asimtomatik asimptomatis "
    "asimtomatis asymptomatic ringan sedang berat kritis komorbid isoman isoter isolasi "
    "karantina mandiri terpusat terpadu rumah darurat lapangan dirawat rawat ranap rujuk dirujuk "
    "rs rsud rsup rsdc icu hcu igd dan pcr rtpcr "
    "tcm antigen laboratorium laboratory lab reinfeksi reinfection hospitalised hospitalized",
    # Before KMK 413/2020 a contact without symptoms; next to a status, "no symptoms".
    "otg": "otg",
    # A test has a meaning only together with its result.
    "test": "swab tes test hasil result",
    # A status with one of these words is not parsed.
    "denied": "bukan negatif negative discarded discard batal dibatalkan salah ditolak dobel "
    "double duplikat duplicate dicabut dihapus",
    "doubted": "tidak belum tanpa non not no menunggu tunggu proses dugaan diduga dicurigai curiga "
    "riwayat pernah eks mantan ex bekas un reaktif reactive nonreaktif kemungkinan mungkin perlu "
    "butuh akan ulang konversi rapid serologi antibodi igg igm ?",
}
_HOSPITALS: Final = frozenset(["rs", "rsud", "rsup", "rsdc", "sakit"])
"""Also the second word of ``rumah sakit``."""
_RESULTS: Final = frozenset(["positif", "positip", "positive"])
_SIGNS: Final = (("(+)", " positif "), ("(-)", " negatif "))
_PARTS: Final = re.compile(r"[^\W\d_]+|\d+|\?")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)?")


def read_status(text: str) -> Status | None:
    """Parse a status of several words; None if a word is unknown or words contradict.

    Parameters
    ----------
    text
        A remark in brackets may have unknown words (``Konfirmasi (klaster pasar)``), but no
        negation and no other status.
    """
    outside_brackets, in_brackets = split_brackets(text)
    meanings, added_meanings = _meanings(outside_brackets), _meanings(in_brackets)
    if meanings & {"unknown", "denied", "doubted"} or "denied" in added_meanings:
        return None
    status = _combine_meanings((meanings | added_meanings) - {"unknown", "doubted"})
    is_certain = "doubted" not in added_meanings or (
        status is not None and status.status != "confirmed"
    )
    return status if is_certain else None


def split_brackets(text: str) -> tuple[str, str]:
    """The text outside brackets and the text in brackets; ``(+)`` and ``(-)`` become words."""
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    return _BRACKETS.sub(" ", text).strip(), " ".join(_BRACKETS.findall(text))


def has_no_signs(text: str) -> bool:
    """Whether folding a text to letters and digits keeps its meaning."""
    return not any(sign in text for sign in ("?", "(", "+"))


def is_compatible(status: str, in_brackets: str) -> bool:
    """Whether a remark in brackets does not contradict the status before it."""
    meanings = _meanings(in_brackets) & (_STATUSES | _OUTCOMES | {"denied", "doubted"})
    return bool(in_brackets) and meanings <= ({"doubted"} if status != "confirmed" else set())


def _combine_meanings(meanings: frozenset[str]) -> Status | None:
    statuses, outcomes = meanings & _STATUSES, meanings & _OUTCOMES
    if "otg" in meanings and not statuses:
        statuses = frozenset(["contact"])
    if len(statuses) > 1 or len(outcomes) > 1 or ("test" in meanings and "result" not in meanings):
        return None
    outcome = next(iter(outcomes), None)
    # As in words.toml: a recovered person was confirmed; a dead person may be a probable case.
    implied_status = {"recovered": "confirmed", "died": "probable"}.get(outcome or "")
    status = next(iter(statuses), implied_status)
    if status is None or (outcome == "recovered" and status != "confirmed"):
        return None
    return Status(status, outcome)


def _meanings(text: str) -> frozenset[str]:
    """Meanings of the words of a text."""
    words = _ASPECT_WORDS.sub("", " ".join(_PARTS.findall(text.casefold())))
    meanings = set()
    # Unknown words after a word for a hospital are its name.
    in_hospital_name = False
    for meaning, phrases in _PHRASES:
        words, count = re.subn(rf"(?<!\S)(?:{phrases})(?!\S)", " ", words)
        meanings |= {meaning} if count else set()
    for word in words.split():
        meaning = _meaning_of_words().get(word, _NEUTRAL if in_hospital_name else "unknown")
        in_hospital_name = word in _HOSPITALS or (
            in_hospital_name and word not in _meaning_of_words()
        )
        meanings |= {meaning}
        meanings |= {"result"} if word in _RESULTS else set()
    return frozenset(meanings - {_NEUTRAL})


@cache
def _meaning_of_words() -> dict[str, str]:
    return {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
