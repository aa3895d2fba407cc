"""The OpenID Connect provider as a stranger: bounded in time and size, and read with distrust."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.http import HttpRequest, HttpResponse

DEADLINE = 10.0  # seconds for one question to the provider, whatever it hangs in
MOST = 256 * 1024  # bytes of an answer
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SIGNED_BY = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
_STATES = "_state_oidc_"  # how Authlib names in the session what it must know on the way back


class Unusable(Exception):
    """The provider did not answer as OpenID Connect has it."""


class _Bounded(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """A session that waits for no answer longer than `DEADLINE` and reads no more of it than `MOST`."""

    def send(self, request: Any, **options: Any) -> Any:
        """As `requests` has it; in a thread that can be left behind, since an answer may come byte by byte."""
        got: list[Any] = []
        parent: Any = super()

        def ask() -> None:
            try:
                answer = parent.send(request, **{**options, "stream": True, "allow_redirects": False})
                answer._content = answer.raw.read(MOST + 1, decode_content=True)
                answer._content_consumed = True
                answer.close()
                got.append(answer)
            except Exception as fault:  # goes on in the thread that asked
                got.append(fault)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(DEADLINE)
        [answer] = got or [Unusable("no answer in time")]
        if isinstance(answer, Exception):
            raise answer
        if len(answer._content) > MOST:
            raise Unusable("answer too large")
        return answer


class _App(DjangoOAuth2App):  # type: ignore[misc]
    client_cls = _Bounded

    def load_server_metadata(self) -> dict[str, Any]:
        """What the provider says of itself, once it is what we need; nothing unusable is remembered."""
        known = "_loaded_at" in self.server_metadata
        metadata: dict[str, Any] = super().load_server_metadata()
        if not known:
            try:
                _check(metadata)
            except Unusable:
                metadata.clear()
                raise
        return metadata

    def forget_keys(self) -> None:
        """Ask for the provider's keys anew: those at hand may be what was wrong."""
        self.server_metadata.pop("jwks", None)


def _check(metadata: dict[str, Any]) -> None:
    if any(not isinstance(metadata.get(name), str) for name in _NEEDED):
        raise Unusable("incomplete description")
    if str(metadata.get("issuer", "")).rstrip("/") != settings.ENV["HOCVUSO_OIDC_ISSUER"].rstrip("/"):
        raise Unusable("another issuer")
    told = metadata.get("id_token_signing_alg_values_supported")
    # Never `none`, and no secret that both hold: only what the provider's published keys can prove.
    usable = [name for name in told if name in _SIGNED_BY] if isinstance(told, list) else []
    metadata["id_token_signing_alg_values_supported"] = usable or ["RS256"]


@cache
def client() -> Any:
    """The client of the provider that is set, or None."""
    env = settings.ENV
    if not env["HOCVUSO_OIDC_ISSUER"]:
        return None
    return OAuth().register(
        "oidc",
        client_cls=_App,
        client_id=env["HOCVUSO_OIDC_CLIENT_ID"],
        client_secret=env["HOCVUSO_OIDC_CLIENT_SECRET"],
        server_metadata_url=f"{env['HOCVUSO_OIDC_ISSUER']}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": DEADLINE},
    )


def lead_there(request: HttpRequest, back: str) -> HttpResponse:
    """To the provider, which leads to `back`. Raises Unusable when it cannot be asked."""
    for name in [name for name, _state in request.session.items() if name.startswith(_STATES)]:
        del request.session[name]  # of journeys given up: the session is a cookie, which has little room
    try:
        answer: HttpResponse = client().authorize_redirect(request, back)
    except Exception as fault:  # a stranger's answer may break anything that reads it
        raise Unusable(type(fault).__name__) from fault
    return answer


def who_came_back(request: HttpRequest) -> tuple[str, str, str]:
    """(issuer, subject, name) of who comes back from the provider. Raises Unusable for whatever does not hold."""
    try:
        token = client().authorize_access_token(request)
        claims = token["userinfo"]
        issuer, subject, name = claims["iss"], claims["sub"], claims.get("name") or ""
    except Exception as fault:  # a stranger's answer may break anything that reads it
        client().forget_keys()
        raise Unusable(type(fault).__name__) from fault
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise Unusable("no subject")
    return str(issuer), subject, name if isinstance(name, str) else ""
