"""A source: the description of one form of file, in a small TOML that is checked strictly.

Ready sources are in ``sources/``. The known headings and words are used without a source, and for
every field that a source does not name.
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
from geodata.records.layout.headings import ADDRESS_FIELDS, Spellings, known_spellings
from geodata.records.parsing.folding import fold, fold_all

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Texts = Annotated[tuple[_Text, ...], Field(min_length=1)]
_STRICT: Final = ConfigDict(extra="forbid", frozen=True)
_VOCABULARIES: Final = {
    "status": ("confirmed", "suspect", "probable", "contact", "discarded", "withdrawn"),
    "outcome": ("recovered", "died", "none"),
    "test_result": ("positive", "negative", "pending", "reactive", "nonreactive", "none"),
    "outcome_in_status": ("recovered", "died"),
    "status_in_outcome": ("discarded",),
}


class NonResidents(BaseModel):
    """Mark of people who live in another city: a word in one of some columns."""

    model_config = _STRICT
    columns: _Texts
    words: _Texts


class Source(BaseModel):
    """One form of file.

    Attributes
    ----------
    title
        Title for people.
    kind
        Kind of the records.
    columns, identity_card
        Headings of each field, best first; headings of the second address, if there are two.
    prefer
        Which of two addresses is the home.
    sheet
        Name of the sheet; None finds the sheet.
    heading_row
        Row number of the headings, from 1; None finds the row.
    month_first
        Whether numeric dates are 04/13/2021, not 13/04/2021.
    words
        Words of the file for each coded value, by vocabulary; they take precedence.
    leave_out
        Beginnings of rows that are no records, in addition to ``jumlah`` and ``total``.
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
        """Headings of the source, and the known headings of fields that it does not name."""
        general_spellings = known_spellings(kind)
        named = {name: fold_all(titles) for name, titles in self.columns.items()}
        identity_card = {name: fold_all(titles) for name, titles in self.identity_card.items()}
        used = {
            spelling
            for table in (named, identity_card)
            for spellings in table.values()
            for spelling in spellings
        }
        remaining = [
            {
                name: tuple(spelling for spelling in spellings if spelling not in used)
                for name, spellings in table.items()
                if name not in named
            }
            for table in general_spellings
        ]
        # A named column belongs to the home, like the known headings with "domicile".
        return Spellings(remaining[0] | named, remaining[1], remaining[2] | identity_card)

    def with_sheet(self, sheet: str | None) -> Self:
        """The source with another sheet, if a sheet is named."""
        return self if sheet is None else self.model_copy(update={"sheet": sheet})

    def translations(self, vocabulary: str) -> dict[str, str]:
        """Coded values by folded words of the file."""
        table = self.words.get(vocabulary, {})
        return {fold(spelling): word for word, spellings in table.items() for spelling in spellings}


def ready_sources() -> dict[str, Source]:
    """Sources in this project, by name."""
    folder = files("geodata.records").joinpath("sources")
    texts = {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    return {name: parse_source(text, name) for name, text in sorted(texts.items())}


def open_source(name: str, kind: Kind) -> Source:
    """A ready source, or the source in a file.

    Parameters
    ----------
    name
        ``pikobar``, or the path of a TOML.
    kind
        Kind of the records to load.

    Raises
    ------
    NotFoundError
        ``no-source``.
    InputError
        ``source`` if the file is malformed, or its kind is another kind.
    """
    ready = ready_sources()
    source = ready[name] if name in ready else _read_source(Path(name), ready)
    if source.kind != kind.name:
        raise InputError(
            "source",
            f"The source {Path(name).name} is for {source.kind}, not for {kind.name}. Load the "
            f"file as {source.kind}, or choose another source.",
            indonesian=f"Sumber {Path(name).name} adalah untuk {source.kind}, bukan untuk "
            f"{kind.name}. Muat berkas ini sebagai {source.kind}, atau pilih sumber lain.",
        )
    return source


def parse_source(text: str, name: str) -> Source:
    """A source from its TOML.

    Raises
    ------
    InputError
        ``source``, with the place and the reason.
    """
    try:
        source = Source.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _source_error(
            name, Bilingual(f"isinya bukan TOML ({error})", f"it is no TOML ({error})")
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        location = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].lower()
        raise _source_error(
            name,
            Bilingual(
                f"{location or 'berkas itu'}: isinya tidak sesuai ({reason})",
                f"{location or 'the file'}: {reason}",
            ),
        ) from None
    _check_names(source, name)
    return source


def _read_source(path: Path, ready: Mapping[str, Source]) -> Source:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotFoundError(
            "no-source",
            f"There is no source {path.name}: no ready source has that name ({', '.join(ready)}), "
            "and no such file can be read. Check its name and folder.",
            indonesian=f"Tidak ada sumber {path.name}: tidak ada sumber siap pakai dengan nama "
            f"itu ({', '.join(ready)}), dan tidak ada berkas seperti itu yang dapat dibaca. "
            "Periksa nama dan foldernya.",
        ) from None
    return parse_source(text, path.name)


def _check_names(source: Source, name: str) -> None:
    fields = [field.name for field in KINDS[source.kind].fields]
    _check_known(source.columns, fields, name, "columns")
    _check_known(source.identity_card, ADDRESS_FIELDS, name, "identity_card")
    _check_known(source.words, tuple(_VOCABULARIES), name, "words")
    for vocabulary, table in source.words.items():
        _check_known(table, _VOCABULARIES[vocabulary], name, f"words.{vocabulary}")
    fields_by_title: dict[str, str] = {}
    for field, titles in [*source.columns.items(), *source.identity_card.items()]:
        for title in titles:
            if fields_by_title.setdefault(fold(title), field) != field:
                raise _source_error(
                    name,
                    Bilingual(
                        f"judul kolom {title} dipakai untuk dua isian",
                        f"the heading {title} is used for two fields",
                    ),
                )


def _check_known(
    table: Mapping[str, object], known_names: Sequence[str], name: str, section: str
) -> None:
    for key in table:
        if key not in known_names:
            raise _source_error(
                name,
                Bilingual(
                    f"{section}.{key} tidak dikenal; nama yang dikenal: {', '.join(known_names)}",
                    f"{section}.{key} is unknown; known names are: {', '.join(known_names)}",
                ),
            )


def _source_error(name: str, reason: Bilingual) -> InputError:
    return InputError(
        "source",
        f"The source {name} cannot be used: {reason.en}. See docs/records.md for the content of a "
        "source.",
        indonesian=f"Sumber {name} tidak dapat dipakai: {reason.id}. Lihat docs/records.md tentang "
        "isi berkas sumber.",
    )
