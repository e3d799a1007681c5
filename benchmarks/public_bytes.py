"""Compare every public answer of two checkouts: ``python -m benchmarks.public_bytes``.

``--write FOLDER`` computes the sample city, serves it, asks every public path and writes what came
back. ``--compare FOLDER`` does the same and says what differs from a folder that was written. A
difference ends with status 1.
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

Kept = dict[str, dict[str, Any]]
"""By question: status, headers, the hash of the body and its length."""
SEED: Final = 7
LEFT_OUT: Final = frozenset(
    {"date", "last-modified", "server", "content-length", "transfer-encoding", "connection"}
)
"""Headers that say nothing of the city; the length of a body is compared beside its hash."""
_FILES: Final = "/assets/"
"""The ETag of a file depends on when it was written to this machine."""
_FILE: Final = "answers.json"
_GZIP: Final = b"\x1f\x8b"
_MADE_AT: Final = re.compile(
    rb'"timeStamp":\s*"[^"]*"|known_at=[0-9-]{10}T[0-9]{2}%3A[0-9]{2}%3A[0-9]{2}\.[0-9]{6}Z'
)
"""When an answer was made, and in links when the sample city was published: by OGC API's items."""
_MOST: Final = 300_000
"""Characters of a body that is kept whole, so that a difference can be read."""
_SHOWN: Final = 60


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.public_bytes", description=__doc__)
    what = asked.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", type=Path, metavar="FOLDER", help="where the answers go")
    what.add_argument("--compare", type=Path, metavar="FOLDER", help="answers written before")
    asked.add_argument("--database", help="a database that the checkout's `demo` has made")
    asked.add_argument(
        "--also-write", type=Path, metavar="FOLDER", help="keep the answers compared"
    )
    asked.add_argument(
        "--ignore-header", action="append", default=[], help="a header that may differ"
    )
    given = asked.parse_args()
    if given.write is not None and given.also_write is not None:
        asked.error("--also-write goes with --compare")
    # Read first: a wrong folder is refused before minutes of questions.
    before = None if given.compare is None else json.loads((given.compare / _FILE).read_text())
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or _sample_city(Path(folder))
        with served(database) as server:
            found = answers(server, given.write or given.also_write)
    print(f"{len(found)} answers, {sum(one['bytes'] for one in found.values()):,} bytes")
    print("by status:", dict(sorted(Counter(one["status"] for one in found.values()).items())))
    if before is not None:
        told = differences(before, found, frozenset(given.ignore_header))
        print("\n".join(told[:_SHOWN]))
        print(f"{len(told)} differ of {len(before | found)}")
        sys.exit(bool(told))


def answers(server: Server, folder: Path | None) -> Kept:
    """Ask a server every question; write what comes back where a folder is given."""
    client = Client(server.port)
    client.wait_until_prepared()
    found: Kept = {}
    try:
        for number, asked in enumerate(questions(client)):
            reply = client.ask(asked)
            found[named(asked)] = kept(reply, folder, is_file=asked.address.startswith(_FILES))
            if number % 100 == 0:
                print(f"{number} asked", flush=True)
    finally:
        client.close()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_text(json.dumps(found, indent=1, sort_keys=True))
    return found


def named(asked: Question) -> str:
    """Name a question, as it stands in the file."""
    return " ".join(part for part in asked if part not in {"", "*/*", "identity"})


def kept(reply: Reply, folder: Path | None, *, is_file: bool = False) -> dict[str, Any]:
    """Say what is compared of a reply; write a short body where a folder is given."""
    left_out = LEFT_OUT | {"etag"} if is_file else LEFT_OUT
    body = gzip.decompress(reply.body) if reply.body.startswith(_GZIP) else reply.body
    body = _MADE_AT.sub(b"", body)
    digest = hashlib.sha256(body).hexdigest()
    if folder is not None and 0 < len(body) <= _MOST:
        bodies = folder / "bodies"
        bodies.mkdir(parents=True, exist_ok=True)
        (bodies / digest).write_bytes(body)
    headers = sorted(
        [name.lower(), value] for name, value in reply.headers if name.lower() not in left_out
    )
    return {"status": reply.status, "headers": headers, "sha256": digest, "bytes": len(body)}


def differences(before: Kept, after: Kept, ignored: Collection[str] = ()) -> list[str]:
    """Say in a line each what differs: a question, what it was answered and what it is now."""
    told = []
    for asked in sorted(before | after):
        if asked not in before or asked not in after:
            told.append(f"{asked}: asked only {'after' if asked in after else 'before'}")
            continue
        old, new = before[asked], after[asked]
        told += [
            f"{asked}: {part} {old[part]} -> {new[part]}"
            for part in ("status", "sha256")
            if old[part] != new[part]
        ]
        told += _headers(asked, old, new, ignored)
    return told


def _headers(
    asked: str, old: Mapping[str, Any], new: Mapping[str, Any], ignored: Collection[str]
) -> list[str]:
    pairs = [
        {(name, value) for name, value in one["headers"] if name not in ignored}
        for one in (old, new)
    ]
    changed = [f"-{n}: {v}" for n, v in sorted(pairs[0] - pairs[1])]
    changed += [f"+{n}: {v}" for n, v in sorted(pairs[1] - pairs[0])]
    return [f"{asked}: headers {'; '.join(changed)}"] if changed else []


def _sample_city(folder: Path) -> str:
    """Compute the sample city with the code of this checkout."""
    database = f"duckdb:///{folder}/city.duckdb"
    command("demo", "--no-serve", "--seed", str(SEED), "--database", database)
    return database


if __name__ == "__main__":
    main()
