"""create_app(): the only place where everything meets."""

import atexit
import gc
import os
import secrets
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, request
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_babel import Babel
from flask_socketio import SocketIO
from flask_wtf.csrf import generate_csrf
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

import display.announcements
import display.board_pages
import display.calendar_pages
import display.city_pages
import display.embed_pages
import display.holder_pages
import display.language_pages
import display.pages
import display.prepared
import display.worker_pages
import kiosk.hall_source
import kiosk.pages
import kiosk.paper
import kiosk.preview
import kiosk.staff_pages
from queue_server import access, compression, context, page_headers, reading_ahead, realtime, static_files, worker
from queue_server.city import City, StartRefused, open_city
from queue_server.clock import Clock, clock_from
from queue_server.config import ProfileError, Settings, SettingsError, load_profile
from queue_server.health import HallMetrics, Metrics, Pulse, Readiness
from queue_server.logs import configure_logging
from queue_server.notify import WORKERS, Channel, Notifier, Offer, PushServices, Sender
from queue_server.notify.alert_watch import AlertWatch, Mailer
from queue_server.notify_words import LineWords, NoticeWords
from queue_server.web import api_line, oidc, request_log
from queue_server.web.alert_words import AlertWords
from queue_server.web.blueprints import BLUEPRINTS
from queue_server.web.errors import register_errors, unreadable
from queue_server.web.languages import html_lang, select_locale
from queue_server.web.messages import SENTENCES

if TYPE_CHECKING:
    from queue_server.notify.line_account import LineAccount

LONGEST_BODY_BYTES = 16 * 1024
LONGER_BODIES = {api_line.WEBHOOK: api_line.LONGEST_WEBHOOK_BYTES}
SESSION_DAYS = 400
"""A kiosk stays enrolled this long; how long a person stays signed in, `session_hours` says."""
BOOT_REFUSED = 3
"""gunicorn's own exit code for a worker that cannot boot: the server stops instead of trying for ever."""


class PatientSigner(TimestampSigner):
    """Takes a cookie that was signed later than now: since then, somebody set the machine's clock back.

    Without it a step of the clock would sign out everybody whose cookie was renewed since, which is each minute.
    """

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """What was signed; raises BadSignature, or SignatureExpired for one that is too old."""
        of_library: Any = super().unsign
        try:
            return of_library(signed_value, max_age, return_timestamp)
        except SignatureExpired as error:
            if error.date_signed is None or error.date_signed.timestamp() <= self.get_timestamp():
                raise
            return of_library(signed_value, None, return_timestamp)


class JSONProvider(DefaultJSONProvider):
    """Flask's own, for which JSON that is nested too deep to be read is no JSON either, nor is text with half a
    surrogate pair, which is no Unicode (RFC 7493, 2.1); and a sentence for a clerk is readable in a terminal too.
    """

    ensure_ascii = False

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """What the text says; raises ValueError."""
        try:
            value = super().loads(s, **options)
            # Nothing but its escape lets such a half in. A UnicodeEncodeError is a ValueError.
            if b"\\ud" in (s.encode(errors="replace") if isinstance(s, str) else s).lower():
                self.dumps(value).encode()
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        return value


