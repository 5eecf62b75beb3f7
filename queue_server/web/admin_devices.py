"""Devices: make a token, see when each was last heard of, revoke."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from queue_server import access
from queue_server.access import guarded_actor, requires
from queue_server.accounts import UnknownAccount
from queue_server.context import current_city, current_settings
from queue_server.domain.roles import DEVICE_ROLES, LONGEST_NAME, DeviceRecord, Permission, Role, normal_name
from queue_server.web.account_words import kept_notice, role_word
from queue_server.web.admin_answers import Fields, Problems, admin, done, show
from queue_server.web.admin_text import gettext
from queue_server.web.admin_words import minute_words
from queue_server.web.profile_words import line_problem


@admin.get("/devices")
@requires(Permission.ADMINISTER)
def devices() -> Response:
    """Every device, and the form of a new one."""
    kept = access.kept_form()
    return _page(kept.fields, notice=kept_notice(kept.why))


@admin.post("/devices")
@requires(Permission.ADMINISTER, form="admin.devices")
def add_device() -> ResponseReturnValue:
    """Register a device; its token is on the answer and nowhere else."""
    typed, role = request.form.get("name", ""), _role(request.form)
    problems: Problems = {}
    name = _free_name(typed, problems)
    if role is None:
        problems["role"] = [gettext("どれかを選んでください。")]
    if problems or role is None:
        return _page(request.form, problems, status=422)
    city = current_city()
    token = city.accounts.create_device(name, role, actor=guarded_actor().name)
    base = current_settings().public_url or request.url_root.rstrip("/")
    kiosks = [
        (hall.site.name, base + url_for("kiosk.page", site_id=hall.site.id, _anchor=f"enroll={token}"))
        for hall in city.halls.values()
    ]
    return show("token", name=name, role=role.value, role_name=role_word(role), token=token, kiosks=kiosks)


@admin.get("/devices/<device_id>/revoke")
@requires(Permission.ADMINISTER)
def ask_to_revoke(device_id: str) -> Response:
    """The question before a device is revoked."""
    device = _device(device_id)
    return show("revoke", device=device, role_name=role_word(device.role), seen=_time(device))


@admin.post("/devices/<device_id>/revoke")
@requires(Permission.ADMINISTER, form="admin.ask_to_revoke")
def revoke_device(device_id: str) -> ResponseReturnValue:
    """Let a device's token open nothing any more."""
    device = _device(device_id)
    current_city().accounts.revoke_device(device.id, actor=guarded_actor().name)
    return done(url_for("admin.devices"), gettext("%(name)s を失効させました。", name=device.name))


def _free_name(typed: str, problems: Problems) -> str:
    """The name of a new device in its one form; no two in use have the same, since the journal names them by it."""
    name = normal_name(typed)
    problem = line_problem(name, LONGEST_NAME, gettext("端末の名前を入力してください。"))
    if problem:
        problems["name"] = [problem]
        return ""
    if any(each.name == name and each.revoked_at is None for each in current_city().accounts.list_devices()):
        problems["name"] = [gettext("同じ名前の端末がすでにあります。別の名前にしてください。")]
    return name


def _role(fields: Fields) -> Role | None:
    typed = fields.get("role", "")
    return Role(typed) if typed in DEVICE_ROLES else None


def _device(device_id: str) -> DeviceRecord:
    for device in current_city().accounts.list_devices():
        if device.id == device_id:
            return device
    raise UnknownAccount(device_id)


def _time(device: DeviceRecord) -> str:
    return minute_words(device.last_seen_at) if device.last_seen_at else ""


def _page(fields: Fields, problems: Problems | None = None, *, notice: str = "", status: int = 200) -> Response:
    rows = [
        {
            "id": device.id,
            "name": device.name,
            "role": role_word(device.role),
            "created": minute_words(device.created_at),
            "seen": _time(device),
            "revoked": minute_words(device.revoked_at) if device.revoked_at else "",
        }
        for device in current_city().accounts.list_devices()
    ]
    return show(
        "devices",
        status,
        rows=sorted(rows, key=lambda row: row["revoked"]),
        roles=[(role.value, role_word(role)) for role in DEVICE_ROLES],
        fields=fields,
        problems=problems or {},
        notice=notice,
        longest=LONGEST_NAME,
    )
