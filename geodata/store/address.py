"""Addresses of databases: what a URL names, and how it is shown without its password."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from geodata.errors import InputError

_FILE: Final = "duckdb:///"
_SERVER: Final = ("postgresql", "postgres")
_ANY_SERVER: Final = re.compile(r"\s*postgres\w*://(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_PASSWORD: Final = re.compile(r"[^/@]*:[^/@]+@|[^/@?]*:[^@?]+@", re.DOTALL)
"""A password before the host, as libpq takes it, and one with a slash, which it does not."""
_KEYWORDS: Final = re.compile(r"(?:^|\s)(?:host|hostaddr|port|dbname|user)\s*=", re.IGNORECASE)
_PASSWORD_KEYWORD: Final = re.compile(r"(?:^|\s)(?:ssl)?password\s*=", re.IGNORECASE)
_SHOWN: Final = frozenset({"host", "hostaddr", "port", "user", "sslmode", "connect_timeout"})
"""Options of a URL that are shown; any other may hold a secret."""


def database_path(url: str) -> Path:
    """File of an embedded database: ``duckdb:///relative.duckdb``, ``duckdb:////absolute.duckdb``.

    Raises
    ------
    InputError
        ``database-url`` if the URL is of another form.
    """
    if not is_embedded(url):
        raise _not_understood()
    return Path(url.removeprefix(_FILE))


def is_embedded(url: str) -> bool:
    """Whether a URL names a file rather than a PostgreSQL server.

    Raises
    ------
    InputError
        ``database-url`` if it names neither, or a file with a question mark in its path.
    """
    path = url.removeprefix(_FILE)
    if path in {"", url}:
        _split(url)
        return False
    if "?" in path:
        # Whoever writes options means PostgreSQL, or a program that has some.
        raise InputError(
            "database-url",
            "There is a question mark in the path of the database file, and a file takes no "
            "options. Write duckdb:///city.duckdb, without what follows the question mark.",
            indonesian="Ada tanda tanya di letak berkas basis data, padahal berkas tidak "
            "menerima pilihan. Tulis duckdb:///city.duckdb, tanpa bagian setelah tanda tanya.",
        )
    return True


def server_name(url: str) -> tuple[str, str]:
    """Database and host of a PostgreSQL URL, as one names them in a sentence.

    Raises
    ------
    InputError
        ``database-url`` if the URL is of another form.
    """
    parts = _split(url)
    hosts = parse_qs(parts.query).get("host", [])
    host = parts.hostname or (hosts[0] if hosts else "this machine")
    return parts.path.removeprefix("/"), host


def shown_url(url: str) -> str:
    """The URL without a password, fit to be shown.

    Raises
    ------
    InputError
        ``database-url`` if it is of no form we know.
    """
    if is_embedded(url):
        return url
    parts = _split(url)
    user, at, host = parts.netloc.rpartition("@")
    query = "&".join(option for option in parts.query.split("&") if _key(option) in _SHOWN)
    name = f"{re.split(':|%3a', user, flags=re.IGNORECASE)[0]}{at}{host}"
    # Not by urlunsplit: without a host it leaves out slashes that must stay.
    return f"{parts.scheme}://{name}{parts.path}{f'?{query}' if query else ''}"


def holds_password(text: str) -> bool:
    """Whether a text holds a password of a PostgreSQL server, in whatever form it is tried.

    Also in forms that are not understood here: a text that is refused was said all the same.
    """
    found = _ANY_SERVER.match(text)
    if found is None:
        return bool(_KEYWORDS.search(text) and _PASSWORD_KEYWORD.search(text))
    if _PASSWORD.match(found["rest"]):
        return True
    options = re.split("[&#]", found["rest"].partition("?")[2])
    return any(_is_secret(_key(option)) and option.partition("=")[2] for option in options)


def _key(option: str) -> str:
    return unquote(option.partition("=")[0]).strip().casefold()


def _is_secret(key: str) -> bool:
    """Whether an option of libpq is a secret: ``password``, ``sslpassword`` and newer ones."""
    return "passw" in key or "secret" in key or key.startswith("scram_")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (a port that is no number is said here)
    except ValueError:
        raise _not_understood() from None
    if parts.scheme not in _SERVER or not parts.path.removeprefix("/"):
        raise _not_understood()
    # What libpq would take for another part than urlsplit does, and a message might then show.
    if "@" in parts.path or parts.fragment:
        raise _not_understood()
    return parts


def _not_understood() -> InputError:
    # What came is not repeated: it may hold a password.
    return InputError(
        "database-url",
        "The database URL is not understood. Write duckdb:///city.duckdb for a file in this "
        "folder, duckdb:////var/lib/city.duckdb for an absolute path, or "
        "postgresql://user@host/name for a PostgreSQL server; in a password, signs like @ / ? # "
        "are written %40 %2F %3F %23.",
        indonesian="URL basis data tidak dapat dipahami. Tulis duckdb:///city.duckdb untuk "
        "berkas di folder ini, duckdb:////var/lib/city.duckdb untuk jalur lengkap, atau "
        "postgresql://user@host/name untuk server PostgreSQL; di dalam kata sandi, tanda "
        "seperti @ / ? # ditulis %40 %2F %3F %23.",
    )
