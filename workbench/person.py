"""Who is to be forgotten: what one customer is known by in a store, and where that stands in a table or a text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial

import pandas as pd

from workbench.feedback.naming import spelt
from workbench.themes.naming import label_without
from workbench.traces import is_small_number


@dataclass(frozen=True)
class Person:
    """One customer.

    Attributes
    ----------
    customer_id : str
        As the source has it.
    comments : frozenset of str
        Their ids.
    texts : frozenset of str
        What nobody else wrote, as it is and as reports show it.
    keys : frozenset of bytes
        Of the vector cache.
    words : frozenset of str
        Those that nobody else used, in small letters.
    id_columns : frozenset of str
        What sources call the column of customers' ids, as `spelt` returns it.

    Examples
    --------
    >>> person = Person("K-1", frozenset(["S1"]), frozenset(), frozenset(), frozenset(["zorblax"]))
    >>> person.is_named_in('{"customer_id": "K-1"}'), person.is_named_in("K-12")
    (True, False)
    >>> person.rows("words", pd.DataFrame({"statement_id": ["S1/0", "S12/0"]})).tolist()
    [True, False]
    >>> person.unsaid(pd.DataFrame({"label": ["Zorblax · قبض", "late"]}))["label"].tolist()
    ['قبض', 'late']
    """

    customer_id: str
    comments: frozenset[str]
    texts: frozenset[str]
    keys: frozenset[bytes]
    words: frozenset[str] = frozenset()
    id_columns: frozenset[str] = frozenset()

    def rows(self, name: str, table: pd.DataFrame) -> pd.Series:
        """Return which rows of a table are this customer's."""
        mine = pd.Series(False, index=table.index)
        if "customer_id" in table:
            mine |= table["customer_id"].eq(self.customer_id).fillna(False).astype(bool)
        if "feedback_id" in table:
            mine |= table["feedback_id"].isin(self.comments)
        for column in ("statement_id", "neighbour_id"):  # the neighbour is like one of the customer's
            if column in table and "feedback_id" not in table:
                mine |= table[column].str.rsplit("/", n=1).str[0].isin(self.comments)
        if name == "rejected" and "row" in table:
            mine |= table["row"].map(self._wrote).astype(bool)
        return mine

    def _wrote(self, row: str) -> bool:
        """Return whether a rejected row is of this customer: a small number must stand where ids do, not as a score."""
        cells = json.loads(row) if self.id_columns and is_small_number(self.customer_id) else None
        if not isinstance(cells, dict):
            return self.is_named_in(row)
        return any(spelt(name) in self.id_columns and str(cell).strip() == self.customer_id
                   for name, cell in cells.items())

    def is_named_in(self, text: object) -> bool:
        """Return whether the id stands in a text as a word of its own, be it plain or as JSON and CSV write it."""
        plain = (self.customer_id, json.dumps(self.customer_id, ensure_ascii=False)[1:-1])
        forms = sorted({*plain, *(form.replace('"', '""') for form in plain)})
        return re.search(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", str(text)) is not None

    def unsaid(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table of terms or labels without the words that nobody else used; itself if it has none of them."""
        if "term" in table and (said := table["term"].astype("str").str.casefold().isin(self.words)).any():
            table = table[~said].reset_index(drop=True)
        if "label" in table:
            labels = table["label"].map(partial(label_without, words=self.words), na_action="ignore")
            if not labels.equals(table["label"]):
                table = table.assign(label=labels.astype(table["label"].dtype))
        return table
