"""What the hall's screen says aloud: its settings for the page, and the files of its voice."""

import json
from typing import Any

from flask import Blueprint, Response, request, send_file
from flask_babel import force_locale, gettext
from werkzeug.exceptions import NotFound

from queue_server.access import public
from queue_server.context import Unknown, current_announcer, hall_or_404
from queue_server.domain.site import Site
from queue_server.domain.voice import VoiceLanguage
from queue_server.hall import Hall
from queue_server.languages import lang_of, locale_of

voice = Blueprint("voice", __name__)

View = dict[str, Any]

FOR_EVER_SECONDS = 31_536_000
"""A clip's name is a hash of what makes its sound: another sound has another name."""


def voice_view(hall: Hall, *, speaks: bool = True) -> View:
    """What a screen of a hall needs to speak; `speaks` is False for a screen that stays silent beside others."""
    settings, site = hall.site.voice, hall.site
    if settings is None or not speaks:
        return {"speaks": False}
    return {
        "speaks": bool(settings.languages) or settings.chime,
        "site": site.id,
        "languages": [_language(site, language) for language in settings.languages],
        "volume": settings.volume,
        "quiet": [[f"{each.begins:%H:%M}", f"{each.ends:%H:%M}"] for each in settings.quiet],
        "oldest": settings.oldest,
        "chime": settings.chime,
        "repeat": settings.repeat,
        "stages": settings.stages,
    }


@voice.get("/board/<site_id>/voice")
@public
def index(site_id: str) -> Response:
    """Which file says what: by language the numbers and the counters, and the stages."""
    announcer = current_announcer()
    answer = Response(
        json.dumps(announcer.index(_speaking(site_id)), ensure_ascii=False), mimetype="application/json"
    )
    answer.set_etag(announcer.cache.stamp)
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


@voice.get("/board/<site_id>/voice/<name>.opus")
@public
def clip(site_id: str, name: str) -> Response:
    """One piece of speech; a name that is none of a clip's is no page."""
    _speaking(site_id)
    path = current_announcer().cache.file_of(name)
    if path is None:
        raise NotFound
    answer = send_file(path, mimetype="audio/ogg", max_age=FOR_EVER_SECONDS, etag=name, last_modified=None)
    answer.headers["Cache-Control"] = f"public, max-age={FOR_EVER_SECONDS}, immutable"
    return answer


def _speaking(site_id: str) -> Hall:
    """A hall that speaks; raises Unknown("site") for every other one."""
    hall = hall_or_404(site_id)
    if hall.site.voice is None:
        raise Unknown("site")
    return hall


def _language(site: Site, language: VoiceLanguage) -> View:
    """A language as its caption needs it: the sentence, and what the counters are called in it."""
    with force_locale(locale_of(language.value)):
        sentence = gettext("{label}番のかた、{counter}へお越しください。")
    return {
        "tag": language.value,
        "lang": lang_of(language.value),
        "sentence": sentence,
        "counters": {each.id: each.names.get(language.value, each.name) for each in site.counters.values()},
    }
