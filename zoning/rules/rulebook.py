"""The rules that a city is judged by: by id, and by day.

The rules that come with the project, or those of a city's own folder. The rules of a folder stand
in place of the project's: only they are in force. Where they have the project's four colours, the
project's rules stay known by their ids: days that were published by them can be read, and
``--rule`` may ask for them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from geodata.errors import InputError, NotFoundError, StoreError
from geodata.language import Bilingual
from geodata.runs import Run
from zoning.risk import Classes, keys_of
from zoning.rules.files import read_rules
from zoning.rules.model import COVID_19, Rule


class RuleInForce(NamedTuple):
    """The rule a day is judged by."""

    rule: Rule
    retrospective: bool
    """True for a day before any law coloured RT, judged by the first rule that did."""


class Rulebook:
    """Rules with the same classes. Never changed.

    Parameters
    ----------
    own
        Those that may be in force, in the order of `read_rules`.
    known
        Further ones that are only judged by when asked for.
    in_retrospect
        Whether the first rule in force judges the days before it too.
    """

    def __init__(
        self,
        own: Mapping[str, Rule],
        known: Mapping[str, Rule] | None = None,
        *,
        in_retrospect: bool = False,
    ) -> None:
        self._own = own
        self._rules = {**(known or {}), **own}
        self._in_retrospect = in_retrospect
        self.classes: Classes = next(iter(own.values())).classes

    @property
    def rules(self) -> list[Rule]:
        """Every rule, those in force first, in order of time."""
        return [*self._own.values(), *(one for one in self._rules.values() if not self.is_own(one))]

    @property
    def disease(self) -> Bilingual:
        """The disease that titles of maps name: that of the first rule in force."""
        disease = next(iter(self._own.values())).disease
        return COVID_19 if disease is None else Bilingual(disease.id, disease.en)

    @property
    def digest(self) -> str:
        """Changes with anything that a city's own rules say; empty for the project's rules."""
        if self._in_retrospect:
            return ""
        return " ".join(rule.digest for rule in self._own.values())

    @property
    def keys(self) -> list[str]:
        """Keys of the classes, the lowest first."""
        return keys_of(self.classes)

    def is_own(self, rule: Rule) -> bool:
        """Whether a rule can be in force here, rather than only asked for."""
        return rule.id in self._own

    def rule(self, rule_id: str) -> Rule:
        """A rule by its id.

        Raises
        ------
        NotFoundError
            ``no-rule`` if there is none of that id.
        """
        found = self._rules.get(rule_id)
        if found is None:
            raise NotFoundError(
                "no-rule",
                f"There is no such rule. There are: {', '.join(self._rules)}.",
                indonesian=f"Tidak ada aturan itu. Yang ada: {', '.join(self._rules)}.",
            )
        return found

    def rule_of(self, run: Run) -> Rule:
        """The rule that judged a run.

        Raises
        ------
        NotFoundError
            ``no-rule`` if there is none of that id.
        StoreError
            ``rule-changed`` if a rule of the city's own says something else by now: its
            thresholds would explain a colour that they did not make.
        """
        found = self.rule(run.rule)
        if not self._in_retrospect and run.rule_digest != found.digest:
            raise StoreError(
                "rule-changed",
                f"{run.date} was judged by an earlier text of the rule {run.rule}, so today's text "
                "cannot explain its colours. Run the day again with `mikrozonasi zones run`, or "
                "give the new text an id of its own and put the earlier file back.",
                indonesian=f"{run.date} dinilai dengan isi aturan {run.rule} yang lama, jadi isi "
                "hari ini tidak dapat menjelaskan warnanya. Jalankan lagi hari itu dengan "
                "`mikrozonasi zones run`, atau beri isi baru id sendiri dan kembalikan berkas "
                "lama.",
            )
        return found

    def find_in_force(self, day: date) -> RuleInForce | None:
        """The rule in force on a day; None for a day that no rule of the city's own covers."""
        laws = [one for one in self._own.values() if one.in_force is not None]
        for law in laws:
            if law.in_force is not None and law.in_force.holds(day):
                return RuleInForce(law, retrospective=False)
        return RuleInForce(laws[0], retrospective=True) if self._in_retrospect else None

    def in_force(self, day: date) -> RuleInForce:
        """The rule in force on a day; see `find_in_force`.

        Raises
        ------
        InputError
            ``no-rule-in-force`` for a day that no rule covers: it gets no colour by chance.
        """
        found = self.find_in_force(day)
        if found is None:
            raise InputError(
                "no-rule-in-force",
                f"No rule is in force on {day}, so the day cannot be judged. Give a rule of "
                "MIKROZONASI_RULES that day in `in_force`, or name a rule with --rule; "
                "`mikrozonasi zones rules` lists them.",
                indonesian=f"Tidak ada aturan yang berlaku pada {day}, jadi hari itu tidak dapat "
                "dinilai. Tambahkan hari itu pada `in_force` suatu aturan di MIKROZONASI_RULES, "
                "atau sebut aturan dengan --rule; `mikrozonasi zones rules` menyebut semuanya.",
            )
        return found

    def is_retrospective(self, day: date) -> bool:
        """Whether a day is judged by a rule that came into force later."""
        found = self.find_in_force(day)
        return found is not None and found.retrospective

    def check_classes(self, found: Iterable[tuple[str, ...]]) -> None:
        """Refuse runs whose classes are others than those of the rules.

        Raises
        ------
        StoreError
            ``other-classes``: a risk would get another class's name and colour.
        """
        for keys in found:
            if list(keys) != self.keys:
                raise StoreError(
                    "other-classes",
                    f"The database holds days with the classes {', '.join(keys)}, and the rules in "
                    f"use have {', '.join(self.keys)}. Set MIKROZONASI_RULES to the folder of the "
                    "rules that judged these days, or use a database of its own for other classes.",
                    indonesian=f"Basis data berisi hari dengan kelas {', '.join(keys)}, sedangkan "
                    f"aturan yang dipakai mempunyai kelas {', '.join(self.keys)}. Arahkan "
                    "MIKROZONASI_RULES ke folder aturan yang menilai hari itu, atau pakai basis "
                    "data tersendiri untuk kelas lain.",
                )


@cache
def built_in() -> Rulebook:
    """The rules that come with the project."""
    return Rulebook(read_rules(files("zoning.rules")), in_retrospect=True)


def open_rulebook(folder: Path | None) -> Rulebook:
    """The rules of a city's own folder; those of the project where there is none.

    Raises
    ------
    InputError
        See `zoning.rules.files.read_rules`.
    """
    if folder is None:
        return built_in()
    own, given = read_rules(folder), built_in()
    same = next(iter(own.values())).classes == given.classes
    return Rulebook(own, {rule.id: rule for rule in given.rules} if same else None)
