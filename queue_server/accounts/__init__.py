"""Devices with their tokens and staff with their passwords: made by an administrator, checked on each request."""

from queue_server.accounts.activity import Activity
from queue_server.accounts.devices import Devices
from queue_server.accounts.kiosk_pins import KioskPins, UnusablePin, may_be_pin
from queue_server.accounts.passwords import SHORTEST_PASSWORD, UnusablePassword, check_new_password
from queue_server.accounts.records import UnknownAccount
from queue_server.accounts.staff import LastAdministrator, Staff
from queue_server.clock import Clock
from queue_server.domain.roles import UnusableName
from queue_server.storage.accounts import NameTaken
from queue_server.storage.database import Store

__all__ = [
    "SHORTEST_PASSWORD",
    "Accounts",
    "Activity",
    "LastAdministrator",
    "NameTaken",
    "UnknownAccount",
    "UnusableName",
    "UnusablePassword",
    "UnusablePin",
    "check_new_password",
    "may_be_pin",
]


class Accounts(Devices, KioskPins, Staff):
    """Who may act. Reads see at once what the command line wrote, also while the server runs.

    Every change writes its journal entry in the same transaction; `actor` is who makes it, as the journal names them.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store, clock)
        self.activity = Activity()
