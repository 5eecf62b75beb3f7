"""A start takes along what a server needs, and nothing that only others would."""

import subprocess
import sys


def loaded_after(module: str) -> set[str]:
    """The modules that another Python has loaded after it imported this one."""
    code = f"import warnings; warnings.simplefilter('ignore'); import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_command_line_begins_without_the_database() -> None:
    loaded = loaded_after("queue_server.cli")
    assert "queue_server.storage.directory_lock" in loaded
    assert loaded & {"sqlite_utils", "flask", "queue_server.app"} == set()
