"""Names of areas: which spellings are the same name.

Only certain differences count: capitals, spaces, punctuation, ``Kel.`` and ``Kec.`` in front, and
the official variants in ``spellings.csv``. This module does not correct typing errors.
"""

import csv
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final

_PREFIX: Final = re.compile(
    r"^(?:kelurahan|kel|kl|desa|ds|kecamatan|kec|kc|kota|kode)(?:[\s.:/-]+|$)", re.IGNORECASE
)


def fold_name(name: str) -> str:
    """Fold a name for comparison: ``"Kel. Tanjung Mas"`` becomes ``"tanjungmas"``."""
    return re.sub(r"[\W_]+", "", _PREFIX.sub("", name.strip()).casefold())


def spelling_variants(folded: str) -> frozenset[str]:
    """All folded spellings of a folded name, the name itself included."""
    return _variants().get(folded, frozenset()) | {folded}


@cache
def _variants() -> dict[str, frozenset[str]]:
    text = files("geodata").joinpath("spellings.csv").read_text(encoding="utf-8")
    groups: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(text.splitlines()):
        pair = {fold_name(row["spelling"]), fold_name(row["also"])}
        for name in pair:
            groups[name] |= pair
    return {name: frozenset(group) for name, group in groups.items()}
