"""What people are asked about each type of item, in words, and the keys of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from components.core.judgement.review import Action, ItemType


@dataclass(frozen=True, slots=True)
class ItemWords:
    """How a type of item is spoken of.

    Attributes
    ----------
    question
        The question of the page.
    tab
        Its name among the others.
    one, many
        What is counted, as in “3 unusual rows”.
    """

    question: str
    tab: str
    one: str
    many: str


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An answer: its key, what it decides, and what it is called."""

    key: str
    action: Action
    text: str


WORDS = {
    ItemType.LABEL: ItemWords(
        "Is this label right?", "Labels", "doubtful label", "doubtful labels"
    ),
    ItemType.UNLABELLED: ItemWords(
        "Which label does this row have?",
        "Rows without a label",
        "row without a label",
        "rows without a label",
    ),
    ItemType.CELL: ItemWords("Is this value right?", "Values", "doubtful value", "doubtful values"),
    ItemType.ROW: ItemWords("Is this row right?", "Rows", "unusual row", "unusual rows"),
    ItemType.REPEATS: ItemWords(
        "Are these rows one case or several?", "Repeats", "set of equal rows", "sets of equal rows"
    ),
}

_ALL = (
    ItemChoice("k", Action.KEEP, "Keep"),
    ItemChoice("l", Action.CHANGE, "Accept"),
    ItemChoice("x", Action.EXCLUDE, "Leave out"),
    ItemChoice("n", Action.UNSURE, "Not sure"),
    ItemChoice("e", Action.ESCALATE, "Hand on"),
)
_OWN = {
    ItemType.UNLABELLED: (ItemChoice("k", Action.KEEP, "Leave empty"),),
    ItemType.ROW: (
        ItemChoice("k", Action.KEEP, "Rare but right"),
        ItemChoice("l", Action.ERROR, "Error, leave it in for now"),
    ),
    ItemType.REPEATS: (
        ItemChoice("k", Action.KEEP, "Keep all"),
        ItemChoice("l", Action.EXCLUDE, "Keep one"),
    ),
}


class KeyPreset(StrEnum):
    """Whose keys decide."""

    OWN = ""
    CLEANLAB_STUDIO = "cleanlab-studio"


THEIR_KEYS: Mapping[KeyPreset, Mapping[str, str]] = {
    KeyPreset.OWN: {},
    KeyPreset.CLEANLAB_STUDIO: {"k": "q", "l": "w", "x": "e", "e": "x"},
}
"""By our key the one of another tool, where it differs.

Those of Cleanlab Studio are as its guide to the resolver lists them (N: needs review, E: exclude,
Q: keep the given label, W: the suggested one, 1, 2, ...: a class). To hand on is not among them.
"""


def choices(
    item_type: ItemType, actions: Sequence[Action], preset: KeyPreset = KeyPreset.OWN
) -> tuple[ItemChoice, ...]:
    """Return the answers that make sense about an item, in the order of our keys.

    The same keys keep, accept what the check says, and leave out, whatever the item is.
    """
    own = _OWN.get(item_type, ())
    taken = {choice.action for choice in own}
    keys = {choice.key for choice in own}
    others = (c for c in _ALL if c.key not in keys and c.action not in taken)
    found = sorted((*own, *others), key=lambda c: [one.key for one in _ALL].index(c.key))
    theirs = THEIR_KEYS[preset]
    offered = (choice for choice in found if choice.action in actions)
    return tuple(replace(choice, key=theirs.get(choice.key, choice.key)) for choice in offered)
