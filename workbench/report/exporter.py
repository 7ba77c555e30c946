"""The report page as an exporter of nbconvert.

Registered with nbconvert under the name ``voc``, so ``jupyter nbconvert --to voc`` makes the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Unicode

from workbench.report.messages import available_languages, load_messages
from workbench.report.pages import notebook_page, translate_prose


class ReportExporter(Exporter):
    """Export a notebook as a report page.

    The language comes from the setting `language`, else from the notebook's metadata (``voc.language``), else
    from its parameters, else it is English. Markdown cells are replaced by the language's own prose where its
    message file has some.

    Examples
    --------
    >>> from nbformat import v4
    >>> cells = [v4.new_markdown_cell("# What customers say\\n\\n## Themes")]
    >>> notebook = v4.new_notebook(cells=cells, metadata={"voc": {"language": "ar"}})
    >>> html, resources = ReportExporter().from_notebook_node(notebook)
    >>> '<html lang="ar" dir="rtl"' in html, '<h2 id="themes">Themes</h2>' in html, resources["output_extension"]
    (True, True, '.html')
    """

    language = Unicode("", help="ISO 639-1 of the page, such as 'ar'; empty for the notebook's own.").tag(config=True)
    output_mimetype = "text/html"
    export_from_notebook = "Voice of Customer report"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, dict[str, Any]]:  # type: ignore[override]
        """Return the page and nbconvert's resources.

        Parameters
        ----------
        nb
            An executed notebook (nbformat 4).
        resources
            nbconvert's own; the notebook's name is taken from it where its metadata do not say it.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        known = notebook.metadata.get("voc", {})
        messages = load_messages(self.language or _language_of(notebook.metadata))
        name = known.get("notebook") or resources.get("metadata", {}).get("name", "")
        translate_prose(notebook, messages, name)
        return notebook_page(notebook, messages), resources


def _language_of(metadata: Mapping[str, Any]) -> str:
    given = metadata.get("papermill", {}).get("parameters", {}).get("language")
    language = metadata.get("voc", {}).get("language", given)
    return language if language in available_languages() else "en"
