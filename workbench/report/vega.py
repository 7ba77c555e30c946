"""The drawing library that every page with a figure carries: one file, made once, no network.

The file comes from vl-convert, so that the still pictures and the live charts are drawn by the same versions.
Make it again with ``python -m workbench.report.vega`` when vl-convert changes.
"""

from __future__ import annotations

import os
from pathlib import Path

BUNDLE = Path(__file__).parent / "template" / "vega-bundle.js"
BUNDLE_SHA256 = "3425bd951a44d478d0505c6b5d1e8d57656b6e9a4da7bfe88a718ce61d76e572"


def build_bundle() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script; takes some seconds."""
    import vl_convert

    return str(vl_convert.javascript_bundle())  # type: ignore[call-arg]


def main() -> None:
    """Write the bundle into the package."""
    draft = BUNDLE.with_suffix(".tmp")
    draft.write_bytes(build_bundle().encode())
    os.replace(draft, BUNDLE)


if __name__ == "__main__":
    main()
