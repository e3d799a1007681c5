"""The reader of addresses: text in, a reading out; any number of them at once.

Works from the names and numbers of any boundaries; what is peculiar to Indonesian addresses
stands in ``words.toml``, what is peculiar to places in ``elsewhere.csv`` and ``spellings.csv``.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache, partial
from typing import Final, NamedTuple

from geodata.addresses.deciding import decide
from geodata.addresses.evidence import MARKED, Claim, gather
from geodata.addresses.gazetteer import Gazetteer
from geodata.addresses.phrases import Phrase, phrases
from geodata.addresses.reading import DECIDED, Certainty, Reading
from geodata.boundaries import Boundaries
from geodata.text.rt_rw import Mention, Pair, mentions, ordinal, pair_of, pairs, without

NONE_OF_THEM: Final = "none"
"""What a person decides where no area is meant."""
_PASSING: Final = ("street", "place", "house")


class Fields(NamedTuple):
    """An address in columns, as text; None where a column says nothing.

    ``rt`` may hold both numbers (``003/005``); ``address`` is the free text beside them.
    """

    address: str | None = None
    rt: str | None = None
    rw: str | None = None
    kelurahan: str | None = None
    kecamatan: str | None = None


class AddressReader:
    """Reads addresses of one city.

    Parameters
    ----------
    boundaries
        Only names, codes and numbers of the areas are used, no shapes.
    decisions
        What people decided on ambiguous addresses: `Reading.area_part` to a code or
        `NONE_OF_THEM`. A code that is not in these boundaries decides nothing.
    """

    def __init__(self, boundaries: Boundaries, decisions: Mapping[str, str] | None = None) -> None:
        self.places = Gazetteer(boundaries)
        # Streets differ from line to line; what lines say of their areas comes again and again.
        # Some 10 MB, which `Ground.nbytes` counts; a city has about as many RT.
        self._weighed = lru_cache(1 << 14)(partial(_weigh, self.places))
        self._decisions = decisions or {}

    def deciding(self, decisions: Mapping[str, str]) -> "AddressReader":
        """The same reader with other decisions."""
        other = copy(self)
        other._decisions = decisions  # noqa: SLF001  (its own kind)
        return other

    def read(self, text: str) -> Reading:
        """Read one line of free text."""
        folded = fold(text)
        said = mentions(folded)
        return self._decided(self._weighed(self._telling(folded, said), tuple(pairs(said))))

    def read_fields(self, fields: Fields) -> Reading:
        """Read an address in columns; its free text fills in what they leave out."""
        marked = (("kelurahan", fields.kelurahan), ("kecamatan", fields.kecamatan))
        named = [f"{mark} {fold(cell)}" for mark, cell in marked if cell]
        folded = " | ".join([*named, fold(fields.address or "")])
        said = mentions(folded)
        telling, numbers = self._telling(folded, said), _numbers(fields, pairs(said))
        if not _is_coded(fields):
            return self._decided(self._weighed(telling, tuple(numbers)))
        evidence = gather(telling, self.places)
        if coded := self.places.coded(fields.kelurahan or "", self.places.village_codes):
            evidence.villages.append(Claim(coded, MARKED))
        if coded := self.places.coded(fields.kecamatan or "", self.places.district_codes):
            evidence.districts.append(Claim(coded, MARKED))
        return self._decided(decide(evidence, numbers, self.places))

    def read_all(self, texts: Sequence[str | None]) -> list[Reading]:
        """Read many lines, each distinct one once; a line that is None says nothing."""
        found = {text: self.read(text or "") for text in dict.fromkeys(texts)}
        return [found[text] for text in texts]

    def _telling(self, folded: str, said: Sequence[Mention]) -> tuple[Phrase, ...]:
        """Phrases of a line without the streets and estates that bear no area's name."""
        return tuple(
            phrase
            for phrase in phrases(without(folded, said, " | "))
            if phrase.mark not in _PASSING
            or any(self.places.longest(phrase.words, k) for k in range(1, len(phrase.words)))
        )

    def _decided(self, reading: Reading) -> Reading:
        """The reading a person chose, where one did."""
        if reading.certainty is not Certainty.AMBIGUOUS or not self._decisions:
            return reading
        code = self._decisions.get(reading.area_part)
        if code == NONE_OF_THEM:
            return reading._replace(certainty=Certainty.UNKNOWN, note=DECIDED)
        if code is None:
            return reading
        home = next((v for v in self.places.village_codes if code.startswith(v)), None)
        if code in self.places.rt_codes:
            return reading._replace(code=code, certainty=Certainty.CERTAIN, home=home, note=DECIDED)
        if code == home:
            return reading._replace(code=code, certainty=Certainty.PARTIAL, home=home, note=DECIDED)
        return reading


def _weigh(places: Gazetteer, telling: tuple[Phrase, ...], numbers: tuple[Pair, ...]) -> Reading:
    return decide(gather(telling, places), numbers, places)


def _is_coded(fields: Fields) -> bool:
    """Whether a column holds a code instead of a name."""
    return any(cell and cell[0].isdigit() for cell in (fields.kelurahan, fields.kecamatan))


def fold(text: str) -> str:
    """Casefolded text in one width of letters, without what cannot be seen."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not plain.isprintable():
        plain = "".join(c for c in plain if c.isprintable() or c.isspace())
    return plain.casefold()


def _numbers(fields: Fields, said: Sequence[Pair]) -> list[Pair]:
    """RT and RW of the columns, else of the text; a half of the columns fits its other half."""
    rt, rw = ordinal(fields.rt or ""), ordinal(fields.rw or "")
    if rt is None or rw is None:
        both = [pair_of(cell) for cell in (fields.rt, fields.rw) if cell]
        rt, rw = next((pair for pair in both if None not in pair), (rt, rw))
    if rt is not None and rw is not None:
        return [(rt, rw)]
    if rt is None and rw is None:
        return list(said)
    fitting = [
        (rt or own[0], rw or own[1])
        for own in said
        if rt in (None, own[0]) or own[0] is None
        if rw in (None, own[1]) or own[1] is None
    ]
    return fitting or [(rt, rw)]
