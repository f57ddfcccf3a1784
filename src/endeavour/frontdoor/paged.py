"""Forms of one question, or one tight group, a page: the answers so far travel in the form itself.

Nothing is kept anywhere until the last button, and nothing typed is lost: going back, a mistake, or too many words bring
the page again with every word on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

CHECK = "check"
# Far beyond any limit a form sets, so that what is too long is shown again whole and never cut.
LONGEST = 20_000
Answers = dict[str, str]


@dataclass(frozen=True)
class PagedForm:
    """The pages of a form in order, the fields each asks for, and what is wrong with one page's answers, by field."""

    pages: Mapping[str, tuple[str, ...]]
    wrong: Callable[[str, Answers], dict[str, str]]

    @property
    def steps(self) -> list[str]:
        """The pages, and the last on which the answers are checked."""
        return [*self.pages, CHECK]


@dataclass(frozen=True)
class Turn:
    """Where somebody stands in a form: the page to show, the answers so far, what is wrong, and whether it may be sent."""

    form: PagedForm
    step: str
    answers: Answers
    errors: dict[str, str]
    ready: bool = False
    seen: bool = False

    @property
    def context(self) -> dict[str, object]:
        """What every page of such a form shows."""
        steps = self.form.steps
        asked, at = self.form.pages.get(self.step, ()), steps.index(self.step)
        return {
            "step": self.step, "answers": self.answers, "errors": self.errors, "number": at + 1, "of": len(steps),
            "error_list": [{"text": text, "href": f"#{field}"} for field, text in self.errors.items()],
            "hidden": [(k, v) for k, v in self.answers.items() if v and k not in asked],
            "back": steps[at - 1] if at else "", "seen": self.seen or self.step == CHECK,
        }  # fmt: skip

    def stopped(self, words: str) -> Turn:
        """The last page again, with why what was sent was not taken."""
        return replace(self, step=CHECK, errors={"send": words}, ready=False)


def take_turn(form: PagedForm, posted: Mapping[str, str] | None) -> Turn:
    """The next page after what was posted (None on the first visit); a wrong page comes again with its answers.

    After a change from the last page it leads straight back there, unless the change left another page wrong.

    >>> asks = PagedForm({"who": ("name",), "why": ("words",)}, lambda step, a: {} if a["name"] else {"name": "Write it"})
    >>> take_turn(asks, None).step
    'who'
    >>> take_turn(asks, {"step": "who", "name": ""}).errors
    {'name': 'Write it'}
    >>> take_turn(asks, {"step": "who", "name": "Ada"}).step
    'why'
    """
    fields = [field for page in form.pages.values() for field in page]
    first = next(iter(form.pages))
    if posted is None:
        return Turn(form, first, dict.fromkeys(fields, ""), {})
    # Browsers send a line's end as two characters; counted as one, as the person sees it.
    answers = {f: posted.get(f, "")[:LONGEST].replace("\r\n", "\n").replace("\x00", "") for f in fields}
    at, chosen, seen = (
        posted.get("step", ""),
        posted.get("go", ""),
        CHECK in (posted.get("step"), posted.get("seen")),
    )
    if chosen in form.pages:
        return Turn(form, chosen, answers, {}, seen=seen)
    if at in form.pages and (errors := form.wrong(at, answers)):
        return Turn(form, at, answers, errors, seen=seen)
    if at in form.pages and not seen:
        return Turn(form, form.steps[form.steps.index(at) + 1], answers, {})
    if at != CHECK and not seen:
        return Turn(form, first, answers, {})
    bad = next((page for page in form.pages if form.wrong(page, answers)), "")
    if bad:
        return Turn(form, bad, answers, form.wrong(bad, answers), seen=True)
    return Turn(form, CHECK, answers, {}, ready=at == CHECK, seen=True)
