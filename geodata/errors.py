"""The tree of errors. Each error has a stable code for programs and a sentence for people.

The sentence says what the program got, what it expected and what to do. Everyone may read the
sentence, so it never contains a value of a record: no NIK, no name, no address.
"""

from collections.abc import Mapping
from types import MappingProxyType


class MikrozonasiError(Exception):
    """Base class of all errors of this project.

    Parameters
    ----------
    code
        Stable code in kebab-case; part of the public contract.
    message
        One or two sentences in English for the person who can correct the problem.
    indonesian
        The same sentences in Indonesian.
    """

    def __init__(self, code: str, message: str, *, indonesian: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.indonesian = indonesian


class InputError(MikrozonasiError):
    """An input cannot be used."""


class BoundaryError(InputError):
    """A file of polygons cannot be used."""


class RecordError(InputError):
    """A file of records cannot be used."""


class TooLargeError(InputError):
    """An input is too large."""


class UnsupportedError(InputError):
    """An input has an unsupported format."""


class AccessError(MikrozonasiError):
    """The resource is not public, and access is closed."""


class TokenError(AccessError):
    """The request has no valid access token."""


class NotFoundError(MikrozonasiError):
    """The resource does not exist: an area code, a day without a run, a file.

    Attributes
    ----------
    nearest
        Published days or areas that are nearest to the requested one, for a page: the day or the
        code, and its name.
    """

    nearest: Mapping[str, str] = MappingProxyType({})


class StoreError(MikrozonasiError):
    """The database cannot be used: in use by another process, of another version, unreadable."""


class NotReadyError(StoreError):
    """The resource is being computed and will be ready in a few seconds."""

    retry_after = 5
    """Seconds."""


class BusyError(StoreError):
    """Too many requests run at the same time; the client may try again soon."""

    retry_after = 30
    """Seconds."""
