"""The pages of coming in and going out. Nothing that is typed here is kept."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.people import own_keys, own_sessions
from vaitiolo.people import sign_in as door
from vaitiolo.people.actor import Actor
from vaitiolo.people.forms import CodeSignInForm, SignInForm
from vaitiolo.people.requests import ActorRequest
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved, wants_json
from vaitiolo.web.public import public

HOMES = {
    Role.THERAPIST: "schedule:day",
    Role.RECEPTION: "people:find",
    Role.REGISTRAR: "people:staff",
    Role.PRIVACY_OFFICER: "breach:cases",
    Role.MANAGER: "breach:cases",
}
form_view = require_http_methods(["GET", "POST"])


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """Lead everybody to the page their day begins with."""
    name = HOMES.get(request.actor.role)
    if name is None:
        return render(request, "people/home.html")
    return HttpResponseRedirect(reverse(name))


@public
@form_view
@sensitive_post_parameters("password", "prf")
def sign_in(request: HttpRequest) -> HttpResponse:
    ways = door.ways()
    form = SignInForm(request.POST or None, key_alone=ways.key_alone)
    if request.method == "POST" and form.is_valid():
        entered = door.try_to_enter(form.cleaned_data, network=_network(request))
        if entered.actor is not None:
            door.leave_earlier(request)
            return _let_in(request, entered.actor, form.cleaned_data["way"])
        form.add_error(None, entered.why)
    if wants_json(request):
        said = " ".join(map(str, form.non_field_errors()))
        return JsonResponse({"message": said}, status=HTTPStatus.FORBIDDEN)
    context = {"ways": ways, "is_key_first": door.is_key_first(request), "next": _there(request)}
    return render(request, "people/sign_in.html", {"form": form, **context})


@public
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Answer what a security key needs: as much, and alike, for every name there is or is not."""
    return JsonResponse(door.options_for(request.POST.get("name", "")[:200]))


@public
@form_view
@sensitive_post_parameters("password")
def sign_in_with_code(request: HttpRequest) -> HttpResponse:
    form = CodeSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data, "way": door.BY_CODE}
        entered = door.try_to_enter(fields, network=_network(request))
        if entered.actor is not None:
            door.leave_earlier(request)
            return _let_in(request, entered.actor, door.BY_CODE)
        form.add_error(None, entered.why)
    return render(request, "people/sign_in_code.html", {"form": form})


def _let_in(request: HttpRequest, actor: Actor, way: str) -> HttpResponse:
    """Lead on to where one wanted to go; not into a page that somebody else had locked."""
    notice = own_sessions.introduce(request, actor) or own_keys.advice(actor, way)
    there = reverse("people:own_keys") if way == door.BY_CODE else _there(request)
    there = "/" if own_sessions.was_another(request, actor) else there
    answer = moved(request, there, notice=notice)
    door.keep_cookie(answer, actor)
    door.keep_way(answer, way)
    return answer


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    door.leave(request.actor.session)
    answer = moved(request, reverse("people:sign_in"), notice="people/signed-out")
    door.drop_cookie(answer)
    return answer


def _network(request: HttpRequest) -> str:
    """Return where a request comes from: the proxy's word for it, where one stands in front."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def _there(request: HttpRequest) -> str:
    there = request.POST.get("next") or request.GET.get("next") or "/"
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else "/"
