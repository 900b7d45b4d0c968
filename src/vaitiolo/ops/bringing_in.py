"""Brings an invented clinic into a founded installation, caseload by caseload.

The warden seals; only what it gave back is stored. Runs at the console, as two officers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from vaitiolo.charts.actions import bringing_in as charts
from vaitiolo.charts.actions.bringing_in import ArrivedChart, ArrivingDraft, ArrivingNote
from vaitiolo.charts.bodies import DraftBody, NoteBody
from vaitiolo.kit.ids import (
    AppointmentId,
    ChartId,
    CompartmentId,
    HolderId,
    NoteId,
    PatientId,
    UnitId,
)
from vaitiolo.ops import access
from vaitiolo.ops.access import Arrival, Arrived, OpenRegister
from vaitiolo.ops.synthetic.cast import (
    SyntheticAppointment,
    SyntheticMember,
    SyntheticPatient,
)
from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.people import access as desks_of
from vaitiolo.people import actions as people
from vaitiolo.people import desks, receiving, records
from vaitiolo.people.actor import Actor
from vaitiolo.people.desks import Client, DeskDraft, DeskSession
from vaitiolo.people.receiving import ReceivedPatient
from vaitiolo.people.records import IdentityRecord
from vaitiolo.schedule import entries
from vaitiolo.schedule.actions import receiving as diary
from vaitiolo.schedule.actions.receiving import ReceivedAppointment, ReceivedRoom
from vaitiolo.schedule.entries import Entry
from vaitiolo.schedule.states import State

HELSINKI: Final = ZoneInfo("Europe/Helsinki")
SOURCE: Final = "invented clinic"
PATIENTS_AT_ONCE: Final = 28
ENTRIES_AT_ONCE: Final = 1_000
DROPS_AT_ONCE: Final = 500
# What a desk shows of the past: sessions that are still to be charted.
LOOK_BACK: Final = timedelta(days=21)
STATES: Final = {
    "booked": State.BOOKED,
    "held": State.HELD,
    "cancelled": State.CANCELLED,
    "missed": State.MISSED,
}


@dataclass(frozen=True, slots=True)
class Ids:
    """Which random ids the invented people were founded under, by their numbers."""

    members: Mapping[int, UUID]
    units: Mapping[int, UUID]
    diaries: Mapping[int, UUID]


@dataclass(frozen=True, slots=True)
class Caseload:
    """One therapist's patients and diary, with fresh ids, before and after sealing."""

    therapist: SyntheticMember
    patients: tuple[SyntheticPatient, ...]
    appointments: tuple[SyntheticAppointment, ...]
    patient_ids: Mapping[int, PatientId]
    appointment_ids: tuple[AppointmentId, ...]
    by_day: Mapping[tuple[int, date], AppointmentId]
    parcels: list["Parcel"] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One patient on the way: what is sent, and what the rows will say."""

    patient: SyntheticPatient
    arrival: Arrival = field(repr=False)
    notes: tuple[ArrivingNote, ...]
    draft: ArrivingDraft | None


@dataclass(frozen=True, slots=True)
class Bringing:
    """What all caseloads are brought in with."""

    clinic: SyntheticClinic
    ids: Ids
    officer: Actor
    register: OpenRegister
    at: datetime

    def caseloads(self) -> Iterator[Caseload]:
        """Seal and store caseload by caseload; each is whole once it is handed out."""
        for therapist in self.clinic.therapists:
            caseload = self._prepare(therapist)
            self._seal(caseload)
            self._store(caseload)
            yield caseload

    def _prepare(self, therapist: SyntheticMember) -> Caseload:
        patients = tuple(self.clinic.caseload(therapist))
        appointments = tuple(self.clinic.diary(therapist))
        ids = tuple(AppointmentId(uuid4()) for _ in appointments)
        return Caseload(
            therapist,
            patients,
            appointments,
            {one.number: PatientId(uuid4()) for one in patients},
            ids,
            {
                (one.patient.number, one.on): own
                for one, own in zip(appointments, ids, strict=True)
                if one.state in {"booked", "held"}
            },
        )

    def _seal(self, caseload: Caseload) -> None:
        for start in range(0, len(caseload.patients), PATIENTS_AT_ONCE):
            some = caseload.patients[start : start + PATIENTS_AT_ONCE]
            parcels = [self._parcel(caseload, patient) for patient in some]
            caseload.parcels.extend(parcels)
            caseload.arrived.extend(self.register.bring_in([one.arrival for one in parcels]))

    def _parcel(self, caseload: Caseload, patient: SyntheticPatient) -> Parcel:
        own = caseload.patient_ids[patient.number]
        therapist = HolderId(self.ids.members[caseload.therapist.number])
        record = record_of(patient)
        notes, plains = [], []
        for written in patient.notes():
            booked = caseload.by_day.get((patient.number, written.held_on))
            note = ArrivingNote(
                NoteId(uuid4()), therapist, written.held_on, written.held_on, booked
            )
            body = NoteBody(
                written.held_on, written.template.lower(), written.text, therapist, source=SOURCE
            )
            notes.append(note)
            plains.append(charts.plain_note(note, body))
        draft = self._draft(caseload, patient, therapist)
        if draft is not None:
            plains.append(draft[1])
        arrival = Arrival(
            own,
            self.ids.units[patient.unit.number],
            therapist,
            patient.hetu,
            access.identity_of(own, records.write_identity(record, at=self.at)),
            access.phonebook_of(own, records.write_phonebook(record)),
            tuple(plains),
        )
        return Parcel(patient, arrival, tuple(notes), None if draft is None else draft[0])

    def _draft(
        self, caseload: Caseload, patient: SyntheticPatient, therapist: HolderId
    ) -> tuple[ArrivingDraft, access.Plain] | None:
        written = patient.draft()
        if written is None:
            return None
        booked = caseload.by_day.get((patient.number, written.held_on))
        draft = ArrivingDraft(uuid4(), therapist, written.held_on, booked)
        text = written.text
        body = DraftBody(written.template.lower(), text, len(text), self.at)
        return draft, charts.plain_draft(draft, body)

    # --- storing what came back ---

    def _store(self, caseload: Caseload) -> None:
        pairs = list(zip(caseload.parcels, caseload.arrived, strict=True))
        receiving.receive_patients(_patient(one, two, self.at.date()) for one, two in pairs)
        charts.store_arrived(
            _chart(one, two, self.at.date()) for one, two in pairs if two.chart is not None
        )
        room = self._room(caseload.therapist)
        sealed = self._seal_entries(caseload)
        diary.receive_appointments(
            self._appointment(caseload, index, room=room, sealed=body)
            for index, body in enumerate(sealed)
        )
        self._lay_on_desk(caseload, pairs, room=room)

    def _room(self, therapist: SyntheticMember) -> ReceivedRoom:
        room = ReceivedRoom(
            uuid4(),
            UnitId(self.ids.units[therapist.unit.number]),
            f"Huone {therapist.turn + 1}",
        )
        diary.receive_rooms([room])
        return room

    def _seal_entries(self, caseload: Caseload) -> list[bytes]:
        unit = caseload.therapist.unit.number
        plains = [
            access.entry_of(own, entries.write(entry_of(one.patient)))
            for one, own in zip(caseload.appointments, caseload.appointment_ids, strict=True)
        ]
        sealed: list[bytes] = []
        for start in range(0, len(plains), ENTRIES_AT_ONCE):
            book = access.write_diary(self.officer, self.ids.diaries[unit])
            sealed.extend(book.seal(plains[start : start + ENTRIES_AT_ONCE]))
        return sealed

    def _appointment(
        self, caseload: Caseload, index: int, *, room: ReceivedRoom, sealed: bytes
    ) -> ReceivedAppointment:
        one = caseload.appointments[index]
        starts_at, ends_at = times_of(one)
        return ReceivedAppointment(
            id=caseload.appointment_ids[index],
            unit=UnitId(self.ids.units[caseload.therapist.unit.number]),
            therapist=HolderId(self.ids.members[caseload.therapist.number]),
            patient=caseload.patient_ids[one.patient.number],
            room=room.id if one.where == "room" else None,
            starts_at=starts_at,
            ends_at=ends_at,
            sealed_entry=sealed,
            state=_state(one),
        )

    def _lay_on_desk(
        self,
        caseload: Caseload,
        pairs: Sequence[tuple[Parcel, Arrived]],
        *,
        room: ReceivedRoom,
    ) -> None:
        holder = HolderId(self.ids.members[caseload.therapist.number])
        events = [*self._clients(pairs), *self._sessions(caseload, room), *self._drafts(pairs)]
        for start in range(0, len(events), DROPS_AT_ONCE):
            some = [(holder, event) for event in events[start : start + DROPS_AT_ONCE]]
            people.store_drops(desks_of.drop_on_desk(self.officer, some))

    def _clients(self, pairs: Sequence[tuple[Parcel, Arrived]]) -> Iterator[desks.Event]:
        for parcel, arrived in pairs:
            if arrived.chart is None or arrived.shared is None:
                continue
            one = parcel.patient
            client = Client(
                str(one.name),
                one.born_on,
                one.language,
                arrived.chart,
                arrived.identity,
                arrived.shared,
            )
            yield desks.client_added(arrived.patient, client, at=self.at)

    def _sessions(self, caseload: Caseload, room: ReceivedRoom) -> Iterator[desks.Event]:
        pairs = zip(caseload.appointments, caseload.appointment_ids, strict=True)
        for one, own in pairs:
            starts_at, ends_at = times_of(one)
            if one.on < self.at.date() - LOOK_BACK or one.state in {"cancelled", "missed"}:
                continue
            if one.is_charted and one.on < self.at.date():
                continue
            session = DeskSession(
                caseload.patient_ids[one.patient.number],
                starts_at,
                ends_at,
                room.name if one.where == "room" else "",
            )
            yield desks.session_booked(own, session, at=self.at)
            if one.is_charted:
                later = self.at + timedelta(microseconds=1)
                yield desks.session_turned(own, desks.State.CHARTED, at=later)

    def _drafts(self, pairs: Sequence[tuple[Parcel, Arrived]]) -> Iterator[desks.Event]:
        for parcel, arrived in pairs:
            if parcel.draft is None or arrived.chart is None:
                continue
            draft = DeskDraft(
                arrived.chart,
                arrived.patient,
                parcel.draft.appointment,
                parcel.draft.held_on,
                self.at,
            )
            yield desks.draft_opened(parcel.draft.id, draft, at=self.at)


def bring_in(
    bringing: Bringing, *, report: Callable[[int, int], None] = lambda _done, _all: None
) -> int:
    """Bring everybody in and return how many patients there are."""
    done, total = 0, bringing.clinic.scale.patients
    report(done, total)
    for caseload in bringing.caseloads():
        done += len(caseload.patients)
        report(done, total)
    bringing.register.end()
    return done


def record_of(patient: SyntheticPatient) -> IdentityRecord:
    return IdentityRecord(
        given_name=patient.name.given,
        family_name=patient.name.family,
        hetu=patient.hetu,
        born_on=patient.born_on,
        phone=patient.phone,
        email=patient.email,
        street=patient.street,
        postal_code=patient.postal_code,
        town=patient.town,
        language=patient.language,
        kin_name=str(patient.kin.name),
        kin_relation=patient.kin.relation,
        kin_phone=patient.kin.phone,
    )


def entry_of(patient: SyntheticPatient) -> Entry:
    return Entry(str(patient.name), patient.language, patient.email)


def times_of(appointment: SyntheticAppointment) -> tuple[datetime, datetime]:
    starts_at = datetime.combine(appointment.on, appointment.at, tzinfo=HELSINKI).astimezone(UTC)
    return starts_at, starts_at + timedelta(minutes=appointment.minutes)


def _state(appointment: SyntheticAppointment) -> State:
    """Return what the diary says. Without a note a session waits to be charted, or to be missed."""
    if appointment.state == "held" and not appointment.is_charted:
        return State.BOOKED
    return STATES[appointment.state]


def _patient(parcel: Parcel, arrived: Arrived, today: date) -> ReceivedPatient:
    return ReceivedPatient(
        id=PatientId(arrived.patient),
        unit=UnitId(parcel.arrival.unit),
        identity=CompartmentId(arrived.identity),
        chart=arrived.chart,
        shared=arrived.shared,
        registered_on=min(parcel.patient.sessions, default=today),
        sealed_identity=arrived.sealed_identity,
        sealed_phonebook=arrived.sealed_phonebook,
    )


def _chart(parcel: Parcel, arrived: Arrived, today: date) -> ArrivedChart:
    sealed = arrived.sealed_notes
    count = len(parcel.notes)
    drafts = [] if parcel.draft is None else [(parcel.draft, sealed[count])]
    return ArrivedChart(
        ChartId(arrived.chart or UUID(int=0)),
        PatientId(arrived.patient),
        min(parcel.patient.sessions, default=today),
        list(zip(parcel.notes, sealed[:count], strict=True)),
        drafts,
    )
