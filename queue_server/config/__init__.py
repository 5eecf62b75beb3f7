"""The city profile and the settings of a server, checked whole and frozen at start."""

from queue_server.config.codes import PROBLEM_CODES, Code
from queue_server.config.problems import Problem, ProfileError
from queue_server.config.profile import load_profile, shipped_profiles
from queue_server.settings import DEFAULT_WORKER, Settings, SettingsError, WorkerKind

__all__ = [
    "DEFAULT_WORKER",
    "PROBLEM_CODES",
    "Code",
    "Problem",
    "ProfileError",
    "Settings",
    "SettingsError",
    "WorkerKind",
    "load_profile",
    "shipped_profiles",
]
