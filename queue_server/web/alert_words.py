"""What a mail to supervisors says of the limits that a hall has reached."""

from collections.abc import Sequence

from flask import Flask
from flask_babel import force_locale, gettext

from queue_server.domain.alerts import Alert, AlertKind
from queue_server.domain.site import Site
from queue_server.notify import Message


class AlertWords:
    """Puts alerts into words, in Japanese, the language of the staff."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, site: Site, alerts: Sequence[Alert]) -> Message:
        """One mail about a hall."""
        with self._app.app_context(), force_locale("ja"):
            title = gettext("{site} 窓口の警告").format(site=site.name)
            return Message(title, "\n".join(_line(site, alert) for alert in alerts))


def _line(site: Site, alert: Alert) -> str:
    what = {
        AlertKind.PEOPLE: gettext("待っている人 {value}人"),
        AlertKind.WAIT: gettext("最長の待ち {value}分"),
        AlertKind.WITHOUT_CALL: gettext("呼び出しなし {value}分"),
    }[alert.kind].format(value=alert.value)
    limit = gettext("基準 {limit}人") if alert.kind is AlertKind.PEOPLE else gettext("基準 {limit}分")
    return f"{site.services[alert.service].name}: {what} ({limit.format(limit=alert.limit)})"
