"""The PIN that opens the staff mode of a site's kiosks."""

from queue_server.accounts.passwords import hash_secret, matches
from queue_server.accounts.records import Records
from queue_server.domain.entries import Kind
from queue_server.storage import accounts as rows

SHORTEST_PIN, LONGEST_PIN = 4, 12
"""Digits; a kiosk slows guessing, and its staff mode does little that a clerk may not."""


class UnusablePin(ValueError):  # noqa: N818 - an answer for whoever chose it
    """A PIN that is not SHORTEST_PIN to LONGEST_PIN digits, or is one digit over and over."""


def may_be_pin(typed: str) -> bool:
    """Whether a text has the form of a PIN: SHORTEST_PIN to LONGEST_PIN digits of ASCII."""
    return SHORTEST_PIN <= len(typed) <= LONGEST_PIN and typed.isascii() and typed.isdecimal()


class KioskPins(Records):
    """One PIN a site; what is stored is its hash, which a kiosk that runs alone holds too."""

    def set_kiosk_pin(self, site_id: str, pin: str, *, actor: str) -> None:
        """Give the kiosks of a site a PIN; raises UnusablePin."""
        if not may_be_pin(pin) or len(set(pin)) == 1:
            raise UnusablePin(f"a PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits that are not all the same")
        pin_hash = hash_secret(pin)
        with self._store.transaction() as db:
            rows.set_kiosk_pin_hash(db, site_id, pin_hash)
            self._record(db, Kind.CHANGE_KIOSK_PIN, actor, site=site_id)

    def kiosk_pin_hash(self, site_id: str) -> str | None:
        """The hash of a site's PIN; None where no PIN was set, and no staff mode opens."""
        with self._store.looking_up() as db:
            return rows.kiosk_pin_hash(db, site_id)

    def check_kiosk_pin(self, site_id: str, pin: str) -> bool | None:
        """Whether this is the PIN of a site's kiosks; None where none was set."""
        pin_hash = self.kiosk_pin_hash(site_id)
        return None if pin_hash is None else matches(pin_hash, pin)
