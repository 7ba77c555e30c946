"""The public sets that measurements read, and where each is to be had."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PUBLIC = {
    "airline_tweets": "tweets to six US airlines, February 2015 (Crowdflower, published as CC BY-NC-SA)",
    "banking77_ar_sample": "ArBanking77, Arabic questions to a bank (github.com/SinaLab/ArBanking77, CC BY-SA 4.0)",
    "banking77_en": "banking77, English questions to a bank (github.com/PolyAI-LDN/task-specific-datasets, CC BY 4.0)",
    "clinc150": "clinc150, English requests to an assistant (github.com/clinc/oos-eval, CC BY 3.0)",
    "olist_reviews_all_incl_no_text": "orders and reviews of a Brazilian marketplace (Olist, kaggle.com/olistbr, "
                                      "CC BY-NC-SA 4.0)",
    "persian_snappfood": "SnappFood, comments on Persian food orders (hooshvare.github.io)",
    "semeval2016_ar_hotel_reviews": "Arabic hotel reviews of SemEval-2016 task 5 (github.com/msmadi/ABSA-Hotels)",
    "sib200_20_languages": "SIB-200, the same sentences in 20 languages (github.com/dadelani/sib-200, CC BY-SA 4.0)",
}


def there(data: Path | None, names: Sequence[str]) -> list[str]:
    """Return those of some sets that lie in the folder."""
    return [name for name in names if data is not None and (data / f"{name}.parquet").is_file()]


def missing(data: Path | None, names: Sequence[str]) -> str:
    """Return one sentence on the sets that are not there and where to get each; nothing where all are.

    Examples
    --------
    >>> missing(None, ["clinc150"])  # doctest: +ELLIPSIS
    'Not in ... clinc150.parquet, which is clinc150, English requests ... CC BY 3.0).'
    """
    wanted = [name for name in names if name not in there(data, names)]
    if not wanted:
        return ""
    listed = "; ".join(f"{name}.parquet, which is {PUBLIC[name]}" for name in wanted)
    return f"Not in the data folder as Parquet with `text`, `language` and `label`: {listed}."
