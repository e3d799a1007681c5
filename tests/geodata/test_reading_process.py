"""A reading process gives the same records as a direct read, and ends at its limits."""

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
from geodata.records import CASES, find_kind
from geodata.records.layout.record_extraction import extract_records
from geodata.records.layout.source import Source
from geodata.tables import content_pages

TIMEOUT_SECONDS = 120
"""Longest wait for an event that is immediate, on a busy machine."""
SMALL = b"No Kasus,Status,Tanggal Konfirmasi\nK-1,konfirmasi,2021-07-01\nJumlah,,\n"
LARGE = b"No Kasus,Status,Tanggal Konfirmasi\n" + b"K-1,konfirmasi,2021-07-01,\n" * 1_500_000
"""Rows wider than the headings: the slow reader takes seconds for them."""


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    shared_reader = Reader(Limits(60, 1500))
    try:
        yield shared_reader
    finally:
        shared_reader.close()


@pytest.fixture
def new_reader() -> Iterator[Callable[[Limits], Reader]]:
    readers: list[Reader] = []

    def make(limits: Limits) -> Reader:
        readers.append(Reader(limits))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False
    return "State:\tZ" not in status


def await_end(pid: int) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while is_running(pid):
        assert time.monotonic() < deadline, "the process still runs"
        time.sleep(0.02)


def file_content(ending: str) -> bytes:
    frame = pd.DataFrame(
        {
            "No Kasus": ["K-1", "K-2", None],
            "Alamat": ["Jl Mawar 5", "Jl Melati\nNo 3", "Mengetahui"],
            "Status": ["konfirmasi", "suspek", None],
            "Tgl Konfirmasi": ["2021-07-01", None, None],
        }
    )
    buffer = io.BytesIO()
    if ending == ".xlsx":
        frame.to_excel(buffer, index=False)
    elif ending == ".parquet":
        frame.to_parquet(buffer, index=False)
    elif ending == ".json":
        return frame.to_json(orient="records").encode()
    else:
        return frame.to_csv(index=False).encode() + b'K-3,"open,konfirmasi,2021-07-01\n'
    return buffer.getvalue()


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".json"])
def test_a_reading_process_gives_the_records_of_a_direct_read(ending: str, reader: Reader) -> None:
    content, name = file_content(ending), f"list{ending}"
    for source in (None, Source(title="x", kind="cases", leave_out=("K-2",))):
        direct = extract_records(content_pages(content, name), CASES, source=source)
        remote = reader.read(content, name, "cases", source)
        assert remote.sheet.cells.equals(direct.sheet.cells)
        assert remote.sheet.rows.tolist() == direct.sheet.rows.tolist()
        assert remote.sheet.misaligned.tolist() == direct.sheet.misaligned.tolist()
        assert dict(remote.sheet.faults) == dict(direct.sheet.faults)
        assert remote.sheet.name == name
        assert (remote.left_out, remote.source) == (direct.left_out, source)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"nama,umur\nx,1\n", "list.csv", "cases"),
        (b"PK\x03\x04 no workbook", "list.xlsx", "cases"),
        (b" ", "list.csv", "cases"),
        (SMALL, "list.csv", "people"),
    ],
)
def test_a_reading_process_gives_the_error_of_a_direct_read(
    content: bytes, name: str, kind: str, reader: Reader
) -> None:
    with pytest.raises(MikrozonasiError) as direct:
        extract_records(content_pages(content, name), find_kind(kind))
    with pytest.raises(MikrozonasiError) as remote:
        reader.read(content, name, kind)
    assert type(remote.value) is type(direct.value)
    assert (remote.value.code, remote.value.message) == (direct.value.code, direct.value.message)
    assert remote.value.indonesian == direct.value.indonesian


