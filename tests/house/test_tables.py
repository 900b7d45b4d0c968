"""The two databases hold nothing of each other, and no way leads back into a room."""

import pytest
from django.apps import apps
from django.db import connections, router
from django.db.models import ForeignKey


def test_a_foreign_key_out_of_its_room_offers_no_way_back() -> None:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                there = field.related_model
                stays = there._meta.app_label == model._meta.app_label
                assert stays or field.remote_field.hidden, f'{field}: related_name="+"'
                assert router.db_for_read(model) == router.db_for_read(there), "hold the id alone"


@pytest.mark.django_db(databases=["default", "vault"])
def test_each_table_stands_in_its_own_database_alone() -> None:
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in connections}
    assert tables["default"] & tables["vault"] == {"django_migrations"}
    for model in apps.get_models():
        assert model._meta.db_table in tables[router.db_for_read(model)]


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize("alias", ["default", "vault"])
def test_a_database_is_set_to_keep_what_it_acknowledged(alias: str) -> None:
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
            return
        for pragma, value in {"journal_mode": "wal", "secure_delete": 1, "foreign_keys": 1}.items():
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone() == (value,)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == ({"default": 1, "vault": 2}[alias],)


def test_no_table_of_djangos_own_accounts_or_sessions() -> None:
    strangers = {"auth", "admin", "sessions", "messages", "contenttypes"}
    assert not strangers & {app.label for app in apps.get_app_configs()}
