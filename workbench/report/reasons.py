"""Why a study gives another analysis than the one that a report was made of, told by the manifests of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Manifest = Mapping[str, Any]


def reasons(then: Manifest, now: Manifest) -> list[str]:
    """Return what lies between two analyses of a study, a clause each: files, people's rules, settings, the package.

    Parameters
    ----------
    then, now
        The manifests of both, as `workbench.store.Store.manifest` returns them.

    Examples
    --------
    >>> then = {"made_of": {"files": [["a.csv", "1"]]}, "facts": {"feedback": {"told": "3 comments, 0 rejected"}}}
    >>> now = {"made_of": {"files": [["a.csv", "2"]]}, "facts": {"feedback": {"told": "4 comments, 1 rejected"}}}
    >>> reasons(then, now)
    ['a.csv has changed (3 comments, 0 rejected then; 4 comments, 1 rejected now)']
    """
    before, after = then.get("made_of", {}), now.get("made_of", {})
    found = [*_files(then, now), *_forgotten(then, now)]
    found += [f"the {name} has changed" for name in sorted({*before, *after} - {"files", "code"})
              if before.get(name) != after.get(name)]
    if settings := sorted(_unlike(then.get("study"), now.get("study"))):
        found.append(f"settings have changed: {', '.join(settings)}")
    if packages := sorted(_unlike(then.get("packages"), now.get("packages"))):
        found.append(f"other versions are installed of {', '.join(packages)}")
    if [before.get("code"), then.get("version")] != [after.get("code"), now.get("version")]:
        found.append("the workbench has changed")
    if not found:
        runs = [manifest.get("facts", {}).get("coding", {}).get("baseline_run") for manifest in (then, now)]
        found.append("themes are numbered after another run of the study than then" if runs[0] != runs[1] else
                     "comments dated in days to come are counted up to another day")
    return found


def _files(then: Manifest, now: Manifest) -> Iterator[str]:
    before, after = (_digests(manifest) for manifest in (then, now))
    words = [(name, "is gone" if name not in after else "is new" if name not in before else "has changed")
             for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if words:
        told = [manifest.get("facts", {}).get("feedback", {}).get("told", "not known") for manifest in (then, now)]
        yield f"{', '.join(f'{name} {word}' for name, word in words)} ({told[0]} then; {told[1]} now)"


def _digests(manifest: Manifest) -> dict[str, list[str]]:
    """Return the digests of the files of each name, of which several folders may hold one."""
    found: dict[str, list[str]] = {}
    for name, digest in manifest.get("made_of", {}).get("files", []):
        found.setdefault(name, []).append(digest)
    return found


def _forgotten(then: Manifest, now: Manifest) -> Iterator[str]:
    counts = [manifest.get("facts", {}).get("feedback", {}).get("forgotten", 0) for manifest in (then, now)]
    if counts[0] != counts[1]:
        yield f"rows of customers who asked to be forgotten: {counts[1]} now, {counts[0]} then"


def _unlike(then: Any, now: Any, name: str = "") -> Iterator[str]:
    """Yield the dotted names of settings that differ."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key in {*then, *now}:
            yield from _unlike(then.get(key), now.get(key), f"{name}.{key}".lstrip("."))
    elif then != now:
        yield name
