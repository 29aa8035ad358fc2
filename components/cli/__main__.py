"""``python -m components.cli``, the same as the command ``preflight``."""

import sys

from components.cli import main

if __name__ == "__main__":
    sys.exit(main())
