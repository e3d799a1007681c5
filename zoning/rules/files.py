"""Rules from their files: one TOML a rule, each checked, and all checked together.

Every fault is said with its file and line and with what to do; all faults of a folder at once.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import ValidationError

from geodata.errors import InputError
from geodata.language import Bilingual
from zoning.rules import contrast
from zoning.rules.model import InForce, Rule
from zoning.rules.toml_lines import line_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


_AT_LINE: Final = re.compile(r"at line (\d+)")
"""Where the parser says that a file is no TOML."""


class Fault(NamedTuple):
    """What is wrong in a file of a rule."""

    code: str
    file: str
    line: int
    said: Bilingual


class Checked(NamedTuple):
    """A folder of rules, read."""

    rules: list[Rule]
    """Those that could be read: those in force first, in order of time."""
    faults: list[Fault]


class _File(NamedTuple):
    name: str
    text: str


def read_rules(folder: Traversable) -> dict[str, Rule]:
    """Rules of a folder by id, those in force first, in order of time.

    Raises
    ------
    InputError
        ``rule-file`` for a file that is no rule or cannot be read, ``rule-classes`` where classes
        cannot be told apart or two rules have different ones, ``rule-dates`` where two rules are
        in force on one day or a day between them has none, ``no-rules`` for a folder without any.
    """
    rules, faults = check_rules(folder)
    if faults:
        first = faults[0]
        raise InputError(
            first.code,
            " ".join(f"{one.file}, line {one.line}: {one.said.en}" for one in faults),
            indonesian=" ".join(f"{one.file}, baris {one.line}: {one.said.id}" for one in faults),
        )
    return {rule.id: rule for rule in rules}


def check_rules(folder: Traversable) -> Checked:
    """Read a folder of rules and say everything that is wrong in it.

    Raises
    ------
    InputError
        ``no-rules`` if there is no such folder, or no file of a rule in it.
    """
    files = _files(folder)
    rules: list[tuple[_File, Rule]] = []
    faults: list[Fault] = []
    for file in files:
        rule, found = _read(file)
        faults += found
        if rule is not None:
            rules.append((file, rule))
    faults += _differing(rules)
    in_force = [(file, rule.in_force, rule) for file, rule in rules if rule.in_force]
    in_force.sort(key=lambda each: each[1].since)
    faults += _gaps(in_force)
    ordered = [rule for _, _, rule in in_force]
    return Checked([*ordered, *(rule for _, rule in rules if not rule.in_force)], faults)


def _files(folder: Traversable) -> list[_File]:
    try:
        found = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=_name)
    except OSError as error:
        raise InputError(
            "no-rules",
            f"The folder of rules {folder} cannot be read: {error.strerror}. Name another folder, "
            "or give this user the right to read the folder.",
            indonesian=f"Folder aturan {folder} tidak dapat dibaca: {error.strerror}. Sebut folder "
            "lain, atau beri pengguna ini hak membacanya.",
        ) from None
    files = [_File(file.name, _text(file)) for file in found]
    if not files:
        raise InputError(
            "no-rules",
            f"The folder of rules {folder} holds no file that ends in .toml. Put the city's rules "
            "there; docs/rules.md shows how one is written.",
            indonesian=f"Folder aturan {folder} tidak berisi berkas .toml. Letakkan aturan kota di "
            "sana; docs/rules.md menunjukkan cara menulisnya.",
        )
    return files


def _text(file: Traversable) -> str:
    """The text of a file; bytes that are no UTF-8 become surrogates, reported with their line."""
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise InputError(
            "no-rules",
            f"The rule file {file.name} cannot be read: {error.strerror}. Remove it from the "
            "folder, or give this user the right to read the file.",
            indonesian=f"Berkas aturan {file.name} tidak dapat dibaca: {error.strerror}. Keluarkan "
            "dari folder itu, atau beri pengguna ini hak membacanya.",
        ) from None


def _name(file: Traversable) -> str:
    return file.name


def _read(file: _File) -> tuple[Rule | None, list[Fault]]:
    try:
        said = tomllib.loads(file.text)
        file.text.encode()
    except (tomllib.TOMLDecodeError, UnicodeEncodeError) as error:
        return None, [_not_toml(file, error)]
    try:
        rule = Rule.model_validate(said)
    except ValidationError as error:
        return None, [_invalid(file, each) for each in error.errors()]
    faults = []
    if f"{rule.id}.toml" != file.name:
        faults.append(
            Fault(
                "rule-file",
                file.name,
                line_of(file.text, ("id",)),
                Bilingual(
                    f"id aturan ini {rule.id}: berkas dan id harus senama. Ganti nama berkas "
                    f"menjadi {rule.id}.toml.",
                    f"its id is {rule.id}; file and id must have one name. Rename the file to "
                    f"{rule.id}.toml.",
                ),
            )
        )
    for number, wrong in contrast.faults_of(rule.classes):
        line = line_of(file.text, ("classes", number))
        faults.append(Fault("rule-classes", file.name, line, wrong))
    return rule, faults


def _not_toml(file: _File, error: ValueError) -> Fault:
    if isinstance(error, UnicodeEncodeError):
        line = file.text.count("\n", 0, error.start) + 1
        said = Bilingual(
            "berkas bukan teks UTF-8. Simpan sebagai UTF-8.",
            "the file is no UTF-8 text. Save it as UTF-8.",
        )
    else:
        found = _AT_LINE.search(str(error))
        line = 1 if found is None else int(found[1])
        said = Bilingual(f"bukan TOML: {error}.", f"this is no TOML: {error}.")
    return Fault("rule-file", file.name, line, said)


def _invalid(file: _File, error: "ErrorDetails") -> Fault:
    path = tuple(error["loc"])
    message = error["msg"].removeprefix("Value error, ")
    if not path:  # a sentence of ours, which begins with where it is
        path = tuple(message.partition(":")[0].split("."))
    name = ".".join(map(str, error["loc"]))
    where = f"{name}: " if name else ""
    said = _SAID.get(error["type"], Bilingual("tidak dapat dipakai: {message}.", "{message}."))
    return Fault(
        "rule-file",
        file.name,
        line_of(file.text, path),
        Bilingual(where + said.id.format(message=message), where + said.en.format(message=message)),
    )


_SAID = {
    "missing": Bilingual(
        "belum ada. Tambahkan; docs/rules.md menyebut semua nama.",
        "is missing. Add it; docs/rules.md lists every name.",
    ),
    "extra_forbidden": Bilingual(
        "nama ini tidak dikenal. Hapus atau perbaiki; docs/rules.md menyebut semua nama.",
        "is no name that a rule has. Remove or correct it; docs/rules.md lists every name.",
    ),
}


def _differing(rules: Sequence[tuple[_File, Rule]]) -> Iterable[Fault]:
    """All maps, tables and legends of a city have one list of classes."""
    for file, rule in rules[1:]:
        first = rules[0][1]
        if rule.classes != first.classes:
            yield Fault(
                "rule-classes",
                file.name,
                line_of(file.text, ("classes",)),
                Bilingual(
                    f"kelasnya lain daripada kelas {first.id}. Semua aturan dalam satu folder "
                    "memakai kelas yang sama: salin bagian [[classes]].",
                    f"its classes are others than those of {first.id}. All rules of a folder have "
                    "the same classes: copy the parts [[classes]].",
                ),
            )


def _gaps(in_force: Sequence[tuple[_File, InForce, Rule]]) -> Iterable[Fault]:
    for (_, before, earlier), (file, after, later) in pairwise(in_force):
        last, first = before.until, after.since
        if last is None or first <= last:
            said = Bilingual(
                f"{earlier.id} dan {later.id} sama-sama berlaku pada {first}. Akhiri yang satu "
                "sebelum yang lain mulai.",
                f"{earlier.id} and {later.id} are both in force on {first}. End the one before "
                "the other begins.",
            )
        elif first > last + timedelta(days=1):
            said = Bilingual(
                f"Tidak ada aturan yang berlaku antara {last} ({earlier.id}) dan {first} "
                f"({later.id}). Akhiri yang satu sehari sebelum yang lain mulai.",
                f"No rule is in force between {last} ({earlier.id}) and {first} ({later.id}). Let "
                "the one end on the day before the other begins.",
            )
        else:
            continue
        yield Fault("rule-dates", file.name, line_of(file.text, ("in_force",)), said)
