"""Settings of the application: an object handed to `create_app`, filled from the environment."""

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
_FEWEST_CHARACTERS: Final = 16
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
"""By the kind of fault that pydantic finds."""
_OTHERWISE: Final = "nilainya tidak sesuai"


class _UnfitError(ValueError):
    """What a setting must look like, in both languages."""

    def __init__(self, why: Bilingual) -> None:
        super().__init__(why.en)
        self.why = why


class Settings(RuleSettings):
    """What one may set, each from ``MIKROZONASI_`` and its name in capitals.

    Attributes
    ----------
    database
        See `geodata.store.open_store`.
    cors_origins
        Sites whose scripts may read public answers; ``*`` for all. Never with credentials.
    frame_ancestors
        Sites that may show ``/embed`` in a frame; ``*`` for all.
    background_tiles, background_attribution
        URL template of map tiles under the zones, and whom to thank for them; none by default,
        and then a page loads nothing from any other site.
    minimum_count
        A count of people below this is not said in public, and larger ones are rounded to
        multiples of it; see `zoning.disclosure.banding`. 1 says all, 2 is taken for 3.
    token
        What officials' paths ask for, at least 16 characters; without it they are closed.
    upload_megabytes
        The largest file of records that is taken over HTTP.
    upload_seconds, upload_memory_megabytes
        What reading one such file may take: seconds of the processor, and memory of the process
        that reads it.
    tiles
        Folder of the prepared tiles. Default: `zoning.tiles.artifact_cache.tiles_folder`.
    public_url
        Address of the application as everyone sees it, like
        ``https://zonasi.semarangkota.go.id/zonasi``. Links are made of it; where it is not set,
        of what a request says (``Host``), which whoever asks may forge.
    cache_megabytes
        Memory for everything that is kept so that it need not be computed again: boundaries with
        their indexes, tiles, features; see `zoning.caching`.
    connections, connections_per_client
        How many connections one process holds at a time, in all and of one client (an IPv4
        address, or an IPv6 network of 64 bits); see `api.serving.limits`.
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

    @field_validator("cors_origins", "frame_ancestors", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Take ``a, b c`` from the environment for three."""
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str | None) -> str | None:
        """Take it without a slash at its end; nothing for none."""
        address = (value or "").removesuffix("/")
        if not address:
            return None
        if not _ADDRESS.fullmatch(address) or not _is_port(urlsplit(address).netloc):
            raise _UnfitError(
                Bilingual(
                    "public_url ditulis seperti https://zonasi.semarangkota.go.id/zonasi: skema, "
                    "host, dan jalur jika ada; tanpa pengguna, tanda tanya atau #",
                    "public_url looks like https://zonasi.semarangkota.go.id/zonasi: scheme, "
                    "host, and the path where there is one; no user, no question mark, no #",
                )
            )
        return address

    @field_validator("token")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        token = "" if value is None else value.get_secret_value()
        if not token:
            return None
        if len(token) < _FEWEST_CHARACTERS or not re.fullmatch(r"[!-~]+", token):
            raise _UnfitError(
                Bilingual(
                    f"token terdiri dari sedikitnya {_FEWEST_CHARACTERS} huruf, angka dan tanda, "
                    "tanpa spasi",
                    f"the token has at least {_FEWEST_CHARACTERS} letters, digits and signs, no "
                    "spaces",
                )
            )
        return value

    @field_validator("cors_origins", "frame_ancestors")
    @classmethod
    def _fit_for_headers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(sign in text for text in value for sign in ";\r\n"):
            raise _UnfitError(
                Bilingual(
                    "asal situs ditulis seperti https://semarangkota.go.id",
                    "an origin looks like https://semarangkota.go.id",
                )
            )
        return value

    @field_validator("background_tiles")
    @classmethod
    def _from_a_host(cls, value: str | None) -> str | None:
        if value is not None and _origin(value) is None:
            raise _UnfitError(
                Bilingual(
                    "background_tiles ditulis seperti https://host/{z}/{x}/{y}.png",
                    "background_tiles looks like https://host/{z}/{x}/{y}.png",
                )
            )
        return value

    @property
    def shaping(self) -> str:
        """Settings that change the bytes of answers; part of every ETag."""
        background = (self.background_tiles, self.background_attribution)
        return repr((self.frame_ancestors, background, self.minimum_count))

    @property
    def tiles_at(self) -> Path:
        """Folder of the prepared tiles."""
        return self.tiles or tiles_folder(self.database)

    @property
    def background_thanks(self) -> str:
        """Whom to thank for the background; its host where nothing was said."""
        return self.background_attribution or urlsplit(self.background_tiles or "").netloc

    @property
    def background_origin(self) -> str | None:
        """Scheme and host of the background tiles, as a Content-Security-Policy names them."""
        return None if self.background_tiles is None else _origin(self.background_tiles)


def read_settings(database: str | None = None) -> Settings:
    """Settings from the environment.

    Raises
    ------
    InputError
        ``invalid-setting``, naming the variable and what is wanted; never what it holds.
    """
    try:
        return Settings() if database is None else Settings(database=database)
    except ValidationError as error:
        each = [_wrong(one) for one in error.errors(include_input=False)]
        wrong = Bilingual("; ".join(one.id for one in each), "; ".join(one.en for one in each))
        raise InputError(
            "invalid-setting",
            f"{wrong.en}. Correct or unset it, then start again.",
            indonesian=f"{wrong.id}. Perbaiki atau hapus, lalu mulai lagi.",
        ) from None


def _wrong(error: "ErrorDetails") -> Bilingual:
    name = "_".join(str(part) for part in error["loc"]).upper()
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, _UnfitError):
        why = cause.why
    else:
        said = error["msg"].removeprefix("Value error, ")
        indonesian = _INDONESIAN.get(error["type"], _OTHERWISE).format(**context)
        why = Bilingual(indonesian, f"{said[:1].lower()}{said[1:]}")
    return Bilingual(
        f"Pengaturan {_PREFIX}{name} tidak dapat dipakai: {why.id}",
        f"The setting {_PREFIX}{name} cannot be used: {why.en}",
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
    """Whether the port of a host, where it names one, can be one."""
    return 0 < int(netloc.rpartition(":")[2]) < 65536 if re.search(r":[0-9]+$", netloc) else True
