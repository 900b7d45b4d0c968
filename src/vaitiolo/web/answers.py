"""How a view answers: a page, a fragment or JSON, and where to go after a deed.

What was asked for is read from headers alone, never from the address.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from vaitiolo.web.notices import tell

FRAGMENT_HEADER = "X-Fragment"


def wants_json(request: HttpRequest) -> bool:
    """Tell whether one of our modules asked, which reads JSON and not pages."""
    return request.headers.get("Accept", "").startswith("application/json")


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether `find.js` asked and wants the list of results without the page around it."""
    return FRAGMENT_HEADER in request.headers


def moved(request: HttpRequest, url: str, *, notice: str = "") -> HttpResponse:
    """Send the person on after a deed, with a notice to be shown there once."""
    answer = JsonResponse({"next": url}) if wants_json(request) else HttpResponseRedirect(url)
    if notice:
        tell(request, answer, notice)
    return answer
