"""What a city knows of one kind of file it gets: a small TOML, checked strictly.

Ready ones are in ``sources/``. Without a source the headings and words known here are used; with
one they still are, for every field the source does not name.
"""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from geodata.errors import InputError, NotFoundError
from geodata.language import Bilingual
from geodata.record_kinds import KindName
from geodata.records.kinds import KINDS, Kind
from geodata.records.layout.headings import ADDRESS, Spellings, spellings_of
from geodata.records.parsing.folding import fold, fold_all

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Texts = Annotated[tuple[_Text, ...], Field(min_length=1)]
_STRICT: Final = ConfigDict(extra="forbid", frozen=True)
_WORDS: Final = {
    "status": ("confirmed", "suspect", "probable", "contact", "discarded", "withdrawn"),
    "outcome": ("recovered", "died", "none"),
    "test_result": ("positive", "negative", "pending", "reactive", "nonreactive", "none"),
    "outcome_in_status": ("recovered", "died"),
    "status_in_outcome": ("discarded",),
}


class NonResidents(BaseModel):
    """What marks somebody who lives in another city: a word in one of some columns."""

    model_config = _STRICT
    columns: _Texts
    words: _Texts


class Source(BaseModel):
    """One form of file.

    Attributes
    ----------
    title
        What it is, for people.
    kind
        Of its records.
    columns, identity_card
        Headings of each field, best first; of the second address, where there are two.
    prefer
        Which of two addresses is where somebody lives.
    sheet
        Name of the sheet; else the one that fits.
    heading_row
        Row of the headings, from 1; else the row that fits.
    month_first
        Dates of figures are 04/13/2021, not 13/04/2021.
    words
        What its cells write for our words, by vocabulary; before those known here.
    leave_out
        Beginnings of rows that are no records, beside ``jumlah`` and ``total``.
    """

    model_config = _STRICT
    title: _Text
    kind: KindName
    columns: dict[_Text, _Texts] = Field(default_factory=dict)
    identity_card: dict[_Text, _Texts] = Field(default_factory=dict)
    prefer: Literal["domicile", "identity-card"] = "domicile"
    sheet: _Text | None = None
    heading_row: Annotated[int, Field(ge=1)] | None = None
    month_first: bool = False
    words: dict[_Text, dict[_Text, _Texts]] = Field(default_factory=dict)
    non_residents: NonResidents | None = None
    leave_out: tuple[_Text, ...] = ()

    def spellings(self, kind: Kind) -> Spellings:
        """Its headings; those known here for the fields it does not name."""
        known = spellings_of(kind)
        own = {name: fold_all(titles) for name, titles in self.columns.items()}
        card = {name: fold_all(titles) for name, titles in self.identity_card.items()}
        taken = {spelling for table in (own, card) for each in table.values() for spelling in each}
        rest = [
            {
                name: tuple(each for each in spelt if each not in taken)
                for name, spelt in table.items()
                if name not in own
            }
            for table in known
        ]
        # A named column is the home's: what else says "domicile" is the same address.
        return Spellings(rest[0] | own, rest[1], rest[2] | card)

    def in_sheet(self, sheet: str | None) -> Self:
        """The same of another sheet, where one is named."""
        return self if sheet is None else self.model_copy(update={"sheet": sheet})

    def words_of(self, vocabulary: str) -> dict[str, str]:
        """Our words by what its cells write, as they are compared."""
        table = self.words.get(vocabulary, {})
        return {fold(each): ours for ours, spelt in table.items() for each in spelt}


def ready_sources() -> dict[str, Source]:
    """The sources that come with the project, by name."""
    folder = files("geodata.records").joinpath("sources")
    texts = {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    return {name: parse_source(text, name) for name, text in sorted(texts.items())}


def open_source(name: str, kind: Kind) -> Source:
    """The ready source of a name, or the one in a file.

    Parameters
    ----------
    name
        ``pikobar``, or the path of a TOML.
    kind
        Of the records to load.

    Raises
    ------
    NotFoundError
        ``no-source``.
    InputError
        ``source`` where the file says something that is not understood, or is of another kind.
    """
    ready = ready_sources()
    found = ready[name] if name in ready else _read(Path(name), ready)
    if found.kind != kind.name:
        raise InputError(
            "source",
            f"The source {Path(name).name} is for {found.kind}, not for {kind.name}. Load the "
            f"file as {found.kind}, or choose another source.",
            indonesian=f"Sumber {Path(name).name} adalah untuk {found.kind}, bukan untuk "
            f"{kind.name}. Muat berkas ini sebagai {found.kind}, atau pilih sumber lain.",
        )
    return found


def parse_source(text: str, name: str) -> Source:
    """A source from its TOML.

    Raises
    ------
    InputError
        ``source``, with what is wrong and where.
    """
    try:
        found = Source.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(
            name, Bilingual(f"isinya bukan TOML ({error})", f"it is no TOML ({error})")
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        why = first["msg"].lower()
        raise _wrong(
            name,
            Bilingual(
                f"{where or 'berkas itu'}: isinya tidak sesuai ({why})",
                f"{where or 'the file'}: {why}",
            ),
        ) from None
    _check_names(found, name)
    return found


def _read(path: Path, ready: Mapping[str, Source]) -> Source:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotFoundError(
            "no-source",
            f"There is no source {path.name}: no ready one of that name ({', '.join(ready)}) and "
            "no file that can be read.",
            indonesian=f"Tidak ada sumber {path.name}: tidak ada sumber siap pakai dengan nama "
            f"itu ({', '.join(ready)}) dan tidak ada berkas yang dapat dibaca. Periksa nama dan "
            "letaknya.",
        ) from None
    return parse_source(text, path.name)


def _check_names(found: Source, name: str) -> None:
    fields = [field.name for field in KINDS[found.kind].fields]
    _check(found.columns, fields, name, "columns")
    _check(found.identity_card, ADDRESS, name, "identity_card")
    _check(found.words, tuple(_WORDS), name, "words")
    for vocabulary, table in found.words.items():
        _check(table, _WORDS[vocabulary], name, f"words.{vocabulary}")
    seen: dict[str, str] = {}
    for field, titles in [*found.columns.items(), *found.identity_card.items()]:
        for title in titles:
            if seen.setdefault(fold(title), field) != field:
                raise _wrong(
                    name,
                    Bilingual(
                        f"judul kolom {title} dipakai untuk dua isian",
                        f"the heading {title} stands for two fields",
                    ),
                )


def _check(table: Mapping[str, object], known: Sequence[str], name: str, where: str) -> None:
    for each in table:
        if each not in known:
            raise _wrong(
                name,
                Bilingual(
                    f"{where}.{each} tidak dikenal; yang dikenal: {', '.join(known)}",
                    f"{where}.{each} is not known; these are: {', '.join(known)}",
                ),
            )


def _wrong(name: str, what: Bilingual) -> InputError:
    return InputError(
        "source",
        f"The source {name} cannot be used: {what.en}. See docs/records.md for what a source says.",
        indonesian=f"Sumber {name} tidak dapat dipakai: {what.id}. Lihat docs/records.md tentang "
        "isi berkas sumber.",
    )
