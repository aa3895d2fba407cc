"""Machine clients, and the web hooks they asked for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity, OutboxMessage
from hocvuso.people.models import Person


class ApiClient(Entity):
    """A program that speaks for a service account: it may see what the account's roles reach, within its scopes.

    The secret is shown once, at making; here is only its hash.
    """

    word = "api-client"

    class Scope(models.TextChoices):
        FIGURES_READ = "figures:read", _("đọc số liệu, bộ chỉ số, cảnh báo")
        PLANS_READ = "plans:read", _("đọc kế hoạch, nhiệm vụ, báo cáo")
        INSPECTIONS_READ = "inspections:read", _("đọc kiểm tra, tồn tại, việc khắc phục")
        CONSULTATIONS_READ = "consultations:read", _("đọc lấy ý kiến và góp ý")
        SCHEMES_READ = "schemes:read", _("đọc đề án và tỉ trọng")
        DOCUMENTS_READ = "documents:read", _("đọc văn bản")
        URGING_READ = "urging:read", _("đọc nhật ký đôn đốc")
        MOVEMENT_READ = "movement:read", _("đọc yêu cầu của người dân, đóng góp, nhu cầu, phân bổ")
        COMMUNES_READ = "communes:read", _("đọc trang công việc của xã, phường")
        VALUES_WRITE = "values:write", _("gửi số liệu")
        PLANS_WRITE = "plans:write", _("ghi tiến độ, sản phẩm, hoàn thành nhiệm vụ")
        REQUESTS_WRITE = "requests:write", _("ghi yêu cầu của người dân")
        HOOKS = "hooks", _("nhận tin qua web hook")

    name = models.CharField(max_length=120)
    account = models.ForeignKey(Person, models.PROTECT, related_name="+")
    scopes = models.JSONField(default=list)
    secret_lookup = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Webhook(Entity):
    """Where a client wants to be told of events. The signing secret is kept sealed."""

    word = "webhook"

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="hooks")
    url = models.URLField(max_length=500)
    events = models.JSONField(default=list)
    sealed = models.TextField()
    active = models.BooleanField(default=True)


class Delivery(Entity):
    """One event for one hook. How sending goes is kept by the outbox (`outgoing`, with the same key)."""

    word = "webhook-delivery"

    outgoing = models.OneToOneField(OutboxMessage, models.CASCADE, related_name="+")
    hook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    key = models.CharField(max_length=120, help_text="of the happening: told once to each hook")
    body = models.JSONField()

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["hook", "event", "key"], name="told_once")]
