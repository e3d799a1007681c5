"""What may happen to any database, as errors of ours; no value of a row is in them."""

from geodata.errors import StoreError


def conflict() -> StoreError:
    """A key that is there already, or a value that is missing."""
    return StoreError(
        "conflict",
        "The database holds a row with that key already, or a value that must be there is "
        "missing. Nothing was written.",
    )


def failed() -> StoreError:
    """The database itself is in trouble."""
    return StoreError(
        "database-failed",
        "The database could not do it; nothing was written. Is the disk full, or its memory? "
        "The log says more.",
    )


def lost() -> StoreError:
    """The connection broke."""
    return StoreError(
        "database-lost",
        "The connection to the database was lost. Do it again when the server is back: what was "
        "kept before is not kept twice.",
    )


def undone_in_silence() -> StoreError:
    """A writer that said nothing for so long that it held up the others."""
    return StoreError(
        "transaction-undone",
        "Nothing was heard for too long in the midst of writing, so that all of it was undone and "
        "others could write. Do it again: what was kept before is not kept twice.",
    )


def crowded() -> StoreError:
    """Every connection that this process may have is at work."""
    return StoreError(
        "database-crowded",
        "All connections of this process to the database stayed at work for too long. Nothing "
        "was written; try again when fewer ask at once, or let more processes serve.",
    )


def in_the_way() -> StoreError:
    """Another program holds what is needed."""
    return StoreError(
        "database-busy",
        "Another program holds the database's tables. Nothing was written; try again.",
    )
