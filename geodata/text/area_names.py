"""Names of areas as they are written: which spellings are the same name.

Only what is certain: capitals, spaces, punctuation, ``Kel.`` and ``Kec.`` in front, and the
variants of official lists in ``spellings.csv``. Typing errors are not guessed at here.
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
    """A name without what typing varies: ``"Kel. Tanjung Mas"`` and ``"tanjungmas"`` are one."""
    return re.sub(r"[\W_]+", "", _PREFIX.sub("", name.strip()).casefold())


def spellings_of(folded: str) -> frozenset[str]:
    """Every folded spelling of a folded name, itself among them."""
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
