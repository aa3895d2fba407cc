"""The life of an edition, and what may happen to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EditionState(models.TextChoices):
    """Where an edition of a programme stands."""

    DRAFT = "draft", _("bản thảo")
    IN_REVIEW = "in-review", _("đang thẩm định")
    APPROVED = "approved", _("đã duyệt")
    PUBLISHED = "published", _("đã phát hành")
    WITHDRAWN = "withdrawn", _("đã rút")


MOVES: dict[EditionState, set[EditionState]] = {
    EditionState.DRAFT: {EditionState.IN_REVIEW},
    EditionState.IN_REVIEW: {EditionState.DRAFT, EditionState.APPROVED},
    EditionState.APPROVED: {EditionState.PUBLISHED, EditionState.DRAFT},
    EditionState.PUBLISHED: {EditionState.WITHDRAWN},
    EditionState.WITHDRAWN: set(),
}
# What takes two people, or the operator at the command line, who stands outside.
MOVES_OF_TWO: dict[EditionState, set[EditionState]] = MOVES | {EditionState.WITHDRAWN: {EditionState.PUBLISHED}}
