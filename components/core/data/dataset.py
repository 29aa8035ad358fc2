"""What a dataset is: columns with a kind and a role, and immutable versions of a table.

The law of ``row_id``: data rows are numbered 0..n-1 in the order of the file, once, at intake. The
number is stored in the Parquet file, shown to the user, and is the only identity of a row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from components.core.data.value_texts import Spelling, value_text
from components.core.errors import NotFound

ROW_ID = "row_id"


class Storage(StrEnum):
    """How a column is stored in the typed Parquet file."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"


class Kind(StrEnum):
    """What the values of a column mean, whatever they are stored as."""

    NUMBER = "number"
    INTEGER = "integer"
    CATEGORY = "category"
    ORDINAL = "ordinal"
    """Few steps in a known order: ratings, low/medium/high; stored as whole numbers or texts."""
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    TEXT = "text"
    LIST = "list"
    """Several things in one cell: JSON, or parts with one sign between; stored as text."""
    LINK = "link"
    """Where something else is: paths of images, addresses of pages; stored as text."""
    GEO = "geo"
    """A latitude or a longitude, with its other half in another column; stored as numbers."""
    IDENTIFIER = "identifier"
    CONSTANT = "constant"
    EMPTY = "empty"

    @property
    def is_numeric(self) -> bool:
        """Whether arithmetic on the values makes sense."""
        return self in {Kind.NUMBER, Kind.INTEGER, Kind.GEO}

    @property
    def is_discrete(self) -> bool:
        """Whether the values are names to be counted."""
        return self in {Kind.CATEGORY, Kind.ORDINAL, Kind.BOOLEAN}

    @property
    def is_wordy(self) -> bool:
        """Whether the values are texts of which parts matter, not names."""
        return self in {Kind.TEXT, Kind.LIST, Kind.LINK}


class Confidence(StrEnum):
    """How sure a guess is."""

    HIGH = "high"
    """All values agree, or name and values do."""
    MEDIUM = "medium"
    """Something speaks for it, and another reading is possible."""
    LOW = "low"
    """It is the best guess that there is: worth a person's look."""


class Role(StrEnum):
    """What a column is for."""

    FEATURE = "feature"
    LABEL = "label"
    SENSITIVE = "sensitive"
    ID = "id"
    ENTITY = "entity"
    """The person, device or customer a row belongs to; its rows belong into one fold."""
    TIME = "time"
    TEXT = "text"
    ANNOTATOR = "annotator"
    SPLIT = "split"
    SOURCE = "source"
    WEIGHT = "weight"
    PREDICTED = "predicted"
    """The probability of one class, as a person's own model predicted it; no input of another."""
    EMBEDDING = "embedding"
    """One number of an embedding: models read it, and alone it means nothing."""
    IGNORE = "ignore"

    @property
    def is_input(self) -> bool:
        """Whether a model may read the column (sensitive attributes are read unless ignored)."""
        return self in {Role.FEATURE, Role.SENSITIVE, Role.TEXT, Role.TIME, Role.EMBEDDING}


def stem_of(name: str) -> str:
    """Return a name without the running number at its end."""
    return name.rstrip("0123456789")


class Task(StrEnum):
    """What a model would learn from the label."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    SEVERAL = "several labels per row"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a dataset version.

    Attributes
    ----------
    name
        The unique name that is shown and asked for. Made from the header; see ``header``.
    field
        The physical name in the Parquet files (``c0``, ``c1``, ...), safe in every engine.
    header
        The text of the header cell as uploaded ("" where there was none).
    disguised
        The texts in this column that stand for a missing value (``?``, ``N/A``); stored as null
        in the typed table, kept as they are in the text table.
    format
        How a text is read as a value, where that is not plain: ``1.234,5`` (an example of the
        notation, with a percent or currency sign after a space), ``%d.%m.%Y`` (several with
        ``|`` between), ``yes/no``. The table and the export depend on it.
    spelling
        How the file writes true and false (``("Yes", "No")``); where it writes them in several
        ways, the most frequent ones (of a sample, in a long file). None for other values, and
        where it is not known.
    kind_why, role_why
        The evidence for the guess, one sentence each; empty when a person chose.
    kind_confidence, role_confidence
        How sure the guess is; high when a person chose.
    """

    name: str
    field: str
    header: str = ""
    storage: Storage
    kind: Kind
    role: Role = Role.FEATURE
    kind_why: str = ""
    role_why: str = ""
    disguised: tuple[str, ...] = ()
    format: str = ""
    spelling: Spelling | None = None
    kind_confidence: Confidence = Confidence.HIGH
    role_confidence: Confidence = Confidence.HIGH

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers that a model reads as such; steps in order are."""
        stored = self.storage in {Storage.INTEGER, Storage.NUMBER}
        return stored and (self.kind.is_numeric or self.kind is Kind.ORDINAL)

    def text_of(self, value: object) -> str:
        """Return one of its values as text, spelled as in the file."""
        return value_text(value, self.spelling)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetVersion:
    """An immutable table with the roles under which it is looked at.

    Attributes
    ----------
    id
        The short name of the version, unique in a workspace.
    name
        The name of the uploaded file, for people.
    sha256
        The fingerprint of the uploaded bytes, 64 hexadecimal digits.
    parent
        The version that this one was made from, or None.
    demo
        Whether this is a demonstration sample with planted problems.
    owner
        Who brought it; "" where nobody said a name.
    no_label
        Whether a person said that no column is the label; a guess is no such word.
    """

    id: str
    name: str
    sha256: str
    n_rows: int
    columns: tuple[Column, ...]
    parent: str | None = None
    demo: bool = False
    owner: str = ""
    no_label: bool = False

    def column(self, name: str) -> Column:
        """Return the column called ``name``.

        Raises
        ------
        NotFound
            When there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(f"There is no column “{name}” in {self.name}.", "Check the spelling.")

    def with_roles(self, *roles: Role) -> tuple[Column, ...]:
        """Return the columns that have one of ``roles``, in file order."""
        return tuple(c for c in self.columns if c.role in roles)

    @property
    def label(self) -> Column | None:
        """The label column, or None."""
        labels = self.with_roles(Role.LABEL)
        return labels[0] if labels else None

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that a model may read, without empty and constant ones."""
        return tuple(
            c
            for c in self.columns
            if c.role.is_input and c.kind not in {Kind.EMPTY, Kind.CONSTANT, Kind.IDENTIFIER}
        )

    @property
    def single_inputs(self) -> tuple[Column, ...]:
        """The inputs that mean something alone: all but the numbers of embeddings."""
        return tuple(c for c in self.inputs if c.role is not Role.EMBEDDING)

    @property
    def task(self) -> Task:
        """What a model would learn from the label."""
        if self.label is None:
            return Task.NONE
        if self.label.kind is Kind.LIST:
            return Task.SEVERAL
        return Task.REGRESSION if self.label.kind.is_numeric else Task.CLASSIFICATION

    def with_columns(self, columns: tuple[Column, ...]) -> DatasetVersion:
        """Return the same version under other kinds or roles."""
        return replace(self, columns=columns)
