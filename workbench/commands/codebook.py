"""voc codebook: what people and the machine make of the same statements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.commands.telling import tell
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.analysis import Analysis

_HEADER = 1_000  # bytes in which a coding names its columns

codebook = typer.Typer(help="Draw statements for people to code, and measure how well codings agree.",
                       no_args_is_help=True)


@codebook.command()
def sample(
    study: Annotated[Path, typer.Argument(help="The study file.")],
    size: Annotated[int, typer.Option(help="Statements to draw.")] = 200,
    output: Annotated[Path, typer.Option(help="Where the sample is written.")] = Path("coding.csv"),
    seed: Annotated[int, typer.Option(help="Another seed draws other statements.")] = 0,
) -> None:
    """Write a CSV file of statements for people to code, and beside it the list of themes to code by."""
    from workbench.analysis import analyse
    from workbench.coding import theme_list, to_code
    from workbench.feedback.spreadsheets import kept_from_dates, write_csv

    _check_suffix(output)
    if output.exists():
        raise InputError(f"{output} is there already and may hold somebody's coding; name another file with --output.")
    analysis = analyse(study, tables=["themes"], progress=False)
    drawn, themes = to_code(analysis, size, seed), output.with_name(f"{output.stem}.themes.csv")
    write_csv(drawn.assign(statement_id=kept_from_dates(drawn["statement_id"])), output)
    write_csv(theme_list(analysis), themes)
    tell(f"{len(drawn):,} statements in {output}: write the number or the label of a theme into the column "
         f"'theme', or 'unassigned'. The themes are in {themes}.")


@codebook.command()
def agreement(
    study: Annotated[Path, typer.Argument(help="The study file.")],
    codings: Annotated[list[Path], typer.Argument(metavar="CODING.csv...", help="One file a coder.")],
    output: Annotated[Path | None, typer.Option(help="Where precision and recall are written as CSV.")] = None,
) -> None:
    """Tell how well coders agree with each other and with the machine; small cells are hidden."""
    from workbench.analysis import analyse
    from workbench.coding import compare, is_hidden
    from workbench.feedback.spreadsheets import write_csv

    if output is not None:
        _check_suffix(output)
        if output.is_file() and b"statement_id" in output.read_bytes()[:_HEADER]:
            raise InputError(f"{output} holds somebody's coding; name another file with --output.")
    analysis = analyse(study, tables=["themes"], progress=False)
    alphas, found = compare(analysis, list(codings))
    for sentence in alphas.attrs["readings"]:
        tell(sentence)
    minimum = analysis.study.insights.minimum_cell
    for row in alphas.assign(is_hidden=is_hidden(alphas, minimum)).to_dict("records"):
        against = "between coders" if row["comparison"] == "coders" else f"{row['comparison']} and machine"
        told = "hidden" if row["is_hidden"] else _with_interval(row, "alpha")
        tell(f"alpha {told}, {against}, {row['drawn']} statements" + ("" if row["is_hidden"] else f": {row['n']:,}"))
    tell(_what_it_holds_of(set(alphas["drawn"])))
    hidden = is_hidden(found, minimum)
    shown = found[(found["language"] == "all") & found["drawn"].isin(["all", "random"]) & ~hidden]
    names = _names(analysis)
    for row in shown.to_dict("records"):
        tell(f"{row['coder']}: {row['measure']} {_with_interval(row, 'value')}, {row['drawn']} statements: "
             f"{row['n']:,}, theme {row['theme_id']} {names[row['theme_id']]}")
    if output is not None:
        write_csv(found.assign(**{name: found[name].mask(hidden)
                                  for name in ("n", "value", "value_low", "value_high")}), output)
        tell(f"By language and of uncertain statements, too, in {output}.")
    tell(f"Hidden are figures of fewer than {minimum} statements, and those by which their number could be computed.")


def _check_suffix(output: Path) -> None:
    if output.suffix.lower() != ".csv":
        raise InputError(f"{output}: what is written here is CSV; give it a name that ends in .csv.")


def _with_interval(row: dict[Any, Any], name: str) -> str:
    if row[name] != row[name]:
        return "unknown"  # of no statements, or of codes that are all the same
    return f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})"


def _what_it_holds_of(drawn: set[str]) -> str:
    """Return what the figures tell, which hangs on how the statements were drawn."""
    if "random" not in drawn:
        return ("No statement is said to be drawn by chance (column 'drawn'): all of this holds for these statements "
                "and tells nothing of the others.")
    return ("Figures of random statements tell how good the coding is as a whole. Among all statements are those that "
            "were chosen for being hard, so that figures of all are mostly too low.")


def _names(analysis: Analysis) -> dict[int, str]:
    table: pd.DataFrame = analysis.themes
    return {int(theme): str(label) for theme, label in zip(table["theme_id"], table["label"], strict=True)}
