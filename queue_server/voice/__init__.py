"""The sound of announcements: made ahead of time by programs of the operating system, kept as small files."""

from queue_server.voice.cache import ClipCache, KeptClip
from queue_server.voice.engines import Engines, installed_engines, missing_programs
from queue_server.voice.making import Outcome, make_clips

__all__ = ["ClipCache", "Engines", "KeptClip", "Outcome", "installed_engines", "make_clips", "missing_programs"]
