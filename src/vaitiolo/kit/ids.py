"""Types of ids: one passed for another is a type error. An id says nothing about whose it is."""

from typing import NewType
from uuid import UUID

UnitId = NewType("UnitId", UUID)
HolderId = NewType("HolderId", UUID)
PatientId = NewType("PatientId", UUID)
CompartmentId = NewType("CompartmentId", UUID)
ChartId = NewType("ChartId", UUID)
NoteId = NewType("NoteId", UUID)
AppointmentId = NewType("AppointmentId", UUID)
