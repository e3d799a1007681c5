"""The profile of a city: names, logo and contacts that the portal shows, from a TOML file.

Every part is optional. A page leaves out a section whose part is missing: the portal never shows a
contact that the city did not give.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from geodata.errors import InputError
from geodata.language import Bilingual

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Text = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{1,19}$")]
Link = Annotated[
    str, StringConstraints(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$")
]
_MOST_BYTES: Final = 100_000
"""Limit for the file and for the logo: a profile is a page of text."""
_LOGO_TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


class _StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ServiceText(_StrictModel):
    """A text in Indonesian and English."""

    id: Text
    en: Text

    @property
    def text(self) -> Bilingual:
        """Both texts."""
        return Bilingual(self.id, self.en)


class Service(ServiceText):
    """The name of the service, like *Siaga Corona*, and the file of its logo."""

    logo: str | None = None


class Contact(ServiceText):
    """A contact: who answers, by telephone or on a page, and when."""

    phone: Phone | None = None
    url: Link | None = None
    hours: ServiceText | None = None

    @property
    def telephone(self) -> str | None:
        """The number for a ``tel:`` link."""
        return None if self.phone is None else self.phone.replace(" ", "").replace("-", "")


class Referral(Contact):
    """Whom to call before a patient goes to a hospital, and what to bring."""

    bring: Annotated[list[ServiceText], Field(max_length=20)] = []


class CityProfile(_StrictModel):
    """The profile of a city.

    Attributes
    ----------
    service
        Name and logo of the service; without it, the portal has the title of the map.
    doctor, hotline, emergency
        Who gives medical advice, who answers questions, whom to call in an emergency.
    referral
        Whom to call before a patient goes to a hospital, and what to bring.
    arrivals
        How a newcomer reports the arrival.
    aid
        How a resident asks for aid, or gives.
    privacy
        Who answers questions about personal data.
    """

    service: Service | None = None
    doctor: Contact | None = None
    hotline: Contact | None = None
    emergency: Contact | None = None
    referral: Referral | None = None
    arrivals: Contact | None = None
    aid: Contact | None = None
    privacy: Contact | None = None
    digest: Annotated[str, Field(exclude=True)] = ""
    logo_bytes: Annotated[bytes | None, Field(exclude=True)] = None

    @property
    def logo_type(self) -> str | None:
        """Media type of the logo."""
        logo = None if self.service is None else self.service.logo
        return None if logo is None else _LOGO_TYPES[Path(logo).suffix]

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """Read the profile; an empty profile for None.

        Raises
        ------
        InputError
            ``invalid-profile`` with the file, the field and the wanted form.
        """
        if path is None:
            return cls()
        try:
            return cls._read(path)
        except _FaultError as error:
            raise _invalid(path, error.fault) from None

    @classmethod
    def _read(cls, path: Path) -> Self:
        content = _read_file(path)
        values = _parse(content)
        for field in ("digest", "logo_bytes"):
            if field in values:
                raise _FaultError(_unknown(field))
        try:
            profile = cls.model_validate(values)
        except ValidationError as error:
            raise _FaultError(_describe(error.errors(include_input=False)[0])) from None
        logo = None
        if profile.service is not None and profile.service.logo is not None:
            logo = _read_logo(path.parent, profile.service.logo)
        digest = hashlib.sha256(content + (logo or b"")).hexdigest()[:16]
        return profile.model_copy(update={"digest": digest, "logo_bytes": logo})


class _FaultError(Exception):
    """A fault of a profile, as a sentence without the name of the file."""

    def __init__(self, fault: Bilingual) -> None:
        super().__init__(fault.en)
        self.fault = fault


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError:
        raise _FaultError(
            Bilingual(f"{path.name} tidak terbaca", f"{path.name} is not readable")
        ) from None
    if len(content) > _MOST_BYTES:
        limit = f"{_MOST_BYTES // 1000} kB"
        raise _FaultError(
            Bilingual(
                f"{path.name} lebih besar dari {limit}", f"{path.name} is larger than {limit}"
            )
        )
    return content


def _parse(content: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _FaultError(Bilingual(f"bukan TOML: {error}", f"no TOML: {error}")) from None


def _read_logo(folder: Path, name: str) -> bytes:
    if Path(name).name != name or Path(name).suffix not in _LOGO_TYPES:
        types = ", ".join(_LOGO_TYPES)
        raise _FaultError(
            Bilingual(
                f"service.logo: tulis nama berkas {types} di folder yang sama",
                f"service.logo: write the name of a {types} file in the same folder",
            )
        )
    return _read_file(folder / name)


def _describe(error: "ErrorDetails") -> Bilingual:
    field = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return _unknown(field)
    if error["type"] == "missing":
        return Bilingual(f"{field}: isian ini wajib", f"{field}: this field is required")
    if error["type"] == "string_pattern_mismatch":
        wanted = (
            Bilingual(
                "nomor seperti 112 atau +62 24 1234567", "a number like 112 or +62 24 1234567"
            )
            if field.endswith("phone")
            else Bilingual(
                "alamat seperti https://kota.go.id", "an address like https://kota.go.id"
            )
        )
        return Bilingual(f"{field}: tulis {wanted.id}", f"{field}: write {wanted.en}")
    if error["type"] == "model_type":
        example = '{ id = "…", en = "…" }'
        return Bilingual(
            f"{field}: tulis dalam dua bahasa, seperti {example}",
            f"{field}: write it in two languages, like {example}",
        )
    return Bilingual(
        f"{field}: isinya tidak sesuai; tulis teks pendek", f"{field}: write a short text"
    )


def _unknown(field: str) -> Bilingual:
    return Bilingual(
        f"{field}: nama isian ini tidak dikenal", f"{field}: there is no field of this name"
    )


def _invalid(path: Path, fault: Bilingual) -> InputError:
    return InputError(
        "invalid-profile",
        f"The profile {path.name} cannot be used: {fault.en}. Correct the file, then start again; "
        "docs/portal.md lists its fields.",
        indonesian=f"Profil {path.name} tidak dapat dipakai: {fault.id}. Perbaiki berkas itu, lalu "
        "mulai lagi; isiannya tercantum di docs/portal.md.",
    )
