"""The staff: seen by everybody, changed by registrars; and who is let into a unit's role."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import HolderId
from vaitiolo.people import actions, joining, own_keys, queries
from vaitiolo.people.actor import Actor
from vaitiolo.people.forms import EndAccessForm
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.people.staff_forms import InviteForm, RoleForm
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])


@require_GET
def staff(request: ActorRequest) -> HttpResponse:
    """Show who works here, and since when; to registrars also what waits for them."""
    actor, today = request.actor, day_of(timezone.now())
    requests = _for_registrars(actor) if actor.is_registrar else {}
    colleagues = queries.list_colleagues(actor)
    context = {
        **requests,
        "colleagues": colleagues,
        "waiting": joining.list_waiting(actor),
        "is_registrar": actor.is_registrar,
        "sets_rosters": actor.role in {Role.REGISTRAR, Role.MANAGER},
        "new_since": joining.new_since(today, (one.since for one in colleagues)),
        "ends_before": today + joining.RENEWED_BEFORE,
    }
    return render(request, "people/staff.html", context)


def _for_registrars(actor: Actor) -> dict[str, object]:
    joining.settle(actor)
    return {
        "requests": joining.list_requests(actor),
        "invitations": joining.list_invitations(actor),
    }


@form_view
@only(Role.REGISTRAR)
def invite(request: ActorRequest) -> HttpResponse:
    """Ask somebody to join; the code is shown this once."""
    form = InviteForm(request.POST or None, units=joining.list_units())
    if request.method == "POST" and form.is_valid():
        code, why = joining.try_to_invite(request.actor, form.cleaned_data)
        if code:
            context = {"code": code, "name": form.cleaned_data["name"]}
            return render(request, "people/invited.html", context)
        form.add_error("sign_in", why)
    return render(request, "people/invite.html", {"form": form})


@require_POST
@only(Role.REGISTRAR)
def withdraw_invitation(request: ActorRequest, invitation_id: UUID) -> HttpResponse:
    joining.withdraw_invitation(request.actor, invitation_id)
    return moved(request, reverse("people:staff"), notice="people/invitation-withdrawn")


@form_view
@only(Role.REGISTRAR)
def card(request: ActorRequest, card_id: str) -> HttpResponse:
    """Show a card's eight words; sign it with a touch, or refuse it."""
    wanted, there = bytes.fromhex(card_id), reverse("people:staff")
    if request.method == "POST" and request.POST.get("deed") == "refuse":
        joining.refuse_card(request.actor, wanted)
        return moved(request, there, notice="people/card-refused")
    if request.method == "POST":
        assertion = own_keys.assertion_of(request.POST)
        is_complete = joining.sign_card(request.actor, wanted, assertion=assertion)
        notice = "card-complete" if is_complete else "card-needs-another"
        return moved(request, there, notice=f"people/{notice}")
    over = own_keys.request_text("sign-card", wanted)
    asked = joining.get_request(request.actor, card_id)
    return render(request, "people/card.html", {"asked": asked, "over": over})


@form_view
@only(Role.REGISTRAR)
def change_role(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """Propose another role or unit; the colleague's next sign-in takes it up."""
    colleague = queries.get_colleague(request.actor, HolderId(person_id))
    units = joining.list_units()
    present = next((unit.hex for unit, name in units if name == colleague.unit_name), "")
    form = RoleForm(request.POST or None, units=units, initial={"unit": present})
    if request.method == "POST" and form.is_valid():
        joining.propose_role(request.actor, HolderId(person_id), form.cleaned_data)
        return moved(request, reverse("people:staff"), notice="people/role-proposed")
    return render(request, "people/change_role.html", {"form": form, "colleague": colleague})


@require_POST
@only(Role.RECEPTION)
def let_in(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """Let a colleague of the same role and unit work with what the unit's role card opens."""
    joining.let_in(request.actor, HolderId(person_id))
    return moved(request, reverse("people:staff"), notice="people/let-in")


@form_view
@only(Role.REGISTRAR)
def end_access(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """End a colleague's access, with a reason and a second look; then show what is left of it."""
    actor, person = request.actor, HolderId(person_id)
    form = EndAccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_access(actor, person, reason=form.cleaned_data["reason"])
        return moved(request, reverse("people:staff"), notice="people/access-ended")
    colleague = queries.get_colleague(actor, person)
    left = None if colleague.is_active else joining.find_left(actor, person)
    context = {"left": left, "is_last": joining.is_last_in_role(actor, person)}
    return render(
        request, "people/end_access.html", {"form": form, "colleague": colleague, **context}
    )
