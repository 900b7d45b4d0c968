"""One fixed line shown once after a deed, such as "The note is signed".

Only a code travels, in a cookie that lives a minute: `charts/signed` names the template
`charts/notices/signed.html`. No text and no name of a person is ever put into it.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

COOKIE = "notice"
_CODE = re.compile(r"([a-z]{2,20})/([a-z-]{2,40})")


def tell(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Have the next page show the notice with this code."""
    response.set_cookie(
        COOKIE, code, max_age=60, httponly=True, samesite="Strict", secure=request.is_secure()
    )


def template_of(request: HttpRequest) -> str:
    """Return the template of the notice that waits, or nothing: a forged code shows nothing."""
    code = _CODE.fullmatch(request.COOKIES.get(COOKIE, ""))
    if code is None:
        return ""
    name = f"{code[1]}/notices/{code[2]}.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name
