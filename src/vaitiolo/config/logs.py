"""How every program writes its log: what went wrong and where in our code, never about whom.

No message of an exception, no path, no query, no body, no variable reaches a log.
"""

import logging
import time
from types import TracebackType
from typing import Any

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
QUIET = {"level": "WARNING"}
# These write the address of a page, or the text of an SQL statement, into their messages.
ABOUT_REQUESTS = ("django.request", "django.security", "django.server", "granian.access")


class Discreet(logging.Formatter):
    """One line for one event; of an exception the type and the place, of a request its id."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", validate=True)

    # One clock for all programs, whatever zone each of them works in.
    def converter(self, when: float | None) -> time.struct_time:
        return time.gmtime(when)

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if record.name.startswith(ABOUT_REQUESTS):
            record.msg, record.args = request_line(record, request), ()
        record.stack_info = None
        return super().format(record)

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - the name is logging's
        kind, _value, trace = ei
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            module = trace.tb_frame.f_globals.get("__name__", "?")
            places.append(f"{module}.{code.co_name}:{trace.tb_lineno}")
            trace = trace.tb_next
        name = f"{kind.__module__}.{kind.__qualname__}" if kind else "exception"
        return f"  {name} at {' > '.join(places[-6:])}"


def request_line(record: logging.LogRecord, request: object) -> str:
    """Name a request by its id and its route, which holds placeholders instead of ids."""
    match = getattr(request, "resolver_match", None)
    status = getattr(record, "status_code", "-")
    number = getattr(request, "request_id", "-")
    return f"status {status}, request {number}, route {getattr(match, 'route', '-')}"


def logging_to_stderr(level: str = "INFO") -> dict[str, Any]:
    """Everything to standard error, where the supervisor or the service manager keeps it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"discreet": {"()": "vaitiolo.config.logs.Discreet"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django hangs handlers of its own on these two; ours replace them.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # SQL statements carry their arguments.
            "django.db.backends": QUIET,
        },
    }
