"""Settings of the application, read from the environment; `create_app` takes them."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from api.rule_settings import RuleSettings
from geodata.errors import InputError
from geodata.language import Bilingual
from zoning.caching import DEFAULT_MEGABYTES
from zoning.tiles.artifact_cache import tiles_folder

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Origins = Annotated[tuple[str, ...], NoDecode]
_MIN_TOKEN_LENGTH: Final = 16
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"https?://({_LABEL}(\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?"
    r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*"
)
_PREFIX: Final = "MIKROZONASI_"
_INDONESIAN: Final = {
    "int_parsing": "tulis bilangan bulat",
    "greater_than_equal": "paling sedikit {ge}",
    "less_than_equal": "paling banyak {le}",
}
"""Indonesian sentences by the error type of pydantic."""
_OTHER_ERROR: Final = "nilainya tidak sesuai"


class _InvalidSettingError(ValueError):
    """The wanted form of a setting, in both languages."""

    def __init__(self, wanted_form: Bilingual) -> None:
        super().__init__(wanted_form.en)
        self.wanted_form = wanted_form


class Settings(RuleSettings):
    """Settings of the server; the variable of each is ``MIKROZONASI_`` and its name in capitals.

    Attributes
    ----------
    database
        See `geodata.store.open_store`.
    cors_origins
        Sites whose scripts may read public answers; ``*`` for all. Never with credentials.
    frame_ancestors
        Sites that may show ``/embed`` in a frame; ``*`` for all.
    background_tiles, background_attribution
        URL template of map tiles below the zones, and the credit for these tiles. By default a
        page loads nothing from another site.
    minimum_count
        Public answers suppress a count of people below this number, and round larger counts to
        multiples of this number; see `zoning.disclosure.banding`. 1 publishes all counts, 2 means
        3.
    token
        Token for the paths of officials, at least 16 characters. Without a token these paths are
        closed.
    upload_megabytes
        Largest file of records that the server accepts over HTTP.
    upload_seconds, upload_memory_megabytes
        Limits of the process that reads one such file: CPU seconds and memory.
    tiles
        Folder of the prepared tiles. Default: `zoning.tiles.artifact_cache.tiles_folder`.
    public_url
        Public address of the application, like ``https://zonasi.semarangkota.go.id/zonasi``, for
        links. Without this setting links use the ``Host`` of a request, which a client can forge.
    cache_megabytes
        Memory for cached values: boundaries with their indexes, tiles, features; see
        `zoning.caching`.
    connections, connections_per_client
        Open connections of one process, in all and for each client (an IPv4 address, or an IPv6
        network of 64 bits); see `api.serving.limits`.
    profile
        File with the names and contacts that the portal shows; see docs/portal.md.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database: str = "duckdb:///city.duckdb"
    cors_origins: Origins = ("*",)
    frame_ancestors: Origins = ("*",)
    background_tiles: str | None = None
    background_attribution: str = ""
    minimum_count: int = Field(default=5, ge=1)
    token: SecretStr | None = None
    upload_megabytes: int = Field(default=100, ge=1, le=4096)
    upload_seconds: int = Field(default=30, ge=1, le=3600)
    upload_memory_megabytes: int = Field(default=1500, ge=500, le=65536)
    tiles: Path | None = None
    public_url: str | None = None
    cache_megabytes: int = Field(default=DEFAULT_MEGABYTES, ge=64, le=1 << 20)
    connections: int = Field(default=2000, ge=10, le=60_000)
    connections_per_client: int = Field(default=200, ge=2, le=60_000)
    profile: Path | None = None

    @field_validator("cors_origins", "frame_ancestors", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        """Split ``a, b c`` from the environment into three values."""
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        """Check the address and remove its final slash; an empty address means None."""
        address = (value or "").removesuffix("/")
        if not address:
            return None
        if not _ADDRESS.fullmatch(address) or not _is_port(urlsplit(address).netloc):
            raise _InvalidSettingError(
                Bilingual(
                    "public_url ditulis seperti https://zonasi.semarangkota.go.id/zonasi: skema, "
                    "host, dan jalur jika ada; tanpa pengguna, tanda tanya atau #",
                    "public_url looks like https://zonasi.semarangkota.go.id/zonasi: scheme, "
                    "host, and a path if there is one; no user, no question mark, no #",
                )
            )
        return address

    @field_validator("token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        token = "" if value is None else value.get_secret_value()
        if not token:
            return None
        if len(token) < _MIN_TOKEN_LENGTH or not re.fullmatch(r"[!-~]+", token):
            raise _InvalidSettingError(
                Bilingual(
                    f"token terdiri dari sedikitnya {_MIN_TOKEN_LENGTH} huruf, angka dan tanda, "
                    "tanpa spasi",
                    f"the token has at least {_MIN_TOKEN_LENGTH} letters, digits and signs, no "
                    "spaces",
                )
            )
        return value

    @field_validator("cors_origins", "frame_ancestors")
    @classmethod
    def _check_header_values(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(sign in text for text in value for sign in ";\r\n"):
            raise _InvalidSettingError(
                Bilingual(
                    "asal situs ditulis seperti https://semarangkota.go.id",
                    "an origin looks like https://semarangkota.go.id",
                )
            )
        return value

    @field_validator("background_tiles")
    @classmethod
    def _check_tile_host(cls, value: str | None) -> str | None:
        if value is not None and _origin(value) is None:
            raise _InvalidSettingError(
                Bilingual(
                    "background_tiles ditulis seperti https://host/{z}/{x}/{y}.png",
                    "background_tiles looks like https://host/{z}/{x}/{y}.png",
                )
            )
        return value

    @property
    def answer_settings(self) -> str:
        """Settings that change the bytes of answers, for ETags."""
        background = (self.background_tiles, self.background_attribution)
        return repr((self.frame_ancestors, background, self.minimum_count))

    @property
    def tiles_path(self) -> Path:
        """Folder of the prepared tiles."""
        return self.tiles or tiles_folder(self.database)

    @property
    def background_credit(self) -> str:
        """Credit for the background tiles; by default the host of the tiles."""
        return self.background_attribution or urlsplit(self.background_tiles or "").netloc

    @property
    def background_origin(self) -> str | None:
        """Scheme and host of the background tiles, for a Content-Security-Policy."""
        return None if self.background_tiles is None else _origin(self.background_tiles)


def read_settings(database: str | None = None) -> Settings:
    """Settings from the environment.

    Raises
    ------
    InputError
        ``invalid-setting`` with the variable and its wanted form, without its value.
    """
    try:
        return Settings() if database is None else Settings(database=database)
    except ValidationError as error:
        sentences = [_describe(fault) for fault in error.errors(include_input=False)]
        joined = Bilingual(
            "; ".join(sentence.id for sentence in sentences),
            "; ".join(sentence.en for sentence in sentences),
        )
        raise InputError(
            "invalid-setting",
            f"{joined.en}. Correct or unset the variable, then start again.",
            indonesian=f"{joined.id}. Perbaiki atau hapus variabel itu, lalu mulai lagi.",
        ) from None


def _describe(error: "ErrorDetails") -> Bilingual:
    """The sentence for one invalid setting."""
    name = "_".join(str(part) for part in error["loc"]).upper()
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, _InvalidSettingError):
        reason = cause.wanted_form
    else:
        message = error["msg"].removeprefix("Value error, ")
        indonesian = _INDONESIAN.get(error["type"], _OTHER_ERROR).format(**context)
        reason = Bilingual(indonesian, f"{message[:1].lower()}{message[1:]}")
    return Bilingual(
        f"Pengaturan {_PREFIX}{name} tidak dapat dipakai: {reason.id}",
        f"The setting {_PREFIX}{name} cannot be used: {reason.en}",
    )


def _origin(tiles: str) -> str | None:
    try:
        parts = urlsplit(tiles)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def _is_port(netloc: str) -> bool:
    """Whether the host has no port or a valid port."""
    return 0 < int(netloc.rpartition(":")[2]) < 65536 if re.search(r":[0-9]+$", netloc) else True
