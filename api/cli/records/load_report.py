"""What ``records load`` says of a file: what was kept, what was rejected, where to look next."""

from api.cli.terminal.language import localised
from api.cli.terminal.output import say, say_table
from api.cli.terminal.words import word
from geodata.errors import RecordError
from geodata.language import NOTHING, Bilingual
from geodata.record_kinds import KindName
from geodata.records import kinds_of_persons
from geodata.records.parsing.rejection_reasons import REASONS
from geodata.records.parsing.row_warnings import WARNINGS
from zoning.placing.placements import UNPLACED
from zoning.records.intake import IntakeReport


def say_report(report: IntakeReport, name: str) -> None:
    """Print what became of the rows of a file."""
    counts = report._asdict()
    told = ("read", "new", "corrected", "unchanged", "rejected", "mended")
    rows = [(word(what), counts[what]) for what in told]
    rows += [
        (localised(f"ditolak: {reason}", f"rejected: {reason}"), n)
        for reason, n in report.rejected_by_reason.items()
    ]
    rows += [
        (localised(f"letak: {word(way)}", f"placed: {way}"), n) for way, n in report.placed.items()
    ]
    if report.disagreeing:
        rows.append((word("coordinates and address disagree"), report.disagreeing))
    say_table(Bilingual(f"{name}: baris", f"{name}: rows"), ["", "rows"], rows)
    for reason, n in report.rejected_by_reason.items():
        why = REASONS[reason]
        say(
            f"{n} baris ditolak: {why.id} [{reason}]: {report.details[reason]}.",
            f"{n} rows rejected: {why.en} [{reason}]: {report.details[reason]}.",
        )
    if report.rejected_before:
        say(
            f"{report.rejected_before} dari {report.rejected} baris yang ditolak sudah ditolak "
            "sebelumnya: `records rejected` memuat tiap baris satu kali, atau baris itu sudah "
            "diperbaiki atau ditutup.",
            f"{report.rejected_before} of the {report.rejected} rejected rows were rejected "
            "before. `records rejected` lists each row once; corrected or dismissed rows are not "
            "listed.",
        )
    for warning, n in report.warnings.items():
        named = f": {report.details[warning]}" if warning in report.details else ""
        why = WARNINGS[warning]
        say(f"{n} baris: {why.id} [{warning}]{named}.", f"{n} rows: {why.en} [{warning}]{named}.")
    for sentence in _named(report):
        say(*sentence)


def _named(report: IntakeReport) -> list[Bilingual]:
    """Records that a report names, a sentence each."""
    found = [
        Bilingual(
            f"{each.id} pindah dari {each.before} ke {each.now}.",
            f"{each.id} moved from {each.before} to {each.now}.",
        )
        for each in report.moved
    ]
    found += [
        Bilingual(
            f"{each.id} dulu di {each.before} dan sekarang tidak di RT mana pun.",
            f"{each.id} lay in {each.before} and lies in no RT now.",
        )
        for each in report.place_lost
    ]
    found += [
        Bilingual(
            f"{each.id}: yang diketahui {each.known}, dalam berkas {each.file}; yang berlaku "
            f"{each.stands}.",
            f"{each.id}: known {each.known}, in the file {each.file}; {each.stands} stands.",
        )
        for each in report.dates_corrected
    ]
    found += [
        Bilingual(
            f"{new} tidak dihitung di samping {known}.", f"{new} is not counted beside {known}."
        )
        for new, known in report.doubles
    ]
    found += [
        Bilingual(f"{new} di sini bukan {known}.", f"{new} is not {known} here.")
        for new, known in report.numbers_alike
    ]
    return found


def say_next(report: IntakeReport, kind: KindName) -> None:
    """Where to look at what the report counts."""
    unplaced = report.placed.get(UNPLACED, 0)
    if unplaced and kind in kinds_of_persons():
        say(
            f"{unplaced} baris tidak terletak di RT mana pun: `mikrozonasi records list "
            f"{kind} --placed unplaced` mendaftarnya, `mikrozonasi addresses undecided` "
            "mendaftar alamat yang dapat Anda putuskan.",
            f"{unplaced} rows lie in no RT: `mikrozonasi records list {kind} --placed "
            "unplaced` lists them, `mikrozonasi addresses undecided` lists the addresses that "
            "you can decide.",
        )


def none_usable(report: IntakeReport, name: str) -> RecordError:
    """The error for a file without a usable row."""
    reasons = ", ".join(f"{reason} {n}" for reason, n in report.rejected_by_reason.items())
    restarted = "ids-restarted" in report.warnings
    note = WARNINGS["ids-restarted"]
    hint = Bilingual(f" Catatan: {note.id}.", f" Note: {note.en}.") if restarted else NOTHING
    return RecordError(
        "no-usable-rows",
        f"Not one of the {report.read} rows of {name} could be used: {reasons}. They are kept "
        f"with their reasons: see `mikrozonasi records rejected`.{hint.en}",
        indonesian=f"Dari {report.read} baris {name} tidak ada satu pun yang dapat dipakai: "
        f"{reasons}. Baris itu disimpan dengan alasannya: lihat `mikrozonasi records "
        f"rejected`.{hint.id}",
    )
