"""A status that is written in several words, understood from its parts: ``Konfirmasi - isoman``.

A status has one part that says what the person is (confirmed, suspect, probable, contact), and
may have parts that say how they are: symptoms, where they are cared for, how it ended, which
test. It is understood only where every part is known and exactly one says what the person is.
A word that denies or doubts (``bukan``, ``belum``, ``tidak``, ``?``) or is not known leaves the
status unknown: nothing is guessed.
"""

import re
from functools import cache
from typing import Final, NamedTuple


class Status(NamedTuple):
    """What a status says: what the person is, and how it ended where that is said."""

    status: str
    outcome: str | None


_BESIDE: Final = "beside"
_PERSONS: Final = frozenset(["confirmed", "suspect", "probable", "contact"])
_ENDINGS: Final = frozenset(["recovered", "died"])
_PHRASES: Final = (
    # What is said in several words, before words are looked at one by one; in this order.
    (_BESIDE, "belum (?:sembuh|bergejala|selesai (?:isolasi mandiri|isolasi|isoman))"),
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
        _BESIDE,
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
_ASPECT: Final = re.compile(
    # Says something only of what follows: "masih konfirmasi" may be a question that is open.
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
    _BESIDE: "kasus case pasien baru aktif active gejala bergejala derajat sakit simptomatik "
    "simtomatik simptomatis simtomatis symptomatic asimptomatik asimtomatik asimptomatis "
    "asimtomatis asymptomatic ringan sedang berat kritis komorbid isoman isoter isolasi "
    "karantina mandiri terpusat terpadu rumah darurat lapangan dirawat rawat ranap rujuk dirujuk "
    "rs rsud rsup rsdc icu hcu igd dan pcr rtpcr "
    "tcm antigen laboratorium laboratory lab reinfeksi reinfection hospitalised hospitalized",
    # A contact, by the decree before KMK 413/2020; of a case that it has no symptoms.
    "otg": "otg",
    # Of a test: says something only beside a word that says its result.
    "test": "swab tes test hasil result",
    # A confirmed case is never one of these, whatever stands beside it.
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
    """What a status of several parts says; None where not all of it is understood.

    Parameters
    ----------
    text
        An addition in brackets may hold words that are not known (``Konfirmasi (klaster
        pasar)``), but none that denies or says something else.
    """
    bare, added = split_brackets(text)
    said, beside = _kinds(bare), _kinds(added)
    if said & {"unknown", "denied", "doubted"} or "denied" in beside:
        return None
    found = _of_kinds((said | beside) - {"unknown", "doubted"})
    certain = "doubted" not in beside or (found is not None and found.status != "confirmed")
    return found if certain else None


def split_brackets(text: str) -> tuple[str, str]:
    """A text without what stands in brackets, and that; ``(+)`` and ``(-)`` are words."""
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    return _BRACKETS.sub(" ", text).strip(), " ".join(_BRACKETS.findall(text))


def is_plain(text: str) -> bool:
    """Whether nothing in a text is lost when only its letters and digits are compared."""
    return not any(sign in text for sign in ("?", "(", "+"))


def goes_with(status: str, added: str) -> bool:
    """Whether an addition in brackets says nothing else than the status before it."""
    kinds = _kinds(added) & (_PERSONS | _ENDINGS | {"denied", "doubted"})
    return bool(added) and kinds <= ({"doubted"} if status != "confirmed" else set())


def _of_kinds(kinds: frozenset[str]) -> Status | None:
    persons, endings = kinds & _PERSONS, kinds & _ENDINGS
    if "otg" in kinds and not persons:
        persons = frozenset(["contact"])
    if len(persons) > 1 or len(endings) > 1 or ("test" in kinds and "result" not in kinds):
        return None
    outcome = next(iter(endings), None)
    # As in words.toml: who recovered was confirmed, who died may have been a probable case.
    alone = {"recovered": "confirmed", "died": "probable"}.get(outcome or "")
    person = next(iter(persons), alone)
    if person is None or (outcome == "recovered" and person != "confirmed"):
        return None
    return Status(person, outcome)


def _kinds(text: str) -> frozenset[str]:
    """What the parts of a text say."""
    words = _ASPECT.sub("", " ".join(_PARTS.findall(text.casefold())))
    kinds = set()
    # What follows is the name of a hospital, up to a word that is known.
    named = False
    for kind, phrases in _PHRASES:
        words, found = re.subn(rf"(?<!\S)(?:{phrases})(?!\S)", " ", words)
        kinds |= {kind} if found else set()
    for word in words.split():
        kind = _word_kinds().get(word, _BESIDE if named else "unknown")
        named = word in _HOSPITALS or (named and word not in _word_kinds())
        kinds |= {kind}
        kinds |= {"result"} if word in _RESULTS else set()
    return frozenset(kinds - {_BESIDE})


@cache
def _word_kinds() -> dict[str, str]:
    return {word: kind for kind, words in _WORDS.items() for word in words.split()}
