"""What this room tells and forgets when something happens to roles and persons."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hocvuso.base.events import on
from hocvuso.people.events import PersonErased, RoleEnded, RoleOfferDeclined
from hocvuso.people.models import RoleGrant, RoleOffer
from hocvuso.people.queries import who_could_fill
from hocvuso.people.rules import Role

from .models import Notice, PushDevice, ReminderMessage, ReminderPreference
from .services import notices


@on(PersonErased, "reminders")
def _forget(event: PersonErased) -> None:
    """Delete preferences, notices, browsers that may be called, and the words of messages."""
    ReminderPreference.objects.filter(person=UUID(event.person_id)).delete()
    Notice.objects.filter(person=UUID(event.person_id)).delete()
    PushDevice.objects.filter(person=UUID(event.person_id)).delete()
    ReminderMessage.objects.filter(person=UUID(event.person_id)).update(text="", title="")


@on(RoleEnded, "notices")
def _role_ended(event: RoleEnded) -> None:
    """Who laid a role down is missed by those who can fill it; who lost one is told whom to ask."""
    grant = RoleGrant.objects.select_related("unit", "person").get(pk=event.grant_id)
    if event.own:
        text = _("Một người giữ vai trò %(role)s ở %(unit)s vừa thôi vai trò. Hãy xem công việc và mời người khác.")
    else:
        text = _("Vai trò %(role)s của bạn ở %(unit)s đã kết thúc. Nếu thấy chưa đúng, hãy hỏi lãnh đạo đơn vị.")
    notices.tell(
        about=event.grant_id,
        people=who_could_fill(grant) if event.own else [grant.person],
        subject=_("Một vai trò đã kết thúc"),
        text=text,
        role=Role(grant.role).label,
        unit=grant.unit,
    )


@on(RoleOfferDeclined, "notices")
def _offer_declined(event: RoleOfferDeclined) -> None:
    """Who offered a role is told that it was declined, without a name."""
    offer = RoleOffer.objects.select_related("unit", "offered_by").get(pk=event.offer_id)
    notices.tell(
        about=event.offer_id,
        people=[offer.offered_by],
        subject=_("Lời mời giữ vai trò bị từ chối"),
        text=_("Lời mời giữ vai trò %(role)s ở %(unit)s đã bị từ chối."),
        role=Role(offer.role).label,
        unit=offer.unit,
    )
