"""The life of an edition, and what may happen to it."""

from .models import Edition

State = Edition.State

MOVES: dict[Edition.State, set[Edition.State]] = {
    State.DRAFT: {State.IN_REVIEW},
    State.IN_REVIEW: {State.DRAFT, State.APPROVED},
    State.APPROVED: {State.PUBLISHED, State.DRAFT},
    State.PUBLISHED: {State.WITHDRAWN},
    State.WITHDRAWN: set(),
}
