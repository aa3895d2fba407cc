"""How a program asks: its secret, scopes, pages, common filters; and how it is refused."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from functools import partial, wraps
from hashlib import sha256
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer
from pydantic import BeforeValidator, WithJsonSchema

from hocvuso import __version__
from hocvuso.base import days, once, periods, throttle
from hocvuso.base.errors import NotAllowed, Refusal, TooMany
from hocvuso.base.models import Attachment
from hocvuso.base.text import clean
from hocvuso.base.words import name_of
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.services.declaring import NotAPeriod
from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from .. import services
from ..models import ApiClient

PAGE = 200
Scope = ApiClient.Scope


class Client(HttpBearer):
    """Bearer secret of a machine client."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        """The client, or None: 401. Its requests are counted: raises TooMany. Asked twice of a request, it is looked up
        and counted once.
        """
        if not hasattr(request, "asked_by"):
            client = services.client_of(token)
            if client:
                throttle.count("api", str(client.pk), limit=600, minutes=1)
            request.asked_by = client  # type: ignore[attr-defined]
        return request.asked_by  # type: ignore[attr-defined]


# Text that people wrote, as it is kept: see `base.text.clean`.
Text = Annotated[str, BeforeValidator(lambda text: clean(text, lines=True) if isinstance(text, str) else text)]


def _day(said: Any) -> Any:
    try:
        return days.read(said) if isinstance(said, str) else said
    except days.NotADay as refusal:
        raise ValueError(str(refusal)) from None


# A day as `base.days` reads it: no count of seconds, no moment, none outside 1900 to 2200.
_DAYS = "^(19[0-9]{2}|2[01][0-9]{2}|2200)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": _DAYS})]


class Fault(Schema):
    field: str
    reason: str


class NoSuchUnit(Refusal):
    """The code names no unit in reach."""

    code = "no-such-unit"
    says = _t("Không có đơn vị mang mã này trong phạm vi của bạn.")


class MissingScope(NotAllowed):
    """The client may not ask for this, whatever its account may see."""

    code = "missing-scope"
    says = _t("Chương trình này không có phạm vi %(scope)s.")


class NoSuchIndicator(Refusal):
    """The key names no indicator."""

    code = "no-such-indicator"
    says = _t("Không có chỉ số nào mang mã “%(key)s”.")


class Utf8Renderer(JSONRenderer):
    """Vietnamese as it is written, not escaped."""

    json_dumps_params = {"ensure_ascii": False}


class JsonOnly(Parser):
    """Bodies are JSON and say so."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says. Raises HttpError 415 for a body of another kind."""
        if request.content_type and not re.fullmatch(r"application/(?:[\w.-]+\+)?json", request.content_type):
            raise HttpError(415, request.content_type)
        return super().parse_body(request)


class Problem(Schema):
    """A refusal (RFC 9457): what was wrong with which field."""

    type: str
    title: str
    status: int
    field: str = ""
    errors: list[Fault] = []


class Api(NinjaAPI):
    """The API, described for generators of clients: plain names of operations, and how each of them refuses."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function: generated clients call it so."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with a problem document as any other answer of every operation."""
        made = super().get_openapi_schema(**options)
        made["info"]["version"] = __version__
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        made["components"]["schemas"] |= shape.pop("$defs") | {"Problem": shape}
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for methods in made["paths"].values():
            methods.pop("head", None)  # as HTTP has it for every GET
        for operation in (one for methods in made["paths"].values() for one in methods.values()):
            operation.setdefault("security", [])
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {"application/problem+json": answer["content"]["application/json"]}
            operation["responses"]["default"] = {"description": "A problem document", "content": content}
        return made


api = Api(
    title="Học vụ số",
    version="1",
    description="Steering data for programs. Errors are problem documents (RFC 9457). Lists have pages of 200 rows.",
    auth=Client(),
    renderer=Utf8Renderer(),
    parser=JsonOnly(),
    urls_namespace="machine-api",
    openapi_url=None,
    docs_url=None,
)


def problem(status: int, code: str, title: str, field: str = "", errors: Sequence[Fault] = ()) -> HttpResponse:
    """A problem document."""
    kind = f"urn:hocvuso:problem:{code}"
    return problem_of(Problem(type=kind, title=title, status=status, field=field, errors=list(errors)))


def problem_of(told: Any) -> HttpResponse:
    """A problem document, with members of its own kind besides."""
    body = {name: value for name, value in told.model_dump().items() if name != "errors" or value}
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")  # half characters of who asked stay there
    return HttpResponse(text, status=told.status, content_type="application/problem+json")


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    status = 403 if isinstance(error, NotAllowed) else 429 if isinstance(error, TooMany) else 409
    return problem(status, error.code, str(error), error.field)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """As the body's reader found it: Ninja tells each of its faults as 400."""
    if isinstance(error.__cause__, HttpError):
        return problem(415, "not-json", _("Hãy gửi JSON: Content-Type: application/json."))
    return problem(error.status_code, "unreadable", _("Yêu cầu không đọc được."))


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "too-large", _("Yêu cầu quá lớn."))


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not-found", _("Không có gì như vậy trong phạm vi của chương trình này."))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [Fault(field=".".join(map(str, e["loc"])), reason=str(e["msg"])) for e in error.errors]
    return problem(400, "invalid", _("Yêu cầu không đúng với bản mô tả."), errors=faults)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "no-client", _("Hãy gửi mã bí mật còn hiệu lực: Authorization: Bearer …"))


