"""What an operator sets, understood or refused."""

from pathlib import Path

import pytest

from vaitiolo.config import env


@pytest.mark.parametrize(("word", "meant"), [("yes", True), ("TRUE", True), ("0", False)])
def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, word: str, *, meant: bool) -> None:
    monkeypatch.setenv("VAITIOLO_PRODUCTION", word)
    assert env.flag("VAITIOLO_PRODUCTION") is meant


def test_a_flag_that_is_neither_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAITIOLO_PRODUCTION", "maybe")
    with pytest.raises(env.WrongSetting, match="VAITIOLO_PRODUCTION is 'maybe'"):
        env.flag("VAITIOLO_PRODUCTION")


@pytest.mark.parametrize("word", ["-1", "70000", "eight", "1.5"])
def test_a_port_is_a_whole_number(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("VAITIOLO_PORT", word)
    with pytest.raises(env.WrongSetting, match="VAITIOLO_PORT"):
        env.number("VAITIOLO_PORT", 8000, most=65535)


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("opensesame\n")
    assert env.secret(tmp_path / "secret") == "opensesame"


def test_a_missing_or_empty_secret_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for name in ("missing", "empty"):
        with pytest.raises(env.WrongSetting, match=name):
            env.secret(tmp_path / name)


def test_without_an_address_the_database_is_a_file_of_the_installation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAITIOLO_HOME", str(tmp_path))
    found = env.database("VAITIOLO_VAULT", file="vault.sqlite3", synchronous="FULL")
    assert found["NAME"] == str(tmp_path / "db" / "vault.sqlite3")


def test_an_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("opensesame")
    monkeypatch.setenv("VAITIOLO_VAULT", "postgresql://vaitiolo_warden@db.example:5433/vault")
    monkeypatch.setenv("VAITIOLO_VAULT_PASSWORD_FILE", str(tmp_path / "password"))
    assert env.connection("VAITIOLO_VAULT") == {
        "dbname": "vault",
        "user": "vaitiolo_warden",
        "password": "opensesame",
        "host": "db.example",
        "port": "5433",
    }


def test_a_password_in_an_address_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VAITIOLO_VAULT", "postgresql://warden:opensesame@db.example/vault")
    with pytest.raises(env.WrongSetting, match="PASSWORD_FILE") as refused:
        env.connection("VAITIOLO_VAULT")
    assert "opensesame" not in str(refused.value)


def test_a_user_that_the_machine_does_not_have_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VAITIOLO_WEB_USER", "nobody-by-this-name")
    with pytest.raises(env.WrongSetting, match="no such user"):
        env.user("VAITIOLO_WEB_USER")
