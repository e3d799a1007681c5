"""The rules of a city, by id and by day.

The rules of the project, or the rules in a folder of the city. The rules of a folder replace the
project's rules: only they are in force. If they have the four colours of the project, the project's
rules are still known by id: published days with these rules can be read, and ``--rule`` can name
them.
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
from zoning.risk import Classes, class_keys
from zoning.rules.files import read_rules
from zoning.rules.model import COVID_19, Rule


class RuleInForce(NamedTuple):
    """The rule in force on a day."""

    rule: Rule
    retrospective: bool
    """True for a day before the first law that coloured RT; the first rule applies to the day."""


class Rulebook:
    """Rules with the same classes; immutable.

    Parameters
    ----------
    rules
        Rules that may be in force, in the order of `read_rules`.
    other_rules
        Further rules, which apply only on request.
    in_retrospect
        Whether the first rule in force also applies to all days before its first day.
    """

    def __init__(
        self,
        rules: Mapping[str, Rule],
        other_rules: Mapping[str, Rule] | None = None,
        *,
        in_retrospect: bool = False,
    ) -> None:
        self._in_force_rules = rules
        self._rules = {**(other_rules or {}), **rules}
        self._in_retrospect = in_retrospect
        self.classes: Classes = next(iter(rules.values())).classes

    @property
    def rules(self) -> list[Rule]:
        """All rules: first rules in force, in order of time, then other rules."""
        others = [rule for rule in self._rules.values() if not self.can_be_in_force(rule)]
        return [*self._in_force_rules.values(), *others]

    @property
    def disease(self) -> Bilingual:
        """The disease of the first rule in force, for titles of maps."""
        disease = next(iter(self._in_force_rules.values())).disease
        return COVID_19 if disease is None else Bilingual(disease.id, disease.en)

    @property
    def digest(self) -> str:
        """Digest of the content of the city's rules; empty for the project's rules."""
        if self._in_retrospect:
            return ""
        return " ".join(rule.digest for rule in self._in_force_rules.values())

    @property
    def keys(self) -> list[str]:
        """Keys of the classes, the lowest first."""
        return class_keys(self.classes)

    def can_be_in_force(self, rule: Rule) -> bool:
        """Whether a rule can be in force; other rules apply only on request."""
        return rule.id in self._in_force_rules

    def rule(self, rule_id: str) -> Rule:
        """A rule by its id.

        Raises
        ------
        NotFoundError
            ``no-rule`` if no rule has that id.
        """
        rule = self._rules.get(rule_id)
        if rule is None:
            raise NotFoundError(
                "no-rule",
                f"No rule has this id. Use one of these: {', '.join(self._rules)}.",
                indonesian="Tidak ada aturan dengan id itu. Pakai salah satu dari ini: "
                f"{', '.join(self._rules)}.",
            )
        return rule

    def rule_for_run(self, run: Run) -> Rule:
        """The rule of a run.

        Raises
        ------
        NotFoundError
            ``no-rule`` if no rule has that id.
        StoreError
            ``rule-changed`` if the file of a city's rule has changed since the run: the new
            thresholds would not explain the colours of the run.
        """
        rule = self.rule(run.rule)
        if not self._in_retrospect and run.rule_digest != rule.digest:
            raise StoreError(
                "rule-changed",
                f"The colours of {run.date} come from an earlier text of the rule {run.rule}, so "
                "the present text cannot explain them. Run the day again with `mikrozonasi zones "
                "run`, or give the present text another id and restore the earlier file.",
                indonesian=f"Warna pada {run.date} berasal dari isi lama aturan {run.rule}, jadi "
                "isi yang sekarang tidak dapat menjelaskannya. Jalankan lagi hari itu dengan "
                "`mikrozonasi zones run`, atau beri isi yang sekarang id lain dan kembalikan "
                "berkas lama.",
            )
        return rule

    def find_in_force(self, day: date) -> RuleInForce | None:
        """The rule in force on a day; None for a day without a rule of the city."""
        laws = [rule for rule in self._in_force_rules.values() if rule.in_force is not None]
        for law in laws:
            if law.in_force is not None and law.in_force.holds(day):
                return RuleInForce(law, retrospective=False)
        return RuleInForce(laws[0], retrospective=True) if self._in_retrospect else None

    def in_force(self, day: date) -> RuleInForce:
        """The rule in force on a day; see `find_in_force`.

        Raises
        ------
        InputError
            ``no-rule-in-force`` for a day without a rule.
        """
        rule_in_force = self.find_in_force(day)
        if rule_in_force is None:
            raise InputError(
                "no-rule-in-force",
                f"No rule is in force on {day}, so its zones have no colour. Add the day to "
                "`in_force` of a rule in MIKROZONASI_RULES, or name a rule with --rule; "
                "`mikrozonasi zones rules` lists all rules.",
                indonesian=f"Tidak ada aturan yang berlaku pada {day}, jadi zona hari itu tidak "
                "punya warna. Tambahkan hari itu pada `in_force` suatu aturan di "
                "MIKROZONASI_RULES, atau sebut aturan dengan --rule; `mikrozonasi zones rules` "
                "menyebut semua aturan.",
            )
        return rule_in_force

    def is_retrospective(self, day: date) -> bool:
        """Whether the rule of a day came into force after the day."""
        rule_in_force = self.find_in_force(day)
        return rule_in_force is not None and rule_in_force.retrospective

    def check_classes(self, classes_of_runs: Iterable[tuple[str, ...]]) -> None:
        """Refuse runs whose classes differ from the classes of the rules.

        Raises
        ------
        StoreError
            ``other-classes``: a risk would get the name and colour of another class.
        """
        for keys in classes_of_runs:
            if list(keys) != self.keys:
                raise StoreError(
                    "other-classes",
                    f"The database has days with the classes {', '.join(keys)}, but the rules in "
                    f"use have the classes {', '.join(self.keys)}. Set MIKROZONASI_RULES to the "
                    "folder of the rules of these days, or use a database of its own for other "
                    "classes.",
                    indonesian=f"Basis data berisi hari dengan kelas {', '.join(keys)}, sedangkan "
                    f"aturan yang dipakai mempunyai kelas {', '.join(self.keys)}. Arahkan "
                    "MIKROZONASI_RULES ke folder aturan hari-hari itu, atau pakai basis data lain "
                    "untuk kelas lain.",
                )


@cache
def built_in() -> Rulebook:
    """The rules of the project."""
    return Rulebook(read_rules(files("zoning.rules")), in_retrospect=True)


def open_rulebook(folder: Path | None) -> Rulebook:
    """The rules in a folder of the city; without a folder, the rules of the project.

    Raises
    ------
    InputError
        See `zoning.rules.files.read_rules`.
    """
    if folder is None:
        return built_in()
    city_rules, project_rules = read_rules(folder), built_in()
    if next(iter(city_rules.values())).classes != project_rules.classes:
        return Rulebook(city_rules)
    return Rulebook(city_rules, {rule.id: rule for rule in project_rules.rules})
