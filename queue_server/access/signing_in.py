"""Signing in and out, and making a browser a kiosk."""

import structlog
from flask import session

from queue_server.access.addresses import client_address
from queue_server.access.sessions import begin_session
from queue_server.access.throttle import current_throttle
from queue_server.context import current_city
from queue_server.domain.roles import Account, Permission
from queue_server.hall import StorageUnavailable

log = structlog.get_logger()


def sign_in(name: str, password: str) -> bool:
    """Sign a person in to this browser; False for a wrong name or password, raises TooManyAttempts."""
    account = check_password(name, password)
    if account is None:
        return False
    sign_in_as(account, "password")
    return True


def check_password(name: str, password: str) -> Account | None:
    """The person of this name if the password is theirs; a wrong one counts. Raises TooManyAttempts."""
    throttle, address = current_throttle(), client_address()
    throttle.begin(name, address)
    account = current_city().accounts.check_password(name, password)
    if account is None:
        throttle.failed(address)
    else:
        throttle.succeeded(name, address)
    return account


def sign_in_as(account: Account, by: str) -> None:
    """Sign in a person who has proved who they are; `by` is "password" or "provider", for the record."""
    try:
        current_city().accounts.record_sign_in(account, by)
    except StorageUnavailable:
        # Whoever comes to look at a hall whose disk is full must get in; no command of theirs is taken anyway.
        log.warning("sign_in_not_recorded")
    begin_session(account)


def enroll_device(token: str, permission: Permission) -> bool:
    """Make this browser the device that carries the token, if it may do what the page is for."""
    device = current_city().accounts.device_by_token(token.strip())
    if device is None or permission not in device.permissions:
        return False
    session.permanent = True
    session["device_id"] = device.id
    return True
