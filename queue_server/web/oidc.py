"""Signing in through the city's identity provider: OpenID Connect, authorization code with PKCE.

People are made beforehand, without a password; the claim that the settings name must be their name. Whatever the
provider or the network does wrong leads back to the sign-in page with a sentence, and to a line in the log that
names nobody.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from queue_server import access
from queue_server.access import public
from queue_server.context import current_city, current_settings
from queue_server.settings import Settings
from queue_server.web.account import destination

oidc = Blueprint("oidc", __name__)
log = structlog.get_logger()

EXTENSION = "queue_server.oidc"
CLIENT = "city"
TIMEOUT_SECONDS = 5

T = TypeVar("T")


class ProviderFailed(Exception):  # noqa: N818 - an answer for the person
    """Signing in came to nothing; `code` says which sentence the sign-in page shows."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


def connect(app: Flask, settings: Settings) -> None:
    """Connect the application to the provider that the settings name, if they name one; nothing is fetched yet."""
    if settings.oidc_issuer is None:
        return
    # A server without a provider does not pay for this import at its start.
    from authlib.integrations.flask_client import OAuth

    scope = "openid profile email" if settings.oidc_claim == "email" else "openid profile"
    app.extensions[EXTENSION] = OAuth(app).register(
        CLIENT,
        server_metadata_url=settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        client_kwargs={
            "scope": scope,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
            "token_endpoint_auth_method": "client_secret_basic" if settings.oidc_client_secret else "none",
        },
    )


@oidc.get("/desk/sign-in/provider")
@public
def begin() -> ResponseReturnValue:
    """Send the browser to the provider. State, nonce and verifier wait in its own session."""
    client = _client()
    for key in [key for key in session if key.startswith(f"_state_{CLIENT}_")]:
        # An attempt that was given up; a cookie has no room for many.
        del session[key]
    session["oidc_next"] = destination()
    try:
        _issuer(client)
        away: ResponseReturnValue = _ask(
            client, lambda: client.authorize_redirect(url_for("oidc.callback", _external=True))
        )
    except ProviderFailed as failed:
        return _back(failed)
    return away


@oidc.get("/desk/sign-in/provider/callback")
@public
def callback() -> ResponseReturnValue:
    """What the provider sends the browser back with: sign in the person it vouches for."""
    client = _client()
    try:
        name = _vouched_name(client)
        account = current_city().accounts.staff_of_provider(name)
        if account is None:
            raise ProviderFailed("unknown", "unknown_person")
    except ProviderFailed as failed:
        return _back(failed)
    wanted = session.pop("oidc_next", None)
    access.sign_in_as(account, "provider")
    return redirect(wanted or url_for("desk.choose_site"))


def _client() -> Any:
    client = current_app.extensions.get(EXTENSION)
    if client is None:
        raise NotFound
    return client


def _back(failed: ProviderFailed) -> ResponseReturnValue:
    log.warning("provider_sign_in_failed", code=failed.code, reason=failed.reason)
    return redirect(url_for(access.SIGN_IN, provider=failed.code, next=session.get("oidc_next")), 303)


def _vouched_name(client: Any) -> str:
    """The person's name as the provider has just proved it; raises ProviderFailed."""
    issuer = _issuer(client)
    if request.args.get("iss", issuer) != issuer:
        raise ProviderFailed("failed", "wrong_issuer")
    token = _ask(client, client.authorize_access_token)
    claims = token.get("userinfo")
    if not claims:
        raise ProviderFailed("failed", "no_id_token")
    name = claims.get(current_settings().oidc_claim)
    if name is None:
        more = _ask(client, lambda: client.userinfo(token=token))
        name = more.get(current_settings().oidc_claim) if more.get("sub") == claims["sub"] else None
    # Nobody here has a name that is not printable; one with half a surrogate pair could not even be looked for.
    if not isinstance(name, str) or not name.strip() or not name.strip().isprintable():
        raise ProviderFailed("unknown", "no_claim")
    return name


def _issuer(client: Any) -> str:
    """The provider's own name, from the description that it gives of itself once.

    Raises ProviderFailed when it is not the one that was configured.
    """
    metadata = client.server_metadata
    if "issuer" not in metadata:
        metadata = _ask(client, client.load_server_metadata)
    issuer, wanted = metadata.get("issuer"), current_settings().oidc_issuer
    if not isinstance(issuer, str) or wanted is None or issuer.rstrip("/") != wanted.rstrip("/"):
        client.server_metadata.clear()
        raise ProviderFailed("failed", "wrong_issuer")
    return issuer


def _ask(client: Any, question: Callable[[], T]) -> T:
    """What the provider answers. Whatever goes wrong is ProviderFailed: what comes from outside is never our 500."""
    import requests
    from authlib.integrations.base_client import OAuthError

    try:
        return question()
    except (requests.ConnectionError, requests.Timeout) as error:
        raise ProviderFailed("unreachable", type(error).__name__) from error
    except OAuthError as error:
        code = "denied" if error.error == "access_denied" else "failed"
        raise ProviderFailed(code, type(error).__name__) from error
    except Exception as error:
        # A provider that was set up anew may be described anew.
        client.server_metadata.clear()
        raise ProviderFailed("failed", type(error).__name__) from error
