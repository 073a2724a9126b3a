"""``python -m daz_planner``: the same as the console script ``daz-planner``."""

from __future__ import annotations

import sys

from daz_planner.cli import main

if __name__ == "__main__":
    sys.exit(main())