@pytest.mark.parametrize("name", [n for n in vars(errors) if n.endswith("Error")])
def test_a_message_keeps_type_code_and_sentences_of_every_error(name: str) -> None:
    error = vars(errors)[name]("a-code", "A sentence.", indonesian="Sebuah kalimat.")
    header = json.loads(json.dumps(messages.error_header(error)))
    parsed = messages.parse_error(header)
    assert type(parsed) is type(error)
    assert (parsed.code, parsed.message, parsed.indonesian) == (
        "a-code",
        "A sentence.",
        "Sebuah kalimat.",
    )


def test_an_unexpected_error_is_logged_without_its_message(
    reader: Reader, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Source, "model_dump_json", lambda _: '{"rahasia": 3374010101010001}')
    with pytest.raises(MikrozonasiError) as refused:
        reader.read(SMALL, "list.csv", "cases", Source(title="x", kind="cases"))
    assert refused.value.code == "intake-failed"
    assert "ValidationError" in caplog.text
    assert "3374010101010001" not in caplog.text + refused.value.message
    assert reader.is_alive


def test_a_file_above_the_memory_limit_is_refused(
    new_reader: Callable[[Limits], Reader],
) -> None:
    reader = new_reader(Limits(60, 300))
    with pytest.raises(TooLargeError, match="300 MB of memory") as refused:
        reader.read(b"[" + b'{"a":1},' * 1_200_000 + b"{}]", "list.json", "cases")
    assert refused.value.code == "too-much-memory"
    assert not reader.is_alive


def test_a_file_above_the_time_limit_is_refused(
    new_reader: Callable[[Limits], Reader],
) -> None:
    reader = new_reader(Limits(1, 1500))
    with pytest.raises(TooLargeError, match="more than 1 seconds") as refused:
        reader.read(LARGE, "list.csv", "cases")
    assert refused.value.code == "too-slow"
    await_end(reader.pid)


