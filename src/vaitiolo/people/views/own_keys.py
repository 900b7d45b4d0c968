"""The pages of one's own ways in. What is typed or touched goes to the warden and is dropped."""

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.kit.errors import Refusal
from vaitiolo.people import own_keys as own
from vaitiolo.people.actor import Actor
from vaitiolo.people.own_key_forms import CodeForm, ConfirmForm, KeyForm, PasswordForm, ShareForm
from vaitiolo.people.proving import made, proved
from vaitiolo.people.requests import ActorRequest
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])
secret = sensitive_post_parameters("password", "again", "old", "prf", "code", "letters", "share")


def _removal(slot_id: UUID) -> str:
    return own.removal(slot_id)


@require_GET
def own_keys(request: ActorRequest) -> HttpResponse:
    context = {"own": own.list_own(request.actor), "share": own.find_share(request.actor)}
    return render(request, "people/own_keys.html", context)


@require_POST
def touch(request: ActorRequest) -> HttpResponse:
    """Answer what an own security key needs for the touch that a form asks for."""
    return JsonResponse(own.touch_options(request.actor, request.POST.get("over", "")))


@form_view
@secret
def confirm(request: ActorRequest, deed: str) -> HttpResponse:
    """Take the proof that somebody wants a change, then show the page that makes it."""
    there, mine = _page_of(request.actor, deed), own.list_own(request.actor)
    form = ConfirmForm(request.POST or None, has_key=mine.security_keys > 0)
    if request.method == "POST" and form.is_valid():
        try:
            own.confirm(request.actor, deed, form.cleaned_data)
            return moved(request, there)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    over = own.change_request(request.actor, deed)
    context = {"form": form, "over": over, "own": mine, "deed": deed}
    return render(request, "people/confirm.html", context)


def _page_of(actor: Actor, deed: str) -> str:
    """Return the address of the page for a change. Raises Http404 for none of one's own."""
    pages = {
        own.NEW_KEY: reverse("people:add_key"),
        own.NEW_CODE: reverse("people:add_code"),
        **{
            own.removal(one.id): reverse("people:remove_way", args=[one.id])
            for one in own.list_own(actor).ways
        },
    }
    if deed not in pages:
        raise Http404
    return pages[deed]


@require_POST
def begin_key(request: ActorRequest) -> HttpResponse:
    """Answer what a browser makes a new key with."""
    return JsonResponse(own.new_key_options(request.actor))


@form_view
@secret
@proved(own.NEW_KEY)
def add_key(request: ActorRequest) -> HttpResponse:
    mine = own.list_own(request.actor)
    form = KeyForm(request.POST or None, may_be_without_password=mine.may_be_without_password)
    done = made(request, form, own.add_key, notice="people/key-added")
    return done or render(request, "people/add_key.html", {"form": form, "own": mine})


@form_view
@secret
@proved(own.NEW_CODE)
def add_code(request: ActorRequest) -> HttpResponse:
    """Show a new code, drawn for this page alone; it opens only once it was read from paper."""
    form = CodeForm(request.POST or None, initial={"code": own.draw_code()})
    done = made(request, form, own.add_code, notice="people/code-added")
    groups = str(form["code"].value()).split("-")
    context = {"form": form, "groups": groups, "own": own.list_own(request.actor)}
    return done or render(request, "people/add_code.html", context)


@form_view
@secret
def change_password(request: ActorRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    done = made(request, form, own.change_password, notice="people/password-changed")
    over = own.request_text("password", request.actor.id)
    context = {"form": form, "over": over, "own": own.list_own(request.actor)}
    return done or render(request, "people/change_password.html", context)


@form_view
@proved(_removal)
def remove_way(request: ActorRequest, slot_id: UUID) -> HttpResponse:
    """Remove a way in, after a second look."""
    if request.method == "POST":
        own.remove(request.actor, slot_id)
        return moved(request, reverse("people:own_keys"), notice="people/way-removed")
    way = own.find_own(request.actor, slot_id)
    if way is None:
        raise Http404
    return render(request, "people/remove_way.html", {"way": way})


@form_view
@secret
def lock_share(request: ActorRequest) -> HttpResponse:
    """Take an officer's share from paper and lock it with password and security key."""
    share = own.find_share(request.actor)
    if share is None:
        raise Http404
    form = ShareForm(request.POST or None)
    done = made(request, form, own.lock_share, notice="people/share-locked")
    context = {"form": form, "over": own.share_request(), "own": own.list_own(request.actor)}
    return done or render(request, "people/lock_share.html", {**context, "share": share})
