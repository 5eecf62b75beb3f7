"""People: who may sign in, as what, and what is done when somebody comes, goes, or forgets a password."""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from queue_server import access
from queue_server.access import guarded_actor, requires
from queue_server.accounts import SHORTEST_PASSWORD, LastAdministrator, NameTaken, UnknownAccount
from queue_server.audit import Question
from queue_server.context import current_city
from queue_server.domain.entries import Kind
from queue_server.domain.roles import LONGEST_NAME, STAFF_ROLES, Permission, Role, StaffRecord, normal_name
from queue_server.web.account_words import kept_notice, role_word
from queue_server.web.admin_answers import Fields, Problems, admin, done, show
from queue_server.web.admin_passwords import Choice, WayIn, read_way_in, ways_in
from queue_server.web.admin_text import gettext
from queue_server.web.admin_words import minute_words
from queue_server.web.profile_words import line_problem

SIGN_INS_READ = 5_000
"""How many sign-ins are looked through for the last one of each person."""


@admin.get("/people")
@requires(Permission.ADMINISTER)
def people() -> Response:
    """Everybody who may sign in, or might once."""
    last = _last_sign_ins()
    rows = [
        {**_person_view(record), "seen": last.get(record.id, "")} for record in current_city().accounts.list_staff()
    ]
    return show("people", rows=sorted(rows, key=lambda row: bool(row["disabled"])))


@admin.get("/people/new")
@requires(Permission.ADMINISTER)
def new_person() -> Response:
    """The form of a new person."""
    kept = access.kept_form()
    return _new_form(kept.fields or Fields({"way": WayIn.GENERATED}), notice=kept_notice(kept.why))


@admin.post("/people/new")
@requires(Permission.ADMINISTER, form="admin.new_person")
def add_person() -> ResponseReturnValue:
    """Register a person; a password that was generated is on the answer and nowhere else."""
    problems: Problems = {}
    name, role = request.form.get("name", ""), _role(request.form, problems)
    choice = read_way_in(name, request.form, problems)
    named = _name_problem(name)
    if named or role is None or choice is None:
        return _new_form(request.form, {**({"name": [named]} if named else {}), **problems}, 422)
    try:
        account = current_city().accounts.create_staff(name, role, choice.password, actor=guarded_actor().name)
    except NameTaken:
        return _new_form(request.form, {"name": [_taken_name()]}, 422)
    if choice.way is WayIn.GENERATED:
        return _password_page(account.id, account.name, choice)
    return done(url_for("admin.people"), gettext("%(name)sさんを加えました。", name=account.name))


@admin.get("/people/<staff_id>")
@requires(Permission.ADMINISTER)
def person(staff_id: str) -> Response:
    """One person, and what can be changed."""
    return _person_page(_person(staff_id), notice=kept_notice(access.kept_form().why))


@admin.post("/people/<staff_id>/role")
@requires(Permission.ADMINISTER, form="admin.person")
def change_role(staff_id: str) -> ResponseReturnValue:
    """Give a person another role."""
    record, problems = _person(staff_id), Problems()
    role = _role(request.form, problems)
    if role is None:
        return _person_page(record, problems, 422)
    if request.form.get("seen") != record.role.value:
        now = role_word(record.role)
        return _person_page(record, {"role": [gettext("ほかの管理者が、先に%(role)sに変えました。", role=now)]}, 409)
    try:
        current_city().accounts.change_role(record.id, role, actor=guarded_actor().name)
    except LastAdministrator:
        return _person_page(record, {"role": [_last_administrator()]}, 409)
    way_on = "desk.choose_site" if _is_self(record) else "admin.people"
    sentence = gettext("%(name)sさんを%(role)sにしました。", name=record.name, role=role_word(role))
    return done(url_for(way_on), sentence)


@admin.post("/people/<staff_id>/password")
@requires(Permission.ADMINISTER, form="admin.person")
def set_password(staff_id: str) -> ResponseReturnValue:
    """Give a person another password, or none: then they sign in through the provider alone."""
    record, problems = _person(staff_id), Problems()
    choice = read_way_in(record.name, request.form, problems)
    if choice is None:
        return _person_page(record, problems, 422)
    current_city().accounts.set_password(record.id, choice.password, actor=guarded_actor().name)
    if choice.way is WayIn.GENERATED:
        return _password_page(record.id, record.name, choice)
    sentence = gettext("%(name)sさんのサインインのしかたを変えました。", name=record.name)
    return done(url_for("admin.people"), sentence)


