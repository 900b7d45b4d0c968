"""The components that need more than an include: icons, fields, places in the diary."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import RequestContext
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from vaitiolo.web.context import around as page_around

register = template.Library()

# The grid has a row for five minutes; what is shorter than three of them could not be read.
_STEP = 5
_SHORTEST = 3
_LONGEST = 144


@register.simple_tag(takes_context=True)
def around(context: RequestContext) -> str:
    """Put what every page shows into the context; what the view gave stays."""
    request = context.get("request")
    for name, value in (page_around(request) if request else {}).items():
        if name not in context:
            context[name] = value
    return ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite. It is always decoration: the words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("web/icons.svg"),
        name,
    )


@register.inclusion_tag("web/part/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Draw a field with its label, hint and errors, joined for screen readers."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "hint": bound.help_text,
        # A group of boxes is a group; one box stands before its words.
        "is_check": kind == "checkbox" and not bound.use_fieldset,
        "is_group": bound.use_fieldset,
    }


@register.inclusion_tag("web/part/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """Draw the summary of what must be put right, each line leading to its field."""
    return {"form": form, "wrong": [bound for bound in form if bound.errors]}


@register.simple_tag
def slot(starts_at: datetime, ends_at: datetime) -> str:
    """Name the classes that put an appointment at its place in the diary's grid."""
    start = timezone.localtime(starts_at) if timezone.is_aware(starts_at) else starts_at
    steps = round((ends_at - starts_at).total_seconds() / 60 / _STEP)
    hours, minutes = divmod(min(max(steps, _SHORTEST), _LONGEST) * _STEP, 60)
    minute = start.minute // _STEP * _STEP
    return f"h-{start.hour} m-{minute} lh-{hours} lm-{minutes}"


@register.filter
def role_name(role: object) -> str:
    """Say a role in the reader's language; an unknown one as it stands."""
    names = {
        "therapist": pgettext("role", "Therapist"),
        "reception": pgettext("role", "Reception"),
        "billing": pgettext("role", "Billing"),
        "manager": pgettext("role", "Head of unit"),
        "registrar": pgettext("role", "Registrar"),
        "duty": pgettext("role", "On call"),
        "officer": pgettext("role", "Privacy officer"),
        "privacy_officer": pgettext("role", "Privacy officer"),
        "operator": pgettext("role", "Operator"),
    }
    word = str(getattr(role, "name", role)).lower()
    return names.get(word, word)
