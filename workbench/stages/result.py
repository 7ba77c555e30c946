"""What a stage makes."""

from __future__ import annotations

from typing import Any

from workbench.store import Tables

Result = tuple[Tables, dict[str, Any]]