def test_the_time_limit_starts_again_for_each_file(new_reader: Callable[[Limits], Reader]) -> None:
    reader = new_reader(Limits(2, 1500))
    content = LARGE[: len(LARGE) // 16]
    for _ in range(12):
        assert reader.read(content, "list.csv", "cases").sheet.cells.num_rows > 0


def test_a_waiting_thread_gets_an_error_when_another_thread_ends_the_process(
    new_reader: Callable[[Limits], Reader],
) -> None:
    reader = new_reader(Limits(60, 1500))
    codes: list[str] = []

    def read() -> None:
        with pytest.raises(MikrozonasiError) as stopped:
            reader.read(LARGE, "list.csv", "cases")
        codes.append(stopped.value.code)

    thread = threading.Thread(target=read)
    thread.start()
    reader.end()
    thread.join(TIMEOUT_SECONDS)
    assert codes == ["reading-stopped"]
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


def test_the_process_has_no_secret_no_core_dump_and_no_file_of_this_project(
    monkeypatch: pytest.MonkeyPatch, new_reader: Callable[[Limits], Reader]
) -> None:
    for name in ("SECRET", "TOKEN", "DATABASE"):
        monkeypatch.setenv(f"MIKROZONASI_{name}", "geheim-geheim-geheim")
    monkeypatch.setenv("PGPASSWORD", "geheim-geheim-geheim")
    reader = new_reader(Limits(60, 1500))
    reader.read(SMALL, "list.csv", "cases")
    process = Path(f"/proc/{reader.pid}")
    assert b"geheim" not in (process / "environ").read_bytes()
    core = next(x for x in (process / "limits").read_text().splitlines() if "core file" in x)
    assert core.split()[4:6] == ["0", "0"]
    targets = {str(link.readlink()) for link in (process / "fd").iterdir()}
    names = {Path(target).name for target in targets if not target.startswith(("pipe:", "/dev/"))}
    assert names <= {"proj.db"}  # a file of a library


@pytest.mark.parametrize(
    "answer",
    [
        messages.Message({"headings": [], "name": "x", "faults": [], "left_out": {}}, b"nonsense"),
        messages.Message({}, b""),
    ],
)
def test_a_malformed_answer_is_refused_and_ends_the_process(
    answer: messages.Message,
    monkeypatch: pytest.MonkeyPatch,
    new_reader: Callable[[Limits], Reader],
) -> None:
    reader = new_reader(Limits(60, 1500))
    monkeypatch.setattr(reader, "_exchange", lambda _: answer)
    with pytest.raises(MikrozonasiError) as refused:
        reader.read(SMALL, "list.csv", "cases")
    assert refused.value.code == "intake-failed"
    assert not reader.is_alive


def test_an_answer_above_the_length_limit_is_refused() -> None:
    stream = io.BytesIO()
    messages.send(stream, {}, b"x" * 1_000)
    stream.seek(0)
    assert messages.receive(stream, 100) is None
    stream.seek(0)
    assert messages.receive(stream, 2_000) == messages.Message({}, b"x" * 1_000)


def test_the_process_still_reads_files_after_it_refused_a_file(reader: Reader) -> None:
    pid = reader.pid
    with pytest.raises(RecordError):
        reader.read(b"nama\nx\n", "list.csv", "cases")
    assert reader.read(SMALL, "list.csv", "cases").left_out == {"rows-left-out": 1}
    assert (reader.pid, reader.is_alive) == (pid, True)


def error_after_signal(reader: Reader, signal_number: signal.Signals) -> MikrozonasiError:
    """The error of a read during which the process gets a signal."""
    os.kill(reader.pid, signal.SIGSTOP)
    refusals: list[MikrozonasiError] = []

    def read() -> None:
        with pytest.raises(MikrozonasiError) as refused:
            reader.read(SMALL, "list.csv", "cases")
        refusals.append(refused.value)

    thread = threading.Thread(target=read)
    thread.start()
    os.kill(reader.pid, signal_number)
    os.kill(reader.pid, signal.SIGCONT)
    thread.join(TIMEOUT_SECONDS)
    return refusals[0]


@pytest.mark.parametrize(
    "signal_number", [signal.SIGTERM, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL]
)
def test_the_error_of_another_signal_names_no_limit(
    signal_number: signal.Signals,
    new_reader: Callable[[Limits], Reader],
    caplog: pytest.LogCaptureFixture,
) -> None:
    reader = new_reader(Limits(60, 1500))
    error = error_after_signal(reader, signal_number)
    assert error.code == "reading-failed"
    assert not isinstance(error, TooLargeError)
    assert "memory" not in error.message
    assert "seconds" not in error.message
    assert f"status -{signal_number.value}" in caplog.text
    assert not reader.is_alive


@pytest.mark.parametrize(
    ("signal_number", "code"),
    [
        (signal.SIGABRT, "too-much-memory"),
        (signal.SIGKILL, "too-slow"),
        (signal.SIGXCPU, "too-slow"),
    ],
)
def test_the_error_of_a_limits_signal_names_the_limit(
    signal_number: signal.Signals, code: str, new_reader: Callable[[Limits], Reader]
) -> None:
    assert error_after_signal(new_reader(Limits(60, 1500)), signal_number).code == code


def test_a_file_larger_than_the_memory_limit_takes_too_much_memory(
    new_reader: Callable[[Limits], Reader],
) -> None:
    reader = new_reader(Limits(60, 300))
    with pytest.raises(TooLargeError) as refused:
        reader.read(bytearray(400_000_000), "list.csv", "cases")
    assert refused.value.code == "too-much-memory"


def test_a_process_that_neither_answers_nor_ends_is_killed_and_not_called_slow(
    monkeypatch: pytest.MonkeyPatch, new_reader: Callable[[Limits], Reader]
) -> None:
    monkeypatch.setattr("geodata.reading_process.reader._EXIT_SECONDS", 0.1)
    reader = new_reader(Limits(60, 1500))
    monkeypatch.setattr(reader, "_exchange", lambda _: None)
    with pytest.raises(MikrozonasiError) as refused:
        reader.read(SMALL, "list.csv", "cases")
    assert refused.value.code == "reading-failed"
    await_end(reader.pid)
