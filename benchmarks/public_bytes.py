"""Compare every public answer of two checkouts: ``python -m benchmarks.public_bytes``.

``--write FOLDER`` computes the sample city, serves it, requests every public path and writes the
answers. ``--compare FOLDER`` requests the same paths and lists the differences from a written
folder. The exit status is 1 if any answer differs.
"""

import argparse
import gzip
import hashlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.clients.public_questions import Client, Question, Reply, questions
from benchmarks.clients.tiles_server import Server, command, served

AnswerSummaries = dict[str, dict[str, Any]]
"""Status, headers, hash and length of the body, by question."""
SEED: Final = 7
IGNORED_HEADERS: Final = frozenset(
    {"date", "last-modified", "server", "content-length", "transfer-encoding", "connection"}
)
"""Headers that do not depend on the city; the length of a body is compared with its hash."""
_ASSETS_PATH: Final = "/assets/"
"""The ETag of a file depends on when it was written to this machine."""
_ANSWERS_FILE: Final = "answers.json"
_GZIP: Final = b"\x1f\x8b"
_MOMENTS: Final = re.compile(
    rb'"timeStamp":\s*"[^"]*"|known_at=[0-9-]{10}T[0-9]{2}%3A[0-9]{2}%3A[0-9]{2}\.[0-9]{6}Z'
)
"""Moments of the answer and, in links, of the publication: in items of the OGC API."""
_LONGEST_STORED_BODY: Final = 300_000
"""Bytes of the longest body that is written, so that people can read a difference."""
_MOST_SHOWN: Final = 60


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.public_bytes", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", type=Path, metavar="FOLDER", help="where the answers go")
    action.add_argument("--compare", type=Path, metavar="FOLDER", help="answers written before")
    parser.add_argument("--database", help="a database that the checkout's `demo` has made")
    parser.add_argument(
        "--also-write", type=Path, metavar="FOLDER", help="keep the answers compared"
    )
    parser.add_argument(
        "--ignore-header", action="append", default=[], help="a header that may differ"
    )
    arguments = parser.parse_args()
    if arguments.write is not None and arguments.also_write is not None:
        parser.error("--also-write goes with --compare")
    # Read first: a wrong folder gives an error before minutes of requests.
    before = (
        None
        if arguments.compare is None
        else json.loads((arguments.compare / _ANSWERS_FILE).read_text())
    )
    with tempfile.TemporaryDirectory() as folder:
        database = arguments.database or _sample_city(Path(folder))
        with served(database) as server:
            answers_now = answers(server, arguments.write or arguments.also_write)
    print(
        f"{len(answers_now)} answers, "
        f"{sum(answer['bytes'] for answer in answers_now.values()):,} bytes"
    )
    print(
        "by status:",
        dict(sorted(Counter(answer["status"] for answer in answers_now.values()).items())),
    )
    if before is not None:
        differing = differences(before, answers_now, frozenset(arguments.ignore_header))
        print("\n".join(differing[:_MOST_SHOWN]))
        print(f"{len(differing)} differ of {len(before | answers_now)}")
        sys.exit(bool(differing))


def answers(server: Server, folder: Path | None) -> AnswerSummaries:
    """Send every question to a server; write the answers if a folder is given."""
    client = Client(server.port)
    client.wait_until_prepared()
    summaries: AnswerSummaries = {}
    try:
        for number, question in enumerate(questions(client)):
            reply = client.ask(question)
            summaries[question_name(question)] = reply_summary(
                reply, folder, is_file=question.address.startswith(_ASSETS_PATH)
            )
            if number % 100 == 0:
                print(f"{number} asked", flush=True)
    finally:
        client.close()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _ANSWERS_FILE).write_text(json.dumps(summaries, indent=1, sort_keys=True))
    return summaries


def question_name(question: Question) -> str:
    """Name of a question in the file of answers."""
    return " ".join(part for part in question if part not in {"", "*/*", "identity"})


def reply_summary(reply: Reply, folder: Path | None, *, is_file: bool = False) -> dict[str, Any]:
    """The compared parts of a reply; writes a short body if a folder is given."""
    ignored = IGNORED_HEADERS | {"etag"} if is_file else IGNORED_HEADERS
    body = gzip.decompress(reply.body) if reply.body.startswith(_GZIP) else reply.body
    body = _MOMENTS.sub(b"", body)
    digest = hashlib.sha256(body).hexdigest()
    if folder is not None and 0 < len(body) <= _LONGEST_STORED_BODY:
        bodies = folder / "bodies"
        bodies.mkdir(parents=True, exist_ok=True)
        (bodies / digest).write_bytes(body)
    headers = sorted(
        [name.lower(), value] for name, value in reply.headers if name.lower() not in ignored
    )
    return {"status": reply.status, "headers": headers, "sha256": digest, "bytes": len(body)}


def differences(
    before: AnswerSummaries, after: AnswerSummaries, ignored: Collection[str] = ()
) -> list[str]:
    """One line per difference: the question, the earlier and the later answer."""
    lines = []
    for question in sorted(before | after):
        if question not in before or question not in after:
            lines.append(f"{question}: asked only {'after' if question in after else 'before'}")
            continue
        earlier, later = before[question], after[question]
        lines += [
            f"{question}: {part} {earlier[part]} -> {later[part]}"
            for part in ("status", "sha256")
            if earlier[part] != later[part]
        ]
        lines += _headers(question, earlier, later, ignored)
    return lines


def _headers(
    question: str, earlier: Mapping[str, Any], later: Mapping[str, Any], ignored: Collection[str]
) -> list[str]:
    pairs = [
        {(name, value) for name, value in answer["headers"] if name not in ignored}
        for answer in (earlier, later)
    ]
    changed = [f"-{n}: {v}" for n, v in sorted(pairs[0] - pairs[1])]
    changed += [f"+{n}: {v}" for n, v in sorted(pairs[1] - pairs[0])]
    return [f"{question}: headers {'; '.join(changed)}"] if changed else []


def _sample_city(folder: Path) -> str:
    """Compute the sample city with the code of this checkout."""
    database = f"duckdb:///{folder}/city.duckdb"
    command("demo", "--no-serve", "--seed", str(SEED), "--database", database)
    return database


if __name__ == "__main__":
    main()