class SessionInterface(SecureCookieSessionInterface):
    """Flask's signed session cookie, Secure wherever the page came over https."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; without a cookie an empty one, for which no key has to be derived."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's own, with a signer that a clock set back does not mislead."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer

    def get_cookie_secure(self, app: Flask) -> bool:
        """True for an https request, and always where the settings say so."""
        return super().get_cookie_secure(app) or request.is_secure


def create_app(settings: Settings, *, clock: Clock | None = None, background: bool = True) -> Flask:
    """The application on its data directory; `background` starts broadcasting and the clock's work.

    Raises ProfileError, or StartRefused when the data directory is in use, damaged or not writable.
    """
    configure_logging(settings.log_level)
    profile = load_profile(settings.profile)
    city = open_city(profile, settings.data_dir, clock or clock_from(settings.clock))
    app = _new_app()
    app.config.update(
        SECRET_KEY=_secret_key(settings.data_dir),
        MAX_CONTENT_LENGTH=LONGEST_BODY_BYTES,
        SESSION_COOKIE_NAME="queue_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=SESSION_DAYS * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.session_interface = SessionInterface()
    app.json = JSONProvider(app)
    context.install(app, city, settings)
    pulse = _install_health(app, city, settings)
    _install_languages(app)
    register_errors(app)
    request_log.install(app)
    _register_pages(app)
    display.prepared.install(app)
    kiosk.hall_source.install(app, city, watch=background)
    oidc.connect(app, settings)
    access.install(app)
    page_headers.install(app)
    compression.install(app)
    static_files.install(app)
    socketio = _install_realtime(app, city, pulse, background=background)
    if background and settings.make_voice:
        socketio.start_background_task(app.extensions[context.ANNOUNCER].run, socketio.sleep)
    _install_notices(app, city, settings, socketio, background=background)
    _count_from_zero(app)
    return app


def static_folders() -> static_files.Folders:
    """The folders of all style sheets, scripts and pictures, by the path below which they are served."""
    app = _new_app()
    _register_pages(app)
    return static_files.folders_of(app)


def serve_app() -> Flask:
    """The application as gunicorn runs it, from the environment; ends the start with words if it must not run."""
    try:
        app = create_app(Settings.from_environment(os.environ))
        atexit.register(app.extensions[context.CITY].close)
        atexit.register(app.extensions[context.ANNOUNCER].stop)
        keep_for_ever()
        return app
    except (SettingsError, ProfileError, StartRefused) as error:
        sys.stderr.write(f"queue-server does not start:\n{error}\n")
        sys.stderr.flush()
        sys.exit(BOOT_REFUSED)


def keep_for_ever() -> None:
    """Have garbage collected from now on, but never again among what was made until now.

    The hundred thousand objects of a server that has just started stay; looking through them would stop it for tens
    of milliseconds every so often, in the middle of somebody's command.
    """
    gc.freeze()
    gc.enable()


def socketio_of(app: Flask) -> SocketIO:
    """The application's Socket.IO server."""
    socketio: SocketIO = app.extensions["socketio"]
    return socketio


def _new_app() -> Flask:
    return Flask(__name__, template_folder="web/templates", static_folder="web/static")


def _register_pages(app: Flask) -> None:
    for blueprint in (*BLUEPRINTS, display.pages.display, display.announcements.voice, kiosk.pages.kiosk):
        app.register_blueprint(blueprint)


def _install_health(app: Flask, city: City, settings: Settings) -> Pulse:
    """Begin to count, and to answer whether this server can do its work."""
    pulse = Pulse()
    metrics, readiness = Metrics(settings.worker.value), Readiness(city, pulse)
    app.extensions[context.METRICS], app.extensions[context.READINESS] = metrics, readiness
    for hall in city.halls.values():
        hall.time_commands(metrics.note_command)
    return pulse


