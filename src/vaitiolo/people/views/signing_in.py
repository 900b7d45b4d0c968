"""The pages of coming in and going out. Nothing that is typed here is kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.people import own_sessions
from vaitiolo.people import sign_in as door
from vaitiolo.people.actor import Actor
from vaitiolo.people.forms import SignInForm
from vaitiolo.people.requests import ActorRequest
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved, wants_json
from vaitiolo.web.public import public

HOMES = {
    Role.THERAPIST: "schedule:day",
    Role.RECEPTION: "people:find",
    Role.REGISTRAR: "people:staff",
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
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entered = door.try_to_enter(**form.cleaned_data, network=_network(request))
        if entered.actor is not None:
            door.leave_earlier(request)
            return _let_in(request, entered.actor)
        form.add_error(None, entered.why)
    if wants_json(request):
        return JsonResponse({"message": " ".join(form.non_field_errors()) or None}, status=403)
    return render(request, "people/sign_in.html", {"form": form, "next": _there(request)})


def _let_in(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lead on to where one wanted to go; not into a page that somebody else had locked."""
    notice = own_sessions.introduce(request, actor) or ("people/weak" if actor.is_weak else "")
    there = "/" if own_sessions.was_another(request, actor) else _there(request)
    answer = moved(request, there, notice=notice)
    door.keep_cookie(answer, actor)
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