@admin.post("/people/<staff_id>/disable")
@requires(Permission.ADMINISTER, form="admin.person")
def disable_person(staff_id: str) -> ResponseReturnValue:
    """Let a person sign in no more."""
    record = _person(staff_id)
    try:
        current_city().accounts.disable(record.id, actor=guarded_actor().name)
    except LastAdministrator:
        return _person_page(record, {"disable": [_last_administrator()]}, 409)
    return done(url_for("admin.people"), gettext("%(name)sさんを利用停止にしました。", name=record.name))


@admin.post("/people/<staff_id>/enable")
@requires(Permission.ADMINISTER, form="admin.person")
def enable_person(staff_id: str) -> ResponseReturnValue:
    """Let a person sign in again."""
    record = _person(staff_id)
    current_city().accounts.enable(record.id, actor=guarded_actor().name)
    return done(url_for("admin.people"), gettext("%(name)sさんの利用を再開しました。", name=record.name))


@admin.post("/people/<staff_id>/sign-out")
@requires(Permission.ADMINISTER, form="admin.person")
def sign_out_person(staff_id: str) -> ResponseReturnValue:
    """End every session of a person."""
    record = _person(staff_id)
    current_city().accounts.sign_out_everywhere(record.id, actor=guarded_actor().name)
    sentence = gettext("%(name)sさんを、すべての端末でサインアウトさせました。", name=record.name)
    return done(url_for("admin.people"), sentence)


def _person(staff_id: str) -> StaffRecord:
    for record in current_city().accounts.list_staff():
        if record.id == staff_id:
            return record
    raise UnknownAccount(staff_id)


def _is_self(record: StaffRecord) -> bool:
    return guarded_actor().account_id == record.id


def _role(fields: Fields, problems: Problems) -> Role | None:
    typed = fields.get("role", "")
    if typed in STAFF_ROLES:
        return Role(typed)
    problems["role"] = [gettext("どれかを選んでください。")]
    return None


def _name_problem(typed: str) -> str:
    """What is wrong with the name of a new person; empty where nothing is."""
    name = normal_name(typed)
    problem = line_problem(name, LONGEST_NAME, gettext("名前を入力してください。"))
    taken = any(each.name == name for each in current_city().accounts.list_staff())
    return problem or (_taken_name() if taken else "")


def _taken_name() -> str:
    return gettext("同じ名前の利用者がすでにいます。別の名前にしてください。")


def _last_administrator() -> str:
    return gettext("管理者がひとりもいなくなるため、できません。先に、ほかのかたを管理者にしてください。")


def _last_sign_ins() -> dict[str, str]:
    """The last sign-in of each person, by id, as far as the journal was looked through."""
    page = current_city().audit.page(Question(site="", kinds=(Kind.SIGN_IN,)), SIGN_INS_READ)
    return {str(line.body["id"]): minute_words(line.at) for line in reversed(page.lines) if "id" in line.body}


def _person_view(record: StaffRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "role": record.role.value,
        "role_name": role_word(record.role),
        "way": gettext("パスワード") if record.by_password else gettext("市の認証"),
        "created": minute_words(record.created_at),
        "disabled": minute_words(record.disabled_at) if record.disabled_at else "",
        "self": _is_self(record),
    }


def _person_page(
    record: StaffRecord, problems: Problems | None = None, status: int = 200, *, notice: str = ""
) -> Response:
    fields = Fields({"role": record.role.value, "way": WayIn.GENERATED, **request.form.to_dict()})
    return show(
        "person",
        status,
        person={**_person_view(record), "seen": _last_sign_ins().get(record.id, "")},
        fields=fields,
        problems=problems or {},
        notice=notice,
        **_choices(),
    )


def _new_form(fields: Fields, problems: Problems | None = None, status: int = 200, *, notice: str = "") -> Response:
    return show("new_person", status, fields=fields, problems=problems or {}, notice=notice, **_choices())


def _choices() -> dict[str, Any]:
    """What the forms of people offer."""
    return {
        "roles": [(role.value, role_word(role)) for role in STAFF_ROLES],
        "ways": [way.value for way in ways_in()],
        "shortest": SHORTEST_PASSWORD,
        "longest": LONGEST_NAME,
    }


def _password_page(staff_id: str, name: str, choice: Choice) -> Response:
    """The only page that shows a password that was generated."""
    return show("password", staff_id=staff_id, name=name, password=choice.password)
