"""How a person will sign in, as the forms ask for it: a password typed twice or generated, or the city's provider."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from queue_server.accounts import SHORTEST_PASSWORD, UnusablePassword, check_new_password
from queue_server.context import current_settings
from queue_server.domain.roles import normal_name
from queue_server.web.admin_answers import Fields, Problems
from queue_server.web.admin_text import gettext

GENERATED_BYTES = 12


class WayIn(StrEnum):
    """The choices of the form."""

    TYPED = "typed"
    GENERATED = "generated"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen; `password` is None for the city's identity provider."""

    way: WayIn
    password: str | None


def ways_in() -> list[WayIn]:
    """The ways there are; the provider's only where one is configured."""
    ways = [WayIn.GENERATED, WayIn.TYPED]
    return [*ways, WayIn.PROVIDER] if current_settings().oidc_issuer else ways


def read_way_in(name: str, fields: Fields, problems: Problems) -> Choice | None:
    """The way that a form chooses for the person of this name; None where something is wrong, which is then told."""
    way = next((way for way in ways_in() if way == fields.get("way")), None)
    match way:
        case WayIn.GENERATED:
            return Choice(way, secrets.token_urlsafe(GENERATED_BYTES))
        case WayIn.PROVIDER:
            return Choice(way, None)
        case WayIn.TYPED:
            return _typed(name, fields, problems)
        case None:
            problems["way"] = [gettext("どれかを選んでください。")]
            return None


def _typed(name: str, fields: Fields, problems: Problems) -> Choice | None:
    password, again = fields.get("password", ""), fields.get("password_again", "")
    try:
        check_new_password(normal_name(name), password)
    except UnusablePassword as refused:
        problems["password"] = [
            {
                "too_short": gettext("%(count)s文字以上にしてください。", count=SHORTEST_PASSWORD),
                "is_name": gettext("名前と同じにはできません。"),
                "not_text": gettext("文字で入力してください。"),
            }[refused.code]
        ]
        return None
    if again != password:
        problems["password_again"] = [gettext("上と同じものを入力してください。")]
        return None
    return Choice(WayIn.TYPED, password)
