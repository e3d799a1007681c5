"""The report of ``records load``: kept and rejected rows, warnings, next steps."""

from typing import Final

from api.cli.terminal.headings import heading
from api.cli.terminal.language import localised
from api.cli.terminal.output import print_message, print_table
from geodata.errors import RecordError
from geodata.language import NOTHING, Bilingual
from geodata.record_kinds import KindName
from geodata.records import person_kinds
from geodata.records.parsing.rejection_reasons import REASONS
from geodata.records.parsing.row_warnings import WARNINGS
from zoning.placing.placements import UNPLACED
from zoning.records.intake import IntakeReport

_COUNTS: Final = ("read", "new", "corrected", "unchanged", "rejected", "mended")


def print_report(report: IntakeReport, file: str) -> None:
    """Print the counts of a file, then a sentence for each reason, warning and named record."""
    counts = report._asdict()
    rows = [(heading(name), counts[name]) for name in _COUNTS]
    rows += [
        (localised(f"ditolak: {reason}", f"rejected: {reason}"), count)
        for reason, count in report.rejected_by_reason.items()
    ]
    rows += [
        (localised(f"letak: {heading(method)}", f"placed: {method}"), count)
        for method, count in report.placed.items()
    ]
    if report.disagreeing:
        rows.append((heading("coordinates and address disagree"), report.disagreeing))
    print_table(Bilingual(f"{file}: baris", f"{file}: rows"), ["", "rows"], rows)
    for reason, count in report.rejected_by_reason.items():
        sentence, details = REASONS[reason], report.details[reason]
        print_message(
            f"{count} baris ditolak: {sentence.id} [{reason}]: {details}.",
            f"{count} rows rejected: {sentence.en} [{reason}]: {details}.",
        )
    if report.rejected_before:
        print_message(
            f"{report.rejected_before} dari {report.rejected} baris yang ditolak sudah ditolak "
            "sebelumnya. `records rejected` memuat tiap baris satu kali; baris yang sudah "
            "diperbaiki atau ditutup tidak dimuat.",
            f"{report.rejected_before} of the {report.rejected} rejected rows were already "
            "rejected before. `records rejected` lists each row once; it does not list corrected "
            "or dismissed rows.",
        )
    for warning, count in report.warnings.items():
        sentence = WARNINGS[warning]
        details = f": {report.details[warning]}" if warning in report.details else ""
        print_message(
            f"{count} baris: {sentence.id} [{warning}]{details}.",
            f"{count} rows: {sentence.en} [{warning}]{details}.",
        )
    for sentence in _record_sentences(report):
        print_message(*sentence)


def _record_sentences(report: IntakeReport) -> list[Bilingual]:
    """A sentence for each record that a report names."""
    sentences = [
        Bilingual(
            f"{record.id} pindah dari {record.before} ke {record.now}.",
            f"{record.id} moved from {record.before} to {record.now}.",
        )
        for record in report.moved
    ]
    sentences += [
        Bilingual(
            f"{record.id} dulu di {record.before}; sekarang tidak di RT mana pun.",
            f"{record.id} was in {record.before}; now it is in no RT.",
        )
        for record in report.place_lost
    ]
    sentences += [
        Bilingual(
            f"{record.id}: tanggal yang diketahui {record.known}, dalam berkas {record.file}; yang "
            f"dipakai {record.stands}.",
            f"{record.id}: the known date is {record.known}, the file has {record.file}; "
            f"{record.stands} is used.",
        )
        for record in report.dates_corrected
    ]
    sentences += [
        Bilingual(
            f"{new} tidak dihitung, karena {known} dihitung untuk kasus yang sama.",
            f"{new} is not counted, because {known} counts for the same case.",
        )
        for new, known in report.doubles
    ]
    sentences += [
        Bilingual(
            f"{new} dan {known} adalah data yang berbeda: nomornya hanya berbeda pada nol di "
            "depan.",
            f"{new} and {known} are different records: their numbers differ only in leading zeros.",
        )
        for new, known in report.numbers_alike
    ]
    return sentences


def print_next_steps(report: IntakeReport, kind: KindName) -> None:
    """Print the commands that list the unplaced rows of a report."""
    unplaced = report.placed.get(UNPLACED, 0)
    if unplaced and kind in person_kinds():
        print_message(
            f"{unplaced} baris tidak terletak di RT mana pun. `mikrozonasi records list "
            f"{kind} --placed unplaced` menampilkan baris itu; `mikrozonasi addresses undecided` "
            "menampilkan alamat yang dapat Anda putuskan.",
            f"{unplaced} rows are in no RT. `mikrozonasi records list {kind} --placed unplaced` "
            "lists these rows; `mikrozonasi addresses undecided` lists the addresses that you can "
            "decide.",
        )


def no_usable_rows(report: IntakeReport, name: str) -> RecordError:
    """The error for a file without a usable row."""
    counts = report.rejected_by_reason
    reasons = ", ".join(f"{reason} {count}" for reason, count in counts.items())
    note = NOTHING
    if "ids-restarted" in report.warnings:
        warning = WARNINGS["ids-restarted"]
        note = Bilingual(f" Catatan: {warning.id}.", f" Note: {warning.en}.")
    return RecordError(
        "no-usable-rows",
        f"None of the {report.read} rows of {name} can be used: {reasons}. The rows are kept "
        f"with their reasons: see `mikrozonasi records rejected`.{note.en}",
        indonesian=f"Dari {report.read} baris {name} tidak ada satu pun yang dapat dipakai: "
        f"{reasons}. Baris itu disimpan dengan alasannya: lihat `mikrozonasi records "
        f"rejected`.{note.id}",
    )
