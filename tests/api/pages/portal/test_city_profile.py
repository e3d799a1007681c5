"""The profile of a city: every part is optional, and a fault names its field."""

from pathlib import Path

import pytest

from api.pages.portal.city_profile import CityProfile
from geodata.errors import InputError
from geodata.language import Bilingual

WHOLE = """
[service]
id = "Siaga Contoh"
en = "Example Alert"
logo = "logo.svg"

[doctor]
id = "Gratis."
en = "Free of charge."
url = "https://dokter.example/mulai"
phone = "+62 24 123-4567"
hours = {id = "08.00-20.00", en = "8 am to 8 pm"}
"""
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "city.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_the_profile_is_empty() -> None:
    profile = CityProfile.read(None)
    assert profile == CityProfile()
    assert (profile.service, profile.doctor, profile.logo_type) == (None, None, None)


def test_a_profile_has_the_texts_the_contacts_and_the_logo(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(LOGO)
    profile = CityProfile.read(written(tmp_path, WHOLE))
    assert profile.service is not None
    assert profile.service.text == Bilingual("Siaga Contoh", "Example Alert")
    assert (profile.logo_type, profile.logo_bytes) == ("image/svg+xml", LOGO)
    assert profile.doctor is not None
    assert profile.doctor.telephone == "+62241234567"
    assert profile.doctor.url == "https://dokter.example/mulai"
    assert profile.emergency is None


def test_the_digest_changes_with_the_file_and_with_the_logo(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_bytes(LOGO)
    path = written(tmp_path, WHOLE)
    digests = {CityProfile.read(path).digest}
    logo.write_bytes(LOGO + b" ")
    digests.add(CityProfile.read(path).digest)
    path.write_text(WHOLE.replace("Gratis", "Cuma-cuma"))
    digests.add(CityProfile.read(path).digest)
    assert len(digests) == 3
    assert CityProfile.read(path).digest in digests


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[service", "TOML"),
        (b"\xff", "TOML"),
        ("[clinic]\nid = 'a'\nen = 'b'", "clinic: there is no field"),
        ("digest = 'a'", "digest: there is no field"),
        ("logo_bytes = 'a'", "logo_bytes: there is no field"),
        ("[doctor]\nid = 'a'\nen = 'b'\nfax = '1'", "doctor.fax: there is no field"),
        ("[doctor]\nid = 'a'", "doctor.en: this field is required"),
        ("[doctor]\nid = ''\nen = 'b'", "doctor.id: write a short text"),
        ("[doctor]\nid = 'a'\nen = 3", "doctor.en: write a short text"),
        (
            "[doctor]\nid = 'a'\nen = 'b'\nhours = '8-15'",
            'doctor.hours: write it in two languages, like { id = "…", en = "…" }',
        ),
        (f"[doctor]\nid = 'a'\nen = '{'b' * 301}'", "doctor.en: write a short text"),
        ("[doctor]\nid = 'a'\nen = 'b'\nphone = 'call me'", "doctor.phone: write a number"),
        ("[doctor]\nid = 'a'\nen = 'b'\nurl = 'http://a.example'", "doctor.url: write an address"),
        ("[doctor]\nid = 'a'\nen = 'b'\nurl = 'javascript:x'", "doctor.url: write an address"),
        ("[service]\nid = 'a'\nen = 'b'\nlogo = '../a.svg'", "service.logo: write the name"),
        ("[service]\nid = 'a'\nen = 'b'\nlogo = 'a.html'", "service.logo: write the name"),
        ("[service]\nid = 'a'\nen = 'b'\nlogo = 'none.png'", "not readable"),
        ("#" * 100_001, "larger than 100 kB"),
    ],
)
def test_a_fault_names_the_file_the_field_and_the_wanted_form(
    tmp_path: Path, text: str | bytes, fault: str
) -> None:
    with pytest.raises(InputError) as caught:
        CityProfile.read(written(tmp_path, text))
    assert caught.value.code == "invalid-profile"
    assert "city.toml" in caught.value.message
    assert fault in caught.value.message
    assert str(tmp_path) not in caught.value.message + caught.value.indonesian


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not readable"):
        CityProfile.read(tmp_path / "none.toml")
