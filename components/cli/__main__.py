"""``python -m components.cli``, the same as the command ``preflight``."""

from components.cli import run

if __name__ == "__main__":
    run()
