"""The page that stands in for a report which could not be made: where it stopped, why, and how to run it again."""

from __future__ import annotations

from workbench.report.execution import Failure
from workbench.report.messages import Messages


def failure_page(failure: Failure, messages: Messages, *, name: str, command: str, timeout: float) -> str:
    """Return the page, in the report's own style and language, without the words of foreign exceptions.

    Parameters
    ----------
    failure
        What went wrong.
    messages
        The language of the report.
    name
        The notebook's name.
    command
        What to type to run the report again.
    timeout
        Seconds that one cell was allowed.

    Examples
    --------
    >>> from workbench.report.messages import load_messages
    >>> failure = Failure(4, "الموضوعات", "error", "KeyError", "'<ژاله>'")
    >>> html = failure_page(failure, load_messages("fa"), name="voice", command="voc report voice", timeout=60)
    >>> "خانهٔ ۴ دفترچه، زیر عنوان «الموضوعات»" in html, "KeyError" in html, "ژاله" in html
    (True, True, False)
    """
    from workbench.report.template import environment, page_html

    body = environment().get_template("failure.html.j2").render(
        m=messages,
        name=name,
        where=_where(failure, messages),
        why=_why(failure, messages, timeout),
        error="" if failure.is_own else failure.error,
        command=command,
    )
    return page_html(messages, title=messages("page.failed_title"), parts=[body])


def failure_sentence(failure: Failure, timeout: float) -> str:
    """Return the failure as one line for the terminal, without the words of foreign exceptions.

    Examples
    --------
    >>> failure_sentence(Failure(2, "Themes", "error", "StudyError", "the study has no comments."), 60)
    "cell 2 (under 'Themes') failed: the study has no comments"
    >>> failure_sentence(Failure(2, "", "error", "KeyError", "'سلام'"), 60)
    'cell 2 failed with KeyError'
    """
    if failure.cell_number is None:
        return "its kernel did not start"
    where = f"cell {failure.cell_number}"
    where += f" (under {failure.heading!r})" if failure.heading else ""
    if failure.is_own:
        return f"{where} failed: {failure.detail.rstrip('.')}"
    endings = {
        "error": f"failed with {failure.error}",
        "dead": "stopped because the kernel died",
        "time": f"took longer than {timeout:g} seconds",
        "unfinished": "was not executed to its end",
    }
    return f"{where} {endings[failure.kind]}"


def _where(failure: Failure, messages: Messages) -> str:
    if failure.cell_number is None:
        return ""
    if failure.heading:
        return messages("page.failed_cell_under", number=failure.cell_number, heading=failure.heading)
    return messages("page.failed_cell", number=failure.cell_number)


def _why(failure: Failure, messages: Messages, timeout: float) -> str:
    if failure.kind == "error":
        return failure.detail if failure.is_own else ""
    return messages(f"page.failed_why_{failure.kind}", **({"seconds": timeout} if failure.kind == "time" else {}))
