"""Rules from their files: one TOML a rule, each checked, and all checked together."""

import tomllib
from collections.abc import Iterable
from datetime import timedelta
from importlib.resources.abc import Traversable
from itertools import pairwise

from pydantic import ValidationError

from geodata.errors import InputError
from zoning.rules.model import InForce, Rule


def read_rules(folder: Traversable) -> dict[str, Rule]:
    """Rules of a folder by id, those in force first, in order of time.

    Raises
    ------
    InputError
        ``rule-file`` for a file that is no rule, ``rule-dates`` where two rules are in force on
        one day or a day between them has none.
    """
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    rules = [_read(file) for file in files]
    in_force = sorted((rule for rule in rules if rule.in_force), key=lambda r: _dates(r).since)
    _check_dates(in_force)
    return {rule.id: rule for rule in (*in_force, *(r for r in rules if not r.in_force))}


def _read(file: Traversable) -> Rule:
    try:
        rule = Rule.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _broken(file, [str(error)]) from None
    except ValidationError as error:
        found = [f"{'.'.join(map(str, e['loc'])) or 'rule'}: {e['msg']}" for e in error.errors()]
        raise _broken(file, found) from None
    if f"{rule.id}.toml" != file.name:
        raise _broken(file, [f"its id is {rule.id}; file and id must have one name"])
    return rule


def _broken(file: Traversable, found: Iterable[str]) -> InputError:
    return InputError(
        "rule-file",
        f"{file.name} is no rule that can be used: {'; '.join(found)}.",
        indonesian=f"{file.name} bukan aturan yang dapat dipakai: {'; '.join(found)}.",
    )


def _dates(rule: Rule) -> InForce:
    assert rule.in_force is not None  # noqa: S101 - only asked of rules in force
    return rule.in_force


def _check_dates(in_force: Iterable[Rule]) -> None:
    for earlier, later in pairwise(in_force):
        last, first = _dates(earlier).until, _dates(later).since
        if last is None or first <= last:
            raise InputError(
                "rule-dates",
                f"{earlier.id} and {later.id} are both in force on {first}. "
                "End the one before the other begins.",
                indonesian=f"{earlier.id} dan {later.id} sama-sama berlaku pada {first}. Akhiri "
                "yang satu sebelum yang lain mulai.",
            )
        if first > last + timedelta(days=1):
            raise InputError(
                "rule-dates",
                f"No rule is in force between {last} ({earlier.id}) and {first} ({later.id}). "
                "Let the one end on the day before the other begins.",
                indonesian=f"Tidak ada aturan yang berlaku antara {last} ({earlier.id}) dan "
                f"{first} ({later.id}). Akhiri yang satu pada hari sebelum yang lain mulai.",
            )
