"""Which key service this installation has: the one place where the operator's choice is read.

Warden, worker and console choose alike, out of the settings VAITIOLO_KMS and VAITIOLO_KMS_….
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from vaitiolo.keys.kms import Keeper, Kms, KmsMisset, May
from vaitiolo.keys.kms.file import FileKeeper, FileKms
from vaitiolo.keys.kms.openbao import Address, BaoKeeper, BaoKms
from vaitiolo.keys.kms.watched import Say, Watched

SETTING: Final = "VAITIOLO_KMS"
FOLDER: Final = "kms"

Environ = Mapping[str, str]


def choose(home: Path, *, demo: bool, may: May, environ: Environ, say: Say) -> Watched:
    """Return the provider that is set, bound to what this program may do with it.

    It is not asked for anything yet, so a program starts while its service is away; ``say`` hears
    when it falls silent and when it is back. Raises KmsMisset when a setting is missing, wrong or
    unknown, and for keys in files without a demo.
    """
    kind = _kind(environ)
    if kind == "file":
        made: Kms = FileKms(home / FOLDER, demo=demo, may=may)
    elif kind == "openbao":
        made = BaoKms(_address(environ, "VAITIOLO_KMS_TOKEN_FILE"), may=may)
    else:
        made = _token_kms(environ, may)
    return Watched(made, say)


def keeper(home: Path, *, demo: bool, environ: Environ) -> Keeper:
    """Return what makes and ends keys at the service that is set. Raises KmsMisset, KmsAway."""
    kind = _kind(environ)
    if kind == "file":
        return FileKeeper(home / FOLDER, demo=demo)
    if kind == "openbao":
        name = "VAITIOLO_KMS_KEEPER_TOKEN_FILE"
        # The warden's own token may make no key, so the operator brings another.
        _needed(environ, name)
        return BaoKeeper(_address(environ, name))
    return _token_keeper(environ)


def kind_of(environ: Environ) -> str:
    """Return which kind of key service is set: file, pkcs11 or openbao. Raises KmsMisset."""
    return _kind(environ)


def _kind(environ: Environ) -> str:
    kind = environ.get(SETTING, "").strip() or "file"
    if kind not in {"file", "pkcs11", "openbao"}:
        raise KmsMisset(f"{SETTING} is {kind!r}; write pkcs11 or openbao, or file for a demo.")
    return kind


def _token_kms(environ: Environ, may: May) -> Kms:
    # Loaded only where a token is chosen: no other installation has its driver in the warden.
    from vaitiolo.keys.kms import pkcs11  # noqa: PLC0415 - see above

    socket = pkcs11.Socket(*_token(environ))
    pkcs11.check(socket)
    return pkcs11.TokenKms(socket, may=may)


def _token_keeper(environ: Environ) -> Keeper:
    from vaitiolo.keys.kms import pkcs11  # noqa: PLC0415 - as above

    socket = pkcs11.Socket(*_token(environ))
    pkcs11.check(socket)
    return pkcs11.TokenKeeper(socket)


def _token(environ: Environ) -> tuple[Path, str, Path]:
    module = Path(_needed(environ, "VAITIOLO_KMS_MODULE"))
    label = _needed(environ, "VAITIOLO_KMS_TOKEN")
    return module, label, Path(_needed(environ, "VAITIOLO_KMS_PIN_FILE"))


def _address(environ: Environ, token: str) -> Address:
    return Address(
        url=_needed(environ, "VAITIOLO_KMS_ADDRESS"),
        mount=environ.get("VAITIOLO_KMS_MOUNT", "").strip() or "transit",
        token_file=_file(environ, token),
        ca_file=_file(environ, "VAITIOLO_KMS_CA_FILE"),
    )


def _file(environ: Environ, name: str) -> Path | None:
    value = environ.get(name, "").strip()
    return Path(value) if value else None


def _needed(environ: Environ, name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise KmsMisset(f"{SETTING} is {_kind(environ)}, so {name} must be set too.")
    return value
