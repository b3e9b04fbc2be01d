"""From the parts of a page to its bytes."""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from engine.report.html.blocks import ReportPage
from engine.report.html.stylesheet import stylesheet
from engine.util.visible import visible


def html_page(page: ReportPage) -> str:
    """One file that needs no other. The same page gives the same text."""
    style = stylesheet()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template("page.html")
    return template.render(page=page, style=Markup(style), style_digest=digest)


@cache
def _environment() -> Environment:
    """Every word is escaped; what is no letter at all is shown as an escape."""
    environment = Environment(
        loader=PackageLoader("engine.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters["svg"] = Markup
    return environment


def _shown(value: object) -> object:
    return visible(value) if type(value) is str else value
