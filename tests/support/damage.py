"""Pages that a failing disk has overwritten while the server runs."""

from queue_server.storage.database import Store


def break_page(store: Store, name: str) -> None:
    """Overwrite the first page of a table or an index in the file, and have SQLite forget what it has read of it."""
    (root,) = store.database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    _overwrite(store, root)


def break_head(store: Store) -> None:
    """Overwrite the beginning of the file: whoever opens it anew finds no database."""
    _overwrite(store, 1)


def _overwrite(store: Store, page: int) -> None:
    store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    (size,) = store.database.execute("PRAGMA page_size").fetchone()
    with store.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    store.database.execute("PRAGMA shrink_memory")
