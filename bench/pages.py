"""The pages that people wait for, asked over HTTP by somebody who is signed in."""

import http.client
import itertools
import json
import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from bench.live import Live
from vaitiolo.ops.synthetic.crib import read_crib

OPERATIONS = ("open a chart", "save a note", "sign a note", "find by name", "find by identity code")
CHARTS_TRIED = 8
NOTES = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of wall time with one client, operations a second with eight, processor time."""

    p50: float
    p95: float
    p99: float
    per_second: float
    processor: float


class Browser:
    """Cookies and one connection."""

    def __init__(self, port: int, name: str, password: str) -> None:
        self.port, self.cookies = port, {"django_language": "fi"}
        self.connection = http.client.HTTPConnection("localhost", port)
        token = self.token(self.get("/sign-in/"))
        form = {"csrfmiddlewaretoken": token, "name": name, "password": password}
        self.post("/sign-in/", urlencode(form))

    def again(self) -> "Browser":
        """Return the same person on another connection."""
        other = object.__new__(Browser)
        other.port, other.cookies = self.port, dict(self.cookies)
        other.connection = http.client.HTTPConnection("localhost", self.port)
        return other

    def get(self, path: str) -> str:
        return self._ask("GET", path, headers={})

    def post(self, path: str, body: str, **headers: str) -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body=body, headers=kind | headers)

    @staticmethod
    def token(page: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if found is None:
            raise LookupError("no token")
        return found[1]

    def _ask(
        self, method: str, path: str, *, body: str | None = None, headers: dict[str, str]
    ) -> str:
        cookies = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        self.connection.request(method, path, body, {"Cookie": cookies, **headers})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{answer.status} at {method} {path}: {text[:300]}")
        for line in answer.headers.get_all("Set-Cookie") or ():
            key, _, value = line.partition(";")[0].partition("=")
            self.cookies[key] = value
        return text


class Walk:
    """A therapist and a receptionist at work."""

    def __init__(self, live: Live) -> None:
        self.live = live
        clinic = read_crib(live.home)
        therapist = clinic.therapists[0]
        desk = next(
            one
            for one in clinic.members
            if one.role == "reception" and one.unit.number == therapist.unit.number
        )
        self.therapist = Browser(live.port, therapist.sign_in_name, live.password)
        self.desk = Browser(live.port, desk.sign_in_name, live.password)
        people = list(itertools.islice(clinic.caseload(therapist), 30))
        self.names = [one.name.family[:4].lower() for one in people]
        self.hetus = [one.hetu for one in people]
        self.chart = self._chart_with_twenty()
        self.token = self.therapist.token(self.therapist.get(f"{self.chart}write/"))
        self.desk_token = self.desk.token(self.desk.get("/patients/"))
        self.text = "Asiakas kertoi viikostaan ja unestaan. " * 50

    def measure(self, name: str, alone: int, together: tuple[int, int]) -> Measured:
        """Run an operation with one client, then with several."""
        one = self._operation(name)
        act = one()
        for _ in range(8):
            act()
        began = self.live.processor_seconds()
        times = [timed(act) for _ in range(alone)]
        processor = (self.live.processor_seconds() - began) / alone * 1e3
        cuts = statistics.quantiles(times, n=100)
        return Measured(cuts[49], cuts[94], cuts[98], rate(one, *together), processor)

    def _operation(self, name: str) -> Callable[[], Callable[[], object]]:
        return {
            "open a chart": self._opening,
            "save a note": self._saving,
            "sign a note": self._signing,
            "find by name": lambda: self._finding(self.names),
            "find by identity code": lambda: self._finding(self.hetus),
        }[name]

    def _opening(self) -> Callable[[], object]:
        browser = self.therapist.again()
        return lambda: browser.get(self.chart)

    def _saving(self) -> Callable[[], object]:
        browser, draft, window = self.therapist.again(), uuid4(), uuid4().hex
        versions = itertools.count()

        def save() -> object:
            body = {
                "text": self.text,
                "caret": 10,
                "template": "free",
                "version": next(versions),
                "window": window,
            }
            return browser.post(
                f"{self.chart}drafts/{draft}/save/",
                json.dumps(body),
                **{"Content-Type": "application/json", "X-CSRFToken": self.token},
            )

        return save

    def _signing(self) -> Callable[[], object]:
        browser = self.therapist.again()

        def sign() -> object:
            form = {
                "csrfmiddlewaretoken": self.token,
                "text": self.text,
                "template": "free",
                "version": 0,
                "caret": 0,
                "window": "",
                "deed": "sign",
            }
            path = f"{self.other}drafts/{uuid4()}/sign/"
            return browser.post(path, urlencode(form), Accept="application/json")

        return sign

    def _finding(self, words: list[str]) -> Callable[[], object]:
        browser, turn = self.desk.again(), itertools.cycle(words)

        def find() -> object:
            form = {"csrfmiddlewaretoken": self.desk_token, "words": next(turn)}
            return browser.post("/patients/", urlencode(form), **{"X-Fragment": "results"})

        return find

    def _chart_with_twenty(self) -> str:
        day = self.therapist.get("/diary/day/")
        found = list(dict.fromkeys(re.findall(r'href="(/charts/[0-9a-f-]{36}/)session', day)))
        pages = {path: self.therapist.get(path).count("<article") for path in found[:CHARTS_TRIED]}
        # Signing makes its chart longer, so it has one of its own.
        chart, self.other = sorted(pages, key=lambda path: abs(pages[path] - NOTES))[:2]
        return str(chart)


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1e3


def rate(one: Callable[[], Callable[[], object]], total: int, clients: int) -> float:
    """Return operations a second of several clients together."""
    acts = [one() for _ in range(clients)]
    for act in acts:
        act()

    def work(act: Callable[[], object]) -> None:
        for _ in range(total // clients):
            act()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total / (time.perf_counter() - began)
