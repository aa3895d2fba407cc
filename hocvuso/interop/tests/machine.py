"""A program that asks the API, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hocvuso.interop import services
from hocvuso.interop.models import ApiClient
from hocvuso.people.rules import Role

ALL = list(ApiClient.Scope.values)


@dataclass
class Machine:
    """A client with its secret; `get` and `post` answer as the API does."""

    client: ApiClient
    secret: str

    def get(self, path: str, **params: Any) -> Any:
        return Client().get(f"/api/v1/{path}", params, headers=self.headers)

    def post(self, path: str, **body: Any) -> Any:
        return Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=self.headers)

    def rows(self, path: str, **params: Any) -> list[dict[str, Any]]:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def one(self, path: str, **params: Any) -> dict[str, Any]:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def queries(self, path: str, **params: Any) -> int:
        """How many queries a request takes, once the client has asked before."""
        self.get(path, **params)
        with CaptureQueriesContext(connection) as asked:
            assert self.get(path, **params).status_code == 200
        return len(asked)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def machine(unit, role=Role.OFFICER, scopes=ALL) -> Machine:
    """A program of a unit."""
    return Machine(*services.make_client(name=f"Máy {unit.code}", scopes=list(scopes), unit=unit, role=role, by=None))
