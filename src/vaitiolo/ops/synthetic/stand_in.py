"""The same people in a database as a careless clinic would keep it: everything in clear.

It exists so that the thief can be seen to find everything where nothing is sealed. It is never
part of an installation.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from vaitiolo.ops.synthetic.cast import SyntheticPatient
from vaitiolo.ops.synthetic.clinic import SyntheticClinic

Row = tuple[str | int | None, ...]
COLUMNS = {
    "unit": ("id", "name", "town", "street", "postal_code", "phone"),
    "member": ("id", "unit_id", "role", "name", "sign_in_name"),
    "patient": (
        "id", "therapist_id", "name", "hetu", "born_on", "phone", "email", "street",
        "postal_code", "town", "kin_name", "kin_relation", "kin_phone",
    ),
    "note": ("patient_id", "held_on", "template", "body", "is_draft"),
    "appointment": ("patient_id", "held_on", "starts_at", "state"),
}  # fmt: skip
NUMBERS = {"id", "unit_id", "therapist_id", "patient_id", "is_draft"}


def stand_in(path: Path, clinic: SyntheticClinic) -> None:
    """Write the clinic in clear into a new SQLite file."""
    with closing(sqlite3.connect(path)) as database, database:
        for table, columns in COLUMNS.items():
            database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            database.executemany(
                f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608 - names from COLUMNS above
                rows(table, clinic),
            )


def stand_in_postgres(address: str, clinic: SyntheticClinic) -> None:
    """Write the clinic in clear into an empty PostgreSQL database."""
    with psycopg.connect(address) as database, database.cursor() as cursor:
        for table, columns in COLUMNS.items():
            typed = [
                sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_of(name)))
                for name in columns
            ]
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(", ").join(typed)))
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
                for row in rows(table, clinic):
                    copy.write_row(row)


def type_of(column: str) -> str:
    return "bigint" if column in NUMBERS else "text"


def rows(table: str, clinic: SyntheticClinic) -> Iterator[Row]:
    if table == "unit":
        return ((u.number, u.name, u.town, u.street, u.postal_code, u.phone) for u in clinic.units)
    if table == "member":
        staff = clinic.members
        return ((m.number, m.unit.number, m.role, str(m.name), m.sign_in_name) for m in staff)
    if table == "patient":
        return (patient_row(patient) for patient in clinic.patients())
    return notes(clinic) if table == "note" else diary(clinic)


def patient_row(patient: SyntheticPatient) -> Row:
    kin = patient.kin
    return (
        patient.number,
        patient.therapist.number,
        str(patient.name),
        patient.hetu,
        patient.born_on.isoformat(),
        patient.phone,
        patient.email,
        patient.street,
        patient.postal_code,
        patient.town,
        str(kin.name),
        kin.relation,
        kin.phone,
    )


def notes(clinic: SyntheticClinic) -> Iterator[Row]:
    for patient in clinic.patients():
        for note in patient.notes():
            yield (patient.number, note.held_on.isoformat(), note.template, note.text, 0)
        if draft := patient.draft():
            yield (patient.number, draft.held_on.isoformat(), draft.template, draft.text, 1)


def diary(clinic: SyntheticClinic) -> Iterator[Row]:
    for booked in clinic.appointments():
        yield (booked.patient.number, booked.on.isoformat(), str(booked.at), booked.state)
