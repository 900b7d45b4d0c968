"""Giving what patients have booked with one therapist to another, as after a hand-over of charts.

Each session is moved by itself: killed anywhere, what is done stays done, and the rest is asked
for again. Nobody is given a chart by it.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from vaitiolo.kit.ids import AppointmentId, HolderId, PatientId
from vaitiolo.schedule.access import OpenDiary, SealBroken
from vaitiolo.schedule.actions.changing import ChangedMeanwhile, move, slot_of
from vaitiolo.schedule.clashes import Busy, coming_with
from vaitiolo.schedule.entries import EntryUnknown


def give_on(
    diary: OpenDiary,
    patients: Collection[PatientId],
    *,
    giver: HolderId,
    to: HolderId,
    at: datetime,
) -> tuple[Busy, ...]:
    """Give a colleague the sessions to come, at their time and in their room.

    Returns what stood in the way. Such a session stays where it is, as one does that somebody
    changed meanwhile or that is not as it was sealed.
    """
    busy = []
    rows = coming_with(diary.unit_id, giver, at=at)
    for row in rows.filter(patient_id__in=list(patients)):
        slot = replace(slot_of(row), therapist=to)
        try:
            move(diary, AppointmentId(row.id), slot, since=row.version, at=at)
        except Busy as one:
            busy.append(one)
        except (ChangedMeanwhile, SealBroken, EntryUnknown):
            continue
    return tuple(busy)