def _count_from_zero(app: Flask) -> None:
    """Have everything that may go wrong counted from 0, when all views are there."""
    metrics: Metrics = app.extensions[context.METRICS]
    rules = app.url_map.iter_rules()
    views = {(rule.endpoint, method) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    metrics.begin_at_zero(sorted(views), SENTENCES)


def _install_realtime(app: Flask, city: City, pulse: Pulse, *, background: bool) -> SocketIO:
    desks = realtime.DeskSockets()
    socketio = realtime.make_socketio(worker.async_mode(), desks)
    pages = app.wsgi_app
    socketio.init_app(app)
    metrics: Metrics = app.extensions[context.METRICS]
    readiness: Readiness = app.extensions[context.READINESS]
    count = partial(realtime.count_sockets, socketio, desks)
    metrics.add(HallMetrics(city, app.extensions[context.SETTINGS].data_dir, readiness, count))
    broadcaster = realtime.Broadcaster(socketio, city, desks, metrics.note_cut)
    gate = realtime.Gate(socketio, metrics.note_cut, desks.forget)
    served = gate.before(app, pages, realtime.quiet_websockets(app.wsgi_app))
    reading = reading_ahead.install(served, unreadable(app), LONGEST_BODY_BYTES, LONGER_BODIES)
    app.wsgi_app = reading  # type: ignore[assignment, method-assign]
    if background:
        socketio.start_background_task(broadcaster.run)
        socketio.start_background_task(realtime.tick_forever, socketio, city, desks, pulse, metrics)
        socketio.start_background_task(realtime.checkpoint_forever, socketio, city)
    return socketio


def _install_notices(app: Flask, city: City, settings: Settings, socketio: SocketIO, *, background: bool) -> None:
    """Open the ways out of the page that the settings name, and have what is due sent."""
    senders: dict[Channel, Sender] = {}
    words, services, push_key = NoticeWords(app), PushServices(), None
    if settings.push_contact is not None:
        from queue_server.notify.push import PushSender
        from queue_server.notify.vapid import BadKey, VapidKeys

        try:
            keys = VapidKeys(settings.data_dir)
        except BadKey as error:
            city.close()
            raise StartRefused(str(error)) from error
        services, push_key = PushServices(settings.push_services.split(",")), keys.public_key
        senders[Channel.PUSH] = PushSender(keys, settings.push_contact, services, words)
    if settings.smtp_host is not None:
        from queue_server.notify.mail import Mail, MailSender

        mail = Mail(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security.value,
            settings.mail_from or "",
            settings.smtp_user,
            settings.smtp_password,
        )
        senders[Channel.MAIL] = sender = MailSender(mail, city.clock, words)
        if settings.alert_mail is not None:
            _watch_alerts(app, city, socketio, sender, settings.alert_mail.split(","), background=background)
    if settings.line_channel_secret is not None:
        from queue_server.notify.line_account import LineAccount
        from queue_server.notify.line_sender import LineSender

        token, base = settings.line_channel_access_token or "", settings.line_api_base
        account = LineAccount(settings.line_basic_id or "", settings.line_channel_secret, token, base)
        senders[Channel.LINE] = LineSender(account, words)
    eio = socketio.server.eio
    notifier = Notifier(
        city.halls, city.wishes, senders, eio.create_event(), eio.create_queue(), partial(socketio.sleep, 0)
    )
    app.extensions[context.NOTIFIER] = notifier
    app.extensions[context.OFFER] = Offer(push_key, services, Channel.MAIL in senders, settings.line_basic_id)
    if settings.line_channel_secret is not None:
        _install_line(app, city, account, notifier, socketio, background=background)
    if background:
        socketio.start_background_task(notifier.pick_forever)
        for _ in range(WORKERS):
            socketio.start_background_task(notifier.deliver_forever)


def _install_line(
    app: Flask, city: City, account: "LineAccount", notifier: Notifier, socketio: SocketIO, *, background: bool
) -> None:
    from queue_server.notify.line_talk import LineTalk

    queue = socketio.server.eio.create_queue()
    talk = LineTalk(account, city.linking, city.wishes, notifier, LineWords(app), access.CodeAttempts(), queue)
    app.extensions[context.LINE] = talk
    if background:
        socketio.start_background_task(talk.answer_forever)


def _watch_alerts(
    app: Flask, city: City, socketio: SocketIO, mailer: Mailer, recipients: list[str], *, background: bool
) -> None:
    wake = socketio.server.eio.create_event()
    watch = AlertWatch(city.halls, city.clock, mailer, recipients, AlertWords(app), city.mailed_alerts, wake)
    app.extensions[context.ALERT_WATCH] = watch
    if background:
        socketio.start_background_task(watch.look_forever)


def _install_languages(app: Flask) -> None:
    Babel(app, locale_selector=select_locale)
    app.context_processor(lambda: {"html_lang": html_lang()})
    app.jinja_env.globals["csrf_token"] = generate_csrf


def _secret_key(directory: Path) -> bytes:
    """The key that signs sessions; made once, readable by the server's own user alone."""
    path = directory / "secret.key"
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    key = path.read_bytes()
    if len(key) != 32:
        raise StartRefused(f"{path} is not a key of 32 bytes. Delete it: everybody then signs in anew.")
    return key
