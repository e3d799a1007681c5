"""A process that reads files: what it reads is the same, and it ends when it must."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from geodata import errors
from geodata.errors import MikrozonasiError, RecordError, TooLargeError
from geodata.reading_process import messages
from geodata.reading_process.reader import Limits, Reader
from geodata.records import CASES, kind_of
from geodata.records.layout.arranging import arrange
from geodata.records.layout.source import Source
from geodata.tables import content_pages

PATIENCE = 120
"""Seconds until something that happens at once has failed, on a busy machine."""
SMALL = b"No Kasus,Status,Tanggal Konfirmasi\nK-1,konfirmasi,2021-07-01\nJumlah,,\n"
LARGE = b"No Kasus,Status,Tanggal Konfirmasi\n" + b"K-1,konfirmasi,2021-07-01,\n" * 1_500_000
"""Rows of another width than the headings: they are read one by one, which takes seconds."""


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    found = Reader(Limits(60, 1500))
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def own_reader() -> Iterator[Callable[[Limits], Reader]]:
    made: list[Reader] = []

    def make(limits: Limits) -> Reader:
        made.append(Reader(limits))
        return made[-1]

    yield make
    for each in made:
        each.close()


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False
    return "State:\tZ" not in status


def await_end(pid: int) -> None:
    until = time.monotonic() + PATIENCE
    while is_running(pid):
        assert time.monotonic() < until, "the process goes on"
        time.sleep(0.02)


def as_file(ending: str) -> bytes:
    frame = pd.DataFrame(
        {
            "No Kasus": ["K-1", "K-2", None],
            "Alamat": ["Jl Mawar 5", "Jl Melati\nNo 3", "Mengetahui"],
            "Status": ["konfirmasi", "suspek", None],
            "Tgl Konfirmasi": ["2021-07-01", None, None],
        }
    )
    written = io.BytesIO()
    if ending == ".xlsx":
        frame.to_excel(written, index=False)
    elif ending == ".parquet":
        frame.to_parquet(written, index=False)
    elif ending == ".json":
        return frame.to_json(orient="records").encode()
    else:
        return frame.to_csv(index=False).encode() + b'K-3,"open,konfirmasi,2021-07-01\n'
    return written.getvalue()


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".json"])
def test_records_read_there_are_those_read_here(ending: str, reader: Reader) -> None:
    content, name = as_file(ending), f"list{ending}"
    source = Source(title="x", kind="cases", leave_out=("K-2",))
    for known in (None, source):
        here = arrange(content_pages(content, name), CASES, source=known)
        there = reader.read(content, name, "cases", known)
        assert there.sheet.cells.equals(here.sheet.cells)
        assert there.sheet.rows.tolist() == here.sheet.rows.tolist()
        assert there.sheet.misaligned.tolist() == here.sheet.misaligned.tolist()
        assert dict(there.sheet.faults) == dict(here.sheet.faults)
        assert (there.sheet.name, there.left_out, there.source) == (name, here.left_out, known)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"nama,umur\nx,1\n", "list.csv", "cases"),
        (b"PK\x03\x04 no workbook", "list.xlsx", "cases"),
        (b" ", "list.csv", "cases"),
        (SMALL, "list.csv", "people"),
    ],
)
def test_an_error_comes_as_it_was_raised(
    content: bytes, name: str, kind: str, reader: Reader
) -> None:
    with pytest.raises(MikrozonasiError) as here:
        arrange(content_pages(content, name), kind_of(kind))
    with pytest.raises(MikrozonasiError) as there:
        reader.read(content, name, kind)
    assert type(there.value) is type(here.value)
    assert (there.value.code, there.value.message) == (here.value.code, here.value.message)
    assert there.value.indonesian == here.value.indonesian


@pytest.mark.parametrize("name", [n for n in vars(errors) if n.endswith("Error")])
def test_every_error_of_ours_goes_through_whole(name: str) -> None:
    error = vars(errors)[name]("a-code", "A sentence.", indonesian="Sebuah kalimat.")
    header = json.loads(json.dumps(messages.error_header(error)))
    found = messages.error_of(header)
    assert type(found) is type(error)
    assert (found.code, found.message, found.indonesian) == (
        "a-code",
        "A sentence.",
        "Sebuah kalimat.",
    )


def test_what_nobody_foresaw_is_noted_without_its_words(
    reader: Reader, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Source, "model_dump_json", lambda _: '{"rahasia": 3374010101010001}')
    with pytest.raises(MikrozonasiError) as refused:
        reader.read(SMALL, "list.csv", "cases", Source(title="x", kind="cases"))
    assert refused.value.code == "intake-failed"
    assert "ValidationError" in caplog.text
    assert "3374010101010001" not in caplog.text + refused.value.message
    assert reader.is_alive


def test_a_file_that_needs_more_memory_than_is_set_is_refused_and_the_next_is_read(
    own_reader: Callable[[Limits], Reader],
) -> None:
    small = own_reader(Limits(60, 300))
    with pytest.raises(TooLargeError, match="300 MB of memory") as refused:
        small.read(b"[" + b'{"a":1},' * 1_200_000 + b"{}]", "list.json", "cases")
    assert refused.value.code == "too-much-memory"
    assert not small.is_alive


def test_a_file_that_takes_longer_than_is_set_is_refused(
    own_reader: Callable[[Limits], Reader],
) -> None:
    hasty = own_reader(Limits(1, 1500))
    with pytest.raises(TooLargeError, match="more than 1 seconds") as refused:
        hasty.read(LARGE, "list.csv", "cases")
    assert refused.value.code == "too-slow"
    await_end(hasty.pid)


def test_seconds_are_of_each_file_and_not_of_all(own_reader: Callable[[Limits], Reader]) -> None:
    reader = own_reader(Limits(2, 1500))
    content = LARGE[: len(LARGE) // 16]
    for _ in range(12):
        assert reader.read(content, "list.csv", "cases").sheet.cells.num_rows > 0


def test_who_waits_is_told_at_once_when_another_thread_ends_the_process(
    own_reader: Callable[[Limits], Reader],
) -> None:
    reader = own_reader(Limits(60, 1500))
    said: list[str] = []

    def read() -> None:
        with pytest.raises(MikrozonasiError) as stopped:
            reader.read(LARGE, "list.csv", "cases")
        said.append(stopped.value.code)

    waiting = threading.Thread(target=read)
    waiting.start()
    reader.end()
    waiting.join(PATIENCE)
    assert said == ["reading-stopped"]
    await_end(reader.pid)


def test_the_process_ends_with_its_parent_even_while_it_reads(tmp_path: Path) -> None:
    program = (
        "import sys, threading; from geodata.reading_process.reader import Limits, Reader\n"
        "reader = Reader(Limits(600, 1500)); print(reader.pid, flush=True)\n"
        "reader.read(b'No Kasus,Status\\n' + b'K-1,konfirmasi,\\n' * 4_000_000, 'a.csv', 'cases')"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    await_end(child)


def test_the_process_knows_no_secret_leaves_no_core_and_opens_no_file_of_ours(
    monkeypatch: pytest.MonkeyPatch, own_reader: Callable[[Limits], Reader]
) -> None:
    for name in ("SECRET", "TOKEN", "DATABASE"):
        monkeypatch.setenv(f"MIKROZONASI_{name}", "geheim-geheim-geheim")
    monkeypatch.setenv("PGPASSWORD", "geheim-geheim-geheim")
    reader = own_reader(Limits(60, 1500))
    reader.read(SMALL, "list.csv", "cases")
    process = Path(f"/proc/{reader.pid}")
    assert b"geheim" not in (process / "environ").read_bytes()
    core = next(x for x in (process / "limits").read_text().splitlines() if "core file" in x)
    assert core.split()[4:6] == ["0", "0"]
    opened = {str(each.readlink()) for each in (process / "fd").iterdir()}
    named = {Path(each).name for each in opened if not each.startswith(("pipe:", "/dev/"))}
    assert named <= {"proj.db"}  # a library's own


@pytest.mark.parametrize(
    "answer",
    [
        messages.Message({"headings": [], "name": "x", "faults": [], "left_out": {}}, b"nonsense"),
        messages.Message({}, b""),
    ],
)
def test_an_answer_that_is_no_records_is_refused_and_its_process_ended(
    answer: messages.Message,
    monkeypatch: pytest.MonkeyPatch,
    own_reader: Callable[[Limits], Reader],
) -> None:
    reader = own_reader(Limits(60, 1500))
    monkeypatch.setattr(reader, "_asked", lambda _: answer)
    with pytest.raises(MikrozonasiError) as refused:
        reader.read(SMALL, "list.csv", "cases")
    assert refused.value.code == "intake-failed"
    assert not reader.is_alive


def test_an_answer_longer_than_the_memory_is_not_taken() -> None:
    written = io.BytesIO()
    messages.send(written, {}, b"x" * 1_000)
    written.seek(0)
    assert messages.receive(written, 100) is None
    written.seek(0)
    assert messages.receive(written, 2_000) == messages.Message({}, b"x" * 1_000)


def test_a_refusal_is_no_end_and_the_same_process_reads_on(reader: Reader) -> None:
    pid = reader.pid
    with pytest.raises(RecordError):
        reader.read(b"nama\nx\n", "list.csv", "cases")
    assert reader.read(SMALL, "list.csv", "cases").left_out == {"rows-left-out": 1}
    assert (reader.pid, reader.is_alive) == (pid, True)


def ended_by(reader: Reader, how: signal.Signals) -> MikrozonasiError:
    """What is said where a process is ended while it reads."""
    os.kill(reader.pid, signal.SIGSTOP)
    said: list[MikrozonasiError] = []

    def read() -> None:
        with pytest.raises(MikrozonasiError) as refused:
            reader.read(SMALL, "list.csv", "cases")
        said.append(refused.value)

    waiting = threading.Thread(target=read)
    waiting.start()
    os.kill(reader.pid, how)
    os.kill(reader.pid, signal.SIGCONT)
    waiting.join(PATIENCE)
    return said[0]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL])
def test_a_process_that_ends_for_another_reason_blames_no_limit(
    how: signal.Signals, own_reader: Callable[[Limits], Reader], caplog: pytest.LogCaptureFixture
) -> None:
    reader = own_reader(Limits(60, 1500))
    said = ended_by(reader, how)
    assert said.code == "reading-failed"
    assert not isinstance(said, TooLargeError)
    assert "memory" not in said.message
    assert "seconds" not in said.message
    assert f"status -{how.value}" in caplog.text
    assert not reader.is_alive


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (signal.SIGABRT, "too-much-memory"),
        (signal.SIGKILL, "too-slow"),
        (signal.SIGXCPU, "too-slow"),
    ],
)
def test_a_limit_is_blamed_where_it_ended_the_process(
    how: signal.Signals, code: str, own_reader: Callable[[Limits], Reader]
) -> None:
    assert ended_by(own_reader(Limits(60, 1500)), how).code == code


def test_a_file_that_has_no_room_at_all_takes_too_much_memory(
    own_reader: Callable[[Limits], Reader],
) -> None:
    reader = own_reader(Limits(60, 300))
    with pytest.raises(TooLargeError) as refused:
        reader.read(bytearray(400_000_000), "list.csv", "cases")
    assert refused.value.code == "too-much-memory"


def test_a_process_that_answers_nonsense_and_lives_on_is_ended_and_not_called_slow(
    monkeypatch: pytest.MonkeyPatch, own_reader: Callable[[Limits], Reader]
) -> None:
    monkeypatch.setattr("geodata.reading_process.reader._ENDS_SECONDS", 0.1)
    reader = own_reader(Limits(60, 1500))
    monkeypatch.setattr(reader, "_asked", lambda _: None)
    with pytest.raises(MikrozonasiError) as refused:
        reader.read(SMALL, "list.csv", "cases")
    assert refused.value.code == "reading-failed"
    await_end(reader.pid)
