"""What must be there for a check to run."""

from __future__ import annotations

from dataclasses import dataclass

from components.core.data.dataset import DatasetVersion, Kind, Role, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What must be there for a check to run; otherwise it is skipped with the reason.

    Attributes
    ----------
    roles
        Roles of which at least one column each is needed.
    task
        The task that the label must set.
    min_rows
        Fewest rows on which the check says anything.
    open_label
        Whether the check is about there being a label: it does not apply where a person said that
        there is none.
    reference
        Whether the check compares with another table (:attr:`RunContext.reference`).
    """

    roles: tuple[Role, ...] = ()
    task: Task | None = None
    min_rows: int = 1
    open_label: bool = False
    reference: bool = False

    def lacking(self, version: DatasetVersion) -> tuple[Role, ...]:
        """Return the roles that are needed and that no usable column has.

        A label that is empty, or that has one class only, is not usable.
        """
        wanted = dict.fromkeys(self.roles)
        if self.task is not None or self._is_settled(version):
            wanted[Role.LABEL] = None
        return tuple(role for role in wanted if not _has(version, role))

    def is_for_other_task(self, version: DatasetVersion) -> bool:
        """Whether the label of a table sets another task than the check is for."""
        label = version.label
        is_about_label = self.task is not None or Role.LABEL in self.roles
        if label is None or label.kind in {Kind.EMPTY, Kind.CONSTANT} or not is_about_label:
            return False
        return bool(self._other_task(label.name, version.task))

    def unmet(self, version: DatasetVersion, *, has_reference: bool = False) -> str:
        """Return why the check cannot run, as a sentence; "" when it can."""
        if self.reference and not has_reference:
            return "It compares with another table, and no reference was given."
        if self._is_settled(version):
            return "A person said that there is no label."
        for role in self.roles:
            if not version.with_roles(role):
                return f"No column has the role “{role.value}”."
        if reason := self._unusable_label(version):
            return reason
        if version.n_rows < self.min_rows:
            return f"It needs at least {self.min_rows:,} rows; the table has {version.n_rows:,}."
        return ""

    def _is_settled(self, version: DatasetVersion) -> bool:
        return self.open_label and version.no_label and version.label is None

    def _unusable_label(self, version: DatasetVersion) -> str:
        label, task = version.label, self.task
        if label is None:
            return "" if task is None else f"It needs a label for {task.value}."
        if task is None and Role.LABEL not in self.roles:
            return ""
        if label.kind is Kind.EMPTY:
            return f"The label “{label.name}” has no values."
        if label.kind is Kind.CONSTANT:
            return f"The label “{label.name}” has one class only."
        return self._other_task(label.name, version.task)

    def _other_task(self, label: str, task: Task) -> str:
        if self.task is None:
            several = f"The label “{label}” holds several labels per row; the check asks for one."
            return several if task is Task.SEVERAL else ""
        if task is self.task:
            return ""
        return f"The label “{label}” is for {task.value}, and the check needs {self.task.value}."


def _has(version: DatasetVersion, role: Role) -> bool:
    columns = version.with_roles(role)
    if role is Role.LABEL:
        return bool(columns) and columns[0].kind not in {Kind.EMPTY, Kind.CONSTANT}
    return bool(columns)
