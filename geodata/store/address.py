"""URLs of databases: parse a URL, and show a URL without its password."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from geodata.errors import InputError

_EMBEDDED_PREFIX: Final = "duckdb:///"
_SERVER_SCHEMES: Final = ("postgresql", "postgres")
_ANY_SERVER: Final = re.compile(r"\s*postgres\w*://(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_PASSWORD: Final = re.compile(r"[^/@]*:[^/@]+@|[^/@?]*:[^@?]+@", re.DOTALL)
"""A password before the host, as libpq reads it, or with a slash, which libpq rejects."""
_CONNECTION_KEYWORDS: Final = re.compile(
    r"(?:^|\s)(?:host|hostaddr|port|dbname|user)\s*=", re.IGNORECASE
)
_PASSWORD_KEYWORD: Final = re.compile(r"(?:^|\s)(?:ssl)?password\s*=", re.IGNORECASE)
_SHOWN_OPTIONS: Final = frozenset(
    {"host", "hostaddr", "port", "user", "sslmode", "connect_timeout"}
)
"""Options of a URL that are shown; other options may hold a secret."""


def database_path(url: str) -> Path:
    """File of an embedded database: ``duckdb:///relative.duckdb``, ``duckdb:////absolute.duckdb``.

    Raises
    ------
    InputError
        ``database-url`` if the URL is of another form.
    """
    if not is_embedded(url):
        raise _invalid_url()
    return Path(url.removeprefix(_EMBEDDED_PREFIX))


def is_embedded(url: str) -> bool:
    """Whether a URL names a file; otherwise the URL names a PostgreSQL server.

    Raises
    ------
    InputError
        ``database-url`` if the URL names neither, or a file with a question mark in its path.
    """
    path = url.removeprefix(_EMBEDDED_PREFIX)
    if path in {"", url}:
        _split_server_url(url)
        return False
    if "?" in path:
        # Options belong to the URL of a server.
        raise InputError(
            "database-url",
            "The path of the database file has a question mark, but the URL of a file takes no "
            "options. Write duckdb:///city.duckdb, without the question mark and the options.",
            indonesian="Ada tanda tanya di letak berkas basis data, padahal URL berkas tidak "
            "menerima opsi. Tulis duckdb:///city.duckdb, tanpa tanda tanya dan opsi.",
        )
    return True


def server_name(url: str) -> tuple[str, str]:
    """Name of the database and of the host in a PostgreSQL URL, for sentences.

    Raises
    ------
    InputError
        ``database-url`` if the URL is of another form.
    """
    parts = _split_server_url(url)
    hosts = parse_qs(parts.query).get("host", [])
    host = parts.hostname or (hosts[0] if hosts else "localhost")
    return parts.path.removeprefix("/"), host


def shown_url(url: str) -> str:
    """The URL without a password.

    Raises
    ------
    InputError
        ``database-url`` if the URL is of an unknown form.
    """
    if is_embedded(url):
        return url
    parts = _split_server_url(url)
    user, separator, host = parts.netloc.rpartition("@")
    query = "&".join(
        option for option in parts.query.split("&") if _option_name(option) in _SHOWN_OPTIONS
    )
    name = f"{re.split(':|%3a', user, flags=re.IGNORECASE)[0]}{separator}{host}"
    # urlunsplit would drop the slashes of a URL without a host.
    return f"{parts.scheme}://{name}{parts.path}{f'?{query}' if query else ''}"


def holds_password(text: str) -> bool:
    """Whether a text holds a password of a PostgreSQL server.

    Forms that this program rejects count too: the password was typed all the same.
    """
    match = _ANY_SERVER.match(text)
    if match is None:
        return bool(_CONNECTION_KEYWORDS.search(text) and _PASSWORD_KEYWORD.search(text))
    if _PASSWORD.match(match["rest"]):
        return True
    options = re.split("[&#]", match["rest"].partition("?")[2])
    return any(_is_secret(_option_name(option)) and option.partition("=")[2] for option in options)


def _option_name(option: str) -> str:
    return unquote(option.partition("=")[0]).strip().casefold()


def _is_secret(key: str) -> bool:
    """Whether an option of libpq is a secret: ``password``, ``sslpassword`` and newer ones."""
    return "passw" in key or "secret" in key or key.startswith("scram_")


def _split_server_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises ValueError if the port is no number)
    except ValueError:
        raise _invalid_url() from None
    if parts.scheme not in _SERVER_SCHEMES or not parts.path.removeprefix("/"):
        raise _invalid_url()
    # libpq and urlsplit read such a URL differently, so a message might show the password.
    if "@" in parts.path or parts.fragment:
        raise _invalid_url()
    return parts


def _invalid_url() -> InputError:
    # The sentence does not repeat the URL: the URL may hold a password.
    return InputError(
        "database-url",
        "The database URL is not understood. Write duckdb:///city.duckdb for a file in this "
        "folder, duckdb:////var/lib/city.duckdb for an absolute path, or "
        "postgresql://user@host/name for a PostgreSQL server. In a password, write the characters "
        "@ / ? # as %40 %2F %3F %23.",
        indonesian="URL basis data tidak dapat dipahami. Tulis duckdb:///city.duckdb untuk "
        "berkas di folder ini, duckdb:////var/lib/city.duckdb untuk jalur lengkap, atau "
        "postgresql://user@host/name untuk server PostgreSQL. Di dalam kata sandi, tulis karakter "
        "@ / ? # sebagai %40 %2F %3F %23.",
    )
