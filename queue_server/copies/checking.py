"""Whether a database is whole: in one place, since each copy stands or falls by it."""

from sqlite_utils import Database

from queue_server.storage.verification import verify


def entries_of_whole(db: Database) -> int:
    """Look through the whole file and fold the whole journal; the number of entries. Raises Difference."""
    return verify(db)
