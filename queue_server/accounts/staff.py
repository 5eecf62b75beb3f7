"""Staff: people who sign in with a password, or through the city's identity provider."""

from sqlite_utils import Database

from queue_server.accounts.passwords import hash_password, matches
from queue_server.accounts.records import Records, UnknownAccount
from queue_server.domain.entries import Kind
from queue_server.domain.roles import STAFF_ROLES, Account, Role, StaffRecord, checked_name, normal_name
from queue_server.storage import accounts as rows


class LastAdministrator(Exception):  # noqa: N818 - an answer for the administrator
    """The change would leave nobody who may change accounts; it was not made."""


class Staff(Records):
    """The people of one data directory. Whoever changes them is named by `actor`, as the journal names them.

    A change of somebody who is unknown raises UnknownAccount. Disabling a person, a new password and signing out
    everywhere end all sessions of that person at once; another role counts from the next request on.
    """

    def create_staff(self, name: str, role: Role, password: str | None, *, actor: str) -> Account:
        """Register a person; without a password they sign in through the city's identity provider alone.

        Raises UnusableName, NameTaken, UnusablePassword, or ValueError for a role that is no person's.
        """
        _check_role(role)
        name = checked_name(name)
        password_hash = _hash_or_none(name, password)
        with self._store.transaction() as db:
            account = rows.add_staff(db, name, role, password_hash, self._clock.now())
            self._record(db, Kind.ADD_ACCOUNT, actor, id=account.id, name=name, role=role, signs_in=_way_in(password))
        return account

    def list_staff(self) -> list[StaffRecord]:
        """Every person, also the disabled ones, by name."""
        with self._store.looking_up() as db:
            return rows.list_staff(db)

    def staff_by_id(self, staff_id: str) -> Account | None:
        """The person that a browser was signed in as, unless disabled."""
        with self._store.looking_up() as db:
            return rows.staff_by_id(db, staff_id)

    def staff_named(self, name: str) -> StaffRecord:
        """The person of this name, also a disabled one; raises UnknownAccount."""
        wanted = normal_name(name)
        for record in self.list_staff():
            if record.name == wanted:
                return record
        raise UnknownAccount(name)

    def change_role(self, staff_id: str, role: Role, *, actor: str) -> None:
        """Give a person another role; raises LastAdministrator, or ValueError for a role that is no person's."""
        _check_role(role)
        with self._store.transaction() as db:
            person = _known(db, staff_id)
            if person.role is role:
                return
            _keep_an_administrator(db, person)
            rows.set_role(db, staff_id, role)
            self._record(
                db, Kind.CHANGE_ACCOUNT, actor, id=staff_id, name=person.name, role=role, role_before=person.role
            )

    def set_password(self, staff_id: str, password: str | None, *, actor: str) -> None:
        """Give a person a new password, or none: then they sign in through the identity provider alone.

        Raises UnusablePassword.
        """
        with self._store.looking_up() as db:
            name = _known(db, staff_id).name
        password_hash = _hash_or_none(name, password)
        with self._store.transaction() as db:
            person = _known(db, staff_id)
            rows.set_password_hash(db, staff_id, password_hash)
            self._record(db, Kind.CHANGE_PASSWORD, actor, id=staff_id, name=person.name, signs_in=_way_in(password))

    def disable(self, staff_id: str, *, actor: str) -> None:
        """Let a person sign in no more; raises LastAdministrator."""
        with self._store.transaction() as db:
            person = _known(db, staff_id)
            if person.disabled_at is not None:
                return
            _keep_an_administrator(db, person)
            rows.set_disabled(db, staff_id, self._clock.now())
            self._record(db, Kind.DISABLE_ACCOUNT, actor, id=staff_id, name=person.name)

    def enable(self, staff_id: str, *, actor: str) -> None:
        """Let a person who was disabled sign in again, with the password and the role they had."""
        with self._store.transaction() as db:
            person = _known(db, staff_id)
            if person.disabled_at is None:
                return
            rows.set_disabled(db, staff_id, None)
            self._record(db, Kind.ENABLE_ACCOUNT, actor, id=staff_id, name=person.name)

    def sign_out_everywhere(self, staff_id: str, *, actor: str) -> None:
        """End every session of a person."""
        with self._store.transaction() as db:
            person = _known(db, staff_id)
            rows.end_sessions(db, staff_id)
            self._record(db, Kind.SIGN_OUT_EVERYWHERE, actor, id=staff_id, name=person.name)

    def check_password(self, name: str, password: str) -> Account | None:
        """The person of this name if the password is theirs; takes as long when there is no such person."""
        with self._store.looking_up() as db:
            found = rows.staff_by_name(db, normal_name(name))
        account, password_hash = found if found else (None, None)
        return account if matches(password_hash, password) else None

    def staff_of_provider(self, name: str) -> Account | None:
        """The person whom the identity provider calls by this name; never one who has a password."""
        with self._store.looking_up() as db:
            found = rows.staff_by_name(db, normal_name(name))
        return found[0] if found and found[1] == rows.NO_PASSWORD else None

    def record_sign_in(self, account: Account, by: str) -> None:
        """Write down that a person signed in; `by` is "password" or "provider"."""
        with self._store.transaction() as db:
            self._record(db, Kind.SIGN_IN, f"staff:{account.name}", id=account.id, name=account.name, signs_in=by)


def _check_role(role: Role) -> None:
    if role not in STAFF_ROLES:
        raise ValueError(f"{role} is no role of a person")


def _hash_or_none(name: str, password: str | None) -> str:
    return rows.NO_PASSWORD if password is None else hash_password(name, password)


def _way_in(password: str | None) -> str:
    return "provider" if password is None else "password"


def _known(db: Database, staff_id: str) -> StaffRecord:
    person = rows.staff_record(db, staff_id)
    if person is None:
        raise UnknownAccount(staff_id)
    return person


def _keep_an_administrator(db: Database, person: StaffRecord) -> None:
    """Refuse to take the last one who may sign in and change accounts."""
    counts = person.role is Role.ADMINISTRATOR and person.disabled_at is None
    if counts and rows.count_enabled(db, Role.ADMINISTRATOR) == 1:
        raise LastAdministrator(person.name)
