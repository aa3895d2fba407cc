"""A connection to SQLite whose transactions begin by turns."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from .turns import Turns


@cache
def turns_at(name: str) -> Turns:
    """The turns of this process at a database; one in memory is of this process alone."""
    in_memory = name == ":memory:" or "mode=memory" in name
    return Turns(None if in_memory else Path(f"{name}-turns"))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for who may begin to write."""

    has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        raw: Any = self.connection
        patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        until = time.monotonic() + patience / 1000
        turns = turns_at(str(self.settings_dict["NAME"]))
        self.has_turn = turns.take(until)
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            if not (self.has_turn and turns.ask(self._begun, until)):
                super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise
        finally:
            raw.execute(f"PRAGMA busy_timeout = {patience}")

    def _begun(self) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError as error:
            if "locked" in str(error):
                return False
            raise
        return True

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._give_turn()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _give_turn(self) -> None:
        if self.has_turn:
            self.has_turn = False
            turns_at(str(self.settings_dict["NAME"])).give()
