"""The errors that Preflight raises on purpose.

::

    PreflightError          a sentence a person can act on
    ├── UnusableInput       the file or the arguments cannot be used (command line: exit status 2)
    │   └── ChoiceNeeded    it holds several tables: one must be named
    ├── NotFound            no such dataset, run, column or check
    ├── NotApplicable       a check has nothing to say about this table (the check is SKIPPED)
    ├── Cancelled           a person asked the run to stop
    ├── Conflict            somebody else changed it first, or it contradicts what is stored
    ├── Damaged             a file of ours, or the database, cannot be read any more
    ├── NotKept             it could not be written; what was kept before is as it was
    └── OutOfMemory, OutOfDisk, OutOfTime   the machine, or a limit, ended the work
"""

from __future__ import annotations


class PreflightError(Exception):
    """An expected failure, told in words for the person who has to act.

    Parameters
    ----------
    what
        One sentence: what is wrong, and where.
    todo
        One sentence that starts with a verb: what the person can do about it.
    """

    def __init__(self, what: str, todo: str = "") -> None:
        self.what = what
        self.todo = todo
        super().__init__(f"{what} {todo}".strip())


class UnusableInput(PreflightError):
    """The file, or an argument about it, cannot be used as it is."""


class ChoiceNeeded(UnusableInput):
    """The file holds several tables, and only a person can say which one is meant.

    Parameters
    ----------
    choices
        The names to choose from, as they stand in the file: untrusted.
    """

    def __init__(self, what: str, todo: str = "", *, choices: tuple[str, ...]) -> None:
        super().__init__(what, todo)
        self.choices = choices


class NotFound(PreflightError):
    """Something asked for by name or id does not exist."""


class NotApplicable(PreflightError):
    """A check has nothing to say about this table; its reason is shown to the user."""


class Cancelled(PreflightError):
    """A person asked the run to stop."""

    def __init__(self) -> None:
        super().__init__("The run was cancelled.")


class Conflict(PreflightError):
    """The change contradicts what is stored already."""


class Damaged(PreflightError):
    """A file that we wrote, or the database, cannot be read: cut off, emptied or overwritten."""


class NotKept(PreflightError):
    """Something could not be written; what was kept before is as it was."""


class OutOfMemory(PreflightError):
    """The work needed more memory than there was, or than it was allowed."""


class OutOfDisk(PreflightError):
    """The disk was full."""


class OutOfTime(PreflightError):
    """The work took longer than it was allowed."""
