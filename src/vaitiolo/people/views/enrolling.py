"""The pages of somebody who joins. Nobody is signed in on them, and nothing typed here is kept."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.people import enrolling
from vaitiolo.people.enrolling import Browser, Welcome
from vaitiolo.people.staff_forms import CodeForm, EnrolForm
from vaitiolo.web.answers import moved, wants_json
from vaitiolo.web.public import public


@public
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def join(request: HttpRequest) -> HttpResponse:
    """Ask for the code of an invitation, then show whom it is for."""
    form, browser = CodeForm(request.POST or None), enrolling.browser_of(request)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        welcome, why = enrolling.try_code(browser, code)
        if welcome is not None:
            return _page(request, browser, welcome, form=EnrolForm(initial={"code": code}))
        form.add_error("code", why)
    return render(request, "people/join.html", {"form": form, "is_waiting": bool(browser.card)})


@public
@require_POST
@sensitive_post_parameters("over")
def new_key(request: HttpRequest) -> HttpResponse:
    """Answer what a browser makes a newcomer's security key with; ``over`` is the code."""
    browser = enrolling.browser_of(request)
    return JsonResponse(enrolling.key_options(browser, request.POST.get("over", "")))


@public
@require_POST
@sensitive_post_parameters("code", "password", "again", "prf")
def enrol(request: HttpRequest) -> HttpResponse:
    """Have the newcomer's own keys drawn and locked, and ask for a card."""
    form, browser = EnrolForm(request.POST), enrolling.browser_of(request)
    if form.is_valid():
        waiting, why = enrolling.try_to_enrol(browser, form.cleaned_data)
        if waiting is not None:
            answer = moved(request, reverse("people:waiting"))
            enrolling.keep(answer, waiting)
            return answer
        form.add_error(None, why)
    welcome, _why = enrolling.try_code(browser, form.data.get("code", ""))
    if welcome is None:
        return HttpResponseRedirect(reverse("people:join"))
    return _page(request, browser, welcome, form=form)


@public
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the eight words, until a registrar has signed the card."""
    state = enrolling.state_of(enrolling.browser_of(request))
    if wants_json(request):
        return JsonResponse({"state": state.state})
    if state.state == "signed":
        answer = moved(request, reverse("people:sign_in"), notice="people/card-signed")
        enrolling.forget(answer)
        return answer
    return render(request, "people/waiting.html", {"state": state.state, "words": state.words})


def _page(
    request: HttpRequest, browser: Browser, welcome: Welcome, *, form: EnrolForm
) -> HttpResponse:
    answer = render(request, "people/enrol.html", {"form": form, "welcome": welcome})
    enrolling.keep(answer, browser)
    return answer
