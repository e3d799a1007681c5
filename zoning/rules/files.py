"""Reads rules from files: one TOML file for each rule; checks each rule and the rules together.

Each fault has its file and line and says what to do. All faults of a folder are reported at once.
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
from zoning.rules.toml_lines import find_line

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


_AT_LINE: Final = re.compile(r"at line (\d+)")
"""The line number in an error message of the TOML parser."""


class Fault(NamedTuple):
    """A fault in the file of a rule."""

    code: str
    file: str
    line: int
    message: Bilingual


class CheckedRules(NamedTuple):
    """The rules and faults of a folder."""

    rules: list[Rule]
    """Valid rules: first rules in force, in order of time, then other rules."""
    faults: list[Fault]


class _File(NamedTuple):
    name: str
    text: str


def read_rules(folder: Traversable) -> dict[str, Rule]:
    """Rules of a folder by id: first rules in force, in order of time, then other rules.

    Raises
    ------
    InputError
        ``rule-file`` for a file that is no rule or cannot be read, ``rule-classes`` if readers
        cannot distinguish the classes or two rules have different classes, ``rule-dates`` if two
        rules are in force on one day or no rule on a day between them, ``no-rules`` for a folder
        without rules.
    """
    rules, faults = check_rules(folder)
    if faults:
        first = faults[0]
        raise InputError(
            first.code,
            " ".join(f"{fault.file}, line {fault.line}: {fault.message.en}" for fault in faults),
            indonesian=" ".join(
                f"{fault.file}, baris {fault.line}: {fault.message.id}" for fault in faults
            ),
        )
    return {rule.id: rule for rule in rules}


def check_rules(folder: Traversable) -> CheckedRules:
    """Read a folder of rules and list all faults.

    Raises
    ------
    InputError
        ``no-rules`` if the folder does not exist or has no file of a rule.
    """
    files = _files(folder)
    rules: list[tuple[_File, Rule]] = []
    faults: list[Fault] = []
    for file in files:
        rule, file_faults = _read(file)
        faults += file_faults
        if rule is not None:
            rules.append((file, rule))
    faults += _class_differences(rules)
    in_force = [(file, rule.in_force, rule) for file, rule in rules if rule.in_force]
    in_force.sort(key=lambda entry: entry[1].since)
    faults += _date_faults(in_force)
    ordered = [rule for _, _, rule in in_force]
    return CheckedRules([*ordered, *(rule for _, rule in rules if not rule.in_force)], faults)


def _files(folder: Traversable) -> list[_File]:
    try:
        paths = [path for path in folder.iterdir() if path.name.endswith(".toml")]
    except OSError as error:
        raise InputError(
            "no-rules",
            f"The folder of rules {folder} cannot be read: {error.strerror}. Name another folder, "
            "or give this user the right to read the folder.",
            indonesian=f"Folder aturan {folder} tidak dapat dibaca: {error.strerror}. Sebut folder "
            "lain, atau beri pengguna ini hak membacanya.",
        ) from None
    files = [_File(path.name, _text(path)) for path in sorted(paths, key=_file_name)]
    if not files:
        raise InputError(
            "no-rules",
            f"The folder of rules {folder} has no file that ends in .toml. Put the rules of the "
            "city there; docs/rules.md shows how to write a rule.",
            indonesian=f"Folder aturan {folder} tidak berisi berkas .toml. Letakkan aturan kota di "
            "sana; docs/rules.md menunjukkan cara menulis aturan.",
        )
    return files


def _text(file: Traversable) -> str:
    """The text of a file. Bytes that are no UTF-8 become surrogates; `_read` reports their line."""
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise InputError(
            "no-rules",
            f"The rule file {file.name} cannot be read: {error.strerror}. Remove it from the "
            "folder, or give this user the right to read the file.",
            indonesian=f"Berkas aturan {file.name} tidak dapat dibaca: {error.strerror}. Keluarkan "
            "berkas itu dari folder, atau beri pengguna ini hak membacanya.",
        ) from None


def _file_name(file: Traversable) -> str:
    return file.name


def _read(file: _File) -> tuple[Rule | None, list[Fault]]:
    try:
        values = tomllib.loads(file.text)
        file.text.encode()
    except (tomllib.TOMLDecodeError, UnicodeEncodeError) as error:
        return None, [_not_toml(file, error)]
    try:
        rule = Rule.model_validate(values)
    except ValidationError as error:
        return None, [_invalid(file, detail) for detail in error.errors()]
    faults = []
    if f"{rule.id}.toml" != file.name:
        faults.append(
            Fault(
                "rule-file",
                file.name,
                find_line(file.text, ("id",)),
                Bilingual(
                    f"id aturan ini {rule.id}; nama berkas dan id harus sama. Ganti nama berkas "
                    f"menjadi {rule.id}.toml.",
                    f"the id of the rule is {rule.id}; file and id must have the same name. Rename "
                    f"the file to {rule.id}.toml.",
                ),
            )
        )
    for number, message in contrast.find_faults(rule.classes):
        line = find_line(file.text, ("classes", number))
        faults.append(Fault("rule-classes", file.name, line, message))
    return rule, faults


def _not_toml(file: _File, error: ValueError) -> Fault:
    if isinstance(error, UnicodeEncodeError):
        line = file.text.count("\n", 0, error.start) + 1
        message = Bilingual(
            "berkas ini bukan teks UTF-8. Simpan berkas sebagai UTF-8.",
            "the file is no UTF-8 text. Save the file as UTF-8.",
        )
    else:
        match = _AT_LINE.search(str(error))
        line = 1 if match is None else int(match[1])
        message = Bilingual(
            f"berkas ini bukan TOML: {error}. Perbaiki baris itu.",
            f"the file is no TOML: {error}. Correct the line.",
        )
    return Fault("rule-file", file.name, line, message)


def _invalid(file: _File, error: "ErrorDetails") -> Fault:
    path = tuple(error["loc"])
    message = error["msg"].removeprefix("Value error, ")
    if not path:  # raised by `Rule`: the message begins with the path
        path = tuple(message.partition(":")[0].split("."))
    name = ".".join(map(str, error["loc"]))
    prefix = f"{name}: " if name else ""
    default = Bilingual("tidak dapat dipakai: {message}.", "{message}.")
    template = _MESSAGES.get(error["type"], default)
    return Fault(
        "rule-file",
        file.name,
        find_line(file.text, path),
        Bilingual(
            prefix + template.id.format(message=message),
            prefix + template.en.format(message=message),
        ),
    )


_MESSAGES = {
    "missing": Bilingual(
        "nama ini belum ada. Tambahkan nama ini; docs/rules.md menyebut semua nama.",
        "this name is missing. Add the name; docs/rules.md lists all names.",
    ),
    "extra_forbidden": Bilingual(
        "nama ini tidak dikenal. Hapus atau perbaiki nama ini; docs/rules.md menyebut semua nama.",
        "this is no name that a rule has. Remove or correct the name; docs/rules.md lists all "
        "names.",
    ),
}


def _class_differences(rules: Sequence[tuple[_File, Rule]]) -> Iterable[Fault]:
    """Rules whose classes differ from the first rule: maps and tables need one list of classes."""
    for file, rule in rules[1:]:
        first = rules[0][1]
        if rule.classes != first.classes:
            yield Fault(
                "rule-classes",
                file.name,
                find_line(file.text, ("classes",)),
                Bilingual(
                    f"kelas aturan ini berbeda dengan kelas {first.id}. Semua aturan dalam satu "
                    "folder memakai kelas yang sama: salin bagian [[classes]].",
                    f"the classes of this rule differ from the classes of {first.id}. All rules of "
                    "a folder have the same classes: copy the parts [[classes]].",
                ),
            )


def _date_faults(in_force: Sequence[tuple[_File, InForce, Rule]]) -> Iterable[Fault]:
    for (_, period, rule), (file, next_period, next_rule) in pairwise(in_force):
        last, first = period.until, next_period.since
        if last is None or first <= last:
            message = Bilingual(
                f"{rule.id} dan {next_rule.id} sama-sama berlaku pada {first}. Akhiri {rule.id} "
                f"sebelum {next_rule.id} mulai.",
                f"{rule.id} and {next_rule.id} are both in force on {first}. End {rule.id} before "
                f"{next_rule.id} begins.",
            )
        elif first > last + timedelta(days=1):
            message = Bilingual(
                f"Tidak ada aturan yang berlaku antara {last} ({rule.id}) dan {first} "
                f"({next_rule.id}). Akhiri {rule.id} sehari sebelum {next_rule.id} mulai.",
                f"No rule is in force between {last} ({rule.id}) and {first} ({next_rule.id}). End "
                f"{rule.id} on the day before {next_rule.id} begins.",
            )
        else:
            continue
        yield Fault("rule-dates", file.name, find_line(file.text, ("in_force",)), message)
