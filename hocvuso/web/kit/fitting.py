"""Nobody is let in to Django with a master secret that the database was not written with."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.http import HttpResponse

from hocvuso.base import master

log = logging.getLogger(__name__)

LOOKED_EVERY = 5.0  # seconds a process: a secret is changed, and a database restored, also on another machine
SAYS = "Máy chủ chưa sẵn sàng. Hãy thử lại sau ít phút."
_HEADERS = {"Retry-After": "30", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Fitting:
    """WSGI application around Django: until the database has said that the secret fits, and when it says no more that
    it does, everybody is asked to come again. Machines that watch (`always`: addresses) are answered.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], always: Iterable[str]) -> None:
        self._application, self._always = application, frozenset(always)
        self._fits, self._until = False, 0.0
        self._one_at_a_time = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] in self._always or self._may():
            return self._application(environ, start_response)
        answer = HttpResponse(f"{SAYS}\n", status=503, content_type="text/plain; charset=utf-8", headers=_HEADERS)
        start_response(f"503 {answer.reason_phrase}", list(answer.items()))
        return answer

    def _may(self) -> bool:
        """Whether the secret fits, as far as is known. Nobody waits for another's look once it did."""
        if time.monotonic() >= self._until and self._one_at_a_time.acquire(blocking=not self._fits):
            try:
                if time.monotonic() >= self._until:
                    self._look()
            finally:
                self._one_at_a_time.release()
        return self._fits

    def _look(self) -> None:
        close_old_connections()
        try:
            kept = "" if master.broken_off() else master.kept_check()
        except DatabaseError as error:
            # What fitted a moment ago goes on: Django tells whoever comes that the database does not answer.
            log.warning("the database does not say whether the master secret fits", extra={"fault": str(error)})
        else:
            self._fits = bool(kept) and kept == master.check_value()
            if not self._fits:
                log.error("the master secret does not fit the database", extra={"fault": master.fault()})
        self._until = time.monotonic() + (LOOKED_EVERY if self._fits else 1.0)