class _NotMade(Exception):
    """An operation that was refused: nothing of it stays, its key included."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


def _once(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) in operations that make something.

    The first answer is kept for a day and given again for the same request of the same client, while it may do the
    same as then; what was refused may be asked again. Who asks, and how often, is looked at before the key.
    """

    @wraps(run)
    def kept(request: HttpRequest, **path: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST":
            return run(request, **path)
        if not re.fullmatch(r"[!-~]{8,255}", key):
            return problem(400, "bad-key", _("Idempotency-Key gồm 8 đến 255 ký tự ASCII, không có khoảng trắng."))
        try:
            client = Client()(request)
            if client is None:
                return run(request, **path)  # which says 401
            owner = f"{client.pk}:{sorted(client.scopes)}"
            return _done(f"api:{owner}:{key}", _content(request), partial(run, request, **path))
        except TooMany as error:
            return _refused(request, error)
        except RequestDataTooBig as error:
            return _too_big(request, error)

    return kept


def _done(key: str, content: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    """What `run` answers, or answered to the same before."""

    def act() -> list[Any]:
        answer = run()
        if answer.status_code >= 400:
            raise _NotMade(answer)
        return [answer.status_code, answer.headers["Content-Type"], answer.content.decode()]

    try:
        status, kind, text = once.do(key, content, act)
    except _NotMade as refused:
        return refused.answer
    except once.OtherContent as error:
        return problem(422, error.code, str(error), "Idempotency-Key")
    return HttpResponse(text, status=status, content_type=kind)


def _content(request: HttpRequest) -> str:
    """All that was asked: method, address with its parameters, body or fields and files."""
    digest = sha256(f"{request.method} {request.get_full_path()}\n{request.content_type}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    sent: list[tuple[str, Any]] = [*request.POST.lists(), *request.FILES.lists()]
    for name, values in sent:
        for value in values:
            digest.update(repr((name, str(value))).encode())
            for part in value.chunks() if isinstance(value, UploadedFile) else ():
                digest.update(part)
            if isinstance(value, UploadedFile):
                value.seek(0)
    return digest.hexdigest()


api.add_decorator(_once, mode="view")


class Page[Row](Schema):
    """One page of a list: of `count` rows on `pages` pages, those of page `page`."""

    count: int
    page: int
    pages: int
    items: list[Row]


class Within(Schema):
    """What every list can be asked for: a page, and a unit with all beneath."""

    page: int = Field(1, description="Which page of 200 rows.")
    unit: str = Field("", description="Code of a unit: rows of it and of all units beneath.")

    def of_unit[T: QuerySet](self, found: T, path: str = "unit") -> T:
        """Of rows that belong to a unit at `path`, those of the unit asked for and beneath."""
        if not self.unit:
            return found
        top = Unit.objects.filter(code=self.unit).first()
        return found.filter(**{f"{path}__path__startswith": top.path}) if top else found.none()


class Listing(Within):
    """Also since when."""

    since: Day | None = Field(None, description="Only rows made (told, asked, due) on or after this day.")

    def made_since[T: QuerySet](self, found: T, field: str = "created_at") -> T:
        """Of rows with a moment in `field`, those from the first moment of the day asked for."""
        if self.since is None:
            return found
        return found.filter(**{f"{field}__gte": timezone.make_aware(datetime.combine(self.since, time.min))})


def client_of(request: Any, scope: Scope) -> ApiClient:
    """The machine client that asks, after its scope is checked. Raises MissingScope."""
    client: ApiClient = request.auth
    if scope not in client.scopes:
        raise MissingScope(scope=scope.value)
    return client


def account_of(request: Any, scope: Scope) -> Person:
    """The service account of the client that asks: it sees what its role reaches. Raises MissingScope."""
    return client_of(request, scope).account


def filled[S: Schema](shape: type[S], thing: Any, **more: Any) -> S:
    """A row of this shape: what `thing` has by the same names, and what is said besides."""
    same = {name: getattr(thing, name) for name in shape.model_fields if name not in more}
    return shape(**same, **more)


def paged[T: Any, S: Schema](found: QuerySet[T, T], page: int, row: Callable[[T], S]) -> Page[S]:
    """One page of what was found, row by row."""
    return paged_together(found, page, lambda things: [row(thing) for thing in things])


def paged_together[T: Any, S: Schema](
    found: QuerySet[T, T], page: int, rows: Callable[[Sequence[T]], list[S]]
) -> Page[S]:
    """One page of what was found; its rows are made together, where they need more from the database."""
    paginator, page = Paginator(found, PAGE), max(1, page)
    items = rows(list(paginator.page(page))) if page <= paginator.num_pages else []
    return Page(count=paginator.count, page=page, pages=paginator.num_pages, items=items)


def check_indicators(keys: Iterable[str]) -> None:
    """Raises NoSuchIndicator for the first key that names none: a misspelling is not an empty answer."""
    wanted = [key for key in keys if key]
    known = set(Indicator.objects.current().filter(key__in=wanted).values_list("key", flat=True))
    if unknown := next((key for key in wanted if key not in known), None):
        raise NoSuchIndicator(field="indicator", key=unknown[:60])


def check_period(code: str) -> None:
    """Raises NotAPeriod for a code that is none."""
    try:
        periods.parse(code)
    except ValueError:
        raise NotAPeriod(field="period") from None


def code_of(unit: Unit | None) -> str | None:
    """The code of a unit that may be missing."""
    return unit.code if unit else None


def file_names(things: Iterable[Any]) -> dict[str, list[str]]:
    """Names of the files attached to each thing, by the name that the journal gives it. One query."""
    found: dict[str, list[str]] = defaultdict(list)
    files = Attachment.objects.filter(subject__in=[name_of(thing) for thing in things]).order_by("created_at")
    for subject, name in files.values_list("subject", "name"):
        found[subject].append(name)
    return found
