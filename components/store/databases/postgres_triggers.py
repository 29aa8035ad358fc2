"""What PostgreSQL refuses by itself: to change or to put in between what was written."""

from __future__ import annotations

_REFUSE = """
CREATE FUNCTION preflight_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$
"""

_REFUSE_UNLESS_REMOVED = """
CREATE FUNCTION preflight_refuse_unless_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM datasets AS d
               WHERE d.id = OLD.dataset_id AND d.removed_at IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$
"""

_DECISIONS_STAY = "decisions are kept as long as their table"
_ANSWERS_STAY = "acceptances are kept as long as their table"
_EVENTS_STAY = "audit events are kept for ever"


def _emptying(table: str, words: str) -> str:
    """Return the trigger that refuses to empty a table without looking at its rows."""
    return f"""CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}
       EXECUTE FUNCTION preflight_refuse('{words}')"""


def _changing(table: str, once: str, words: str) -> str:
    """Return the trigger that lets nothing change but one mark, from false to true."""
    return f"""CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} FOR EACH ROW
       WHEN (OLD.{once}
             OR to_jsonb(NEW.*) - '{once}' IS DISTINCT FROM to_jsonb(OLD.*) - '{once}')
       EXECUTE FUNCTION preflight_refuse('{words}')"""


APPEND_ONLY = (
    _REFUSE,
    _REFUSE_UNLESS_REMOVED,
    f"""CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions FOR EACH ROW
       EXECUTE FUNCTION preflight_refuse_unless_removed('{_DECISIONS_STAY}')""",
    _changing("decisions", "undone", "a decision can only be undone, once"),
    _emptying("decisions", _DECISIONS_STAY),
    f"""CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events FOR EACH ROW
       EXECUTE FUNCTION preflight_refuse('{_EVENTS_STAY}')""",
    """CREATE TRIGGER audit_events_keep BEFORE UPDATE ON audit_events FOR EACH ROW
       EXECUTE FUNCTION preflight_refuse('audit events never change')""",
    _emptying("audit_events", _EVENTS_STAY),
)
"""Triggers that keep the history as it was written; a column that comes later is kept, too."""

ANSWERS_STAY = (
    f"""CREATE TRIGGER accepted_findings_stay BEFORE DELETE ON accepted_findings FOR EACH ROW
       EXECUTE FUNCTION preflight_refuse_unless_removed('{_ANSWERS_STAY}')""",
    _changing("accepted_findings", "withdrawn", "an acceptance can only be taken back, once"),
    _emptying("accepted_findings", _ANSWERS_STAY),
)
"""The same for what the fifth migration adds."""


def _adding(table: str, body: str) -> tuple[str, str]:
    """Return the trigger that looks at what is added, and its function."""
    function = f"""CREATE FUNCTION preflight_{table}_added() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE
           newest timestamptz := (SELECT e.at::timestamptz - interval '5 minutes'
                                  FROM audit_events AS e ORDER BY e.id DESC LIMIT 1);
           refused text;
       BEGIN
           IF NEW.id <= coalesce((SELECT max(t.id) FROM {table} AS t), 0) THEN
               refused := 'comes after all others';
           {body}
           END IF;
           IF refused IS NULL THEN
               RETURN NEW;
           END IF;
           RAISE EXCEPTION USING MESSAGE = TG_ARGV[0] || ' ' || refused,
               ERRCODE = 'integrity_constraint_violation';
       END $$"""  # noqa: S608 - names of our own
    return (
        function,
        f"""CREATE TRIGGER {table}_added BEFORE INSERT ON {table} FOR EACH ROW
       EXECUTE FUNCTION preflight_{table}_added('{_ONE_OF[table]}')""",
    )


_ONE_OF = {
    "audit_events": "an audit event",
    "decisions": "a decision",
    "accepted_findings": "an acceptance",
}

CHAIN_HOLDS = (
    *_adding(
        "audit_events",
        """ELSIF length(NEW.hash) <> 64 OR NEW.previous <> coalesce(
                   (SELECT e.hash FROM audit_events AS e ORDER BY e.id DESC LIMIT 1),
                   repeat('0', 64)) THEN
               refused := 'goes on from the hash of the one before';
           ELSIF NEW.at::timestamptz < newest THEN
               refused := 'is not dated back';""",
    ),
    *_adding(
        "decisions",
        """ELSIF NEW.carried_from IS NULL AND NEW.at::timestamptz < newest THEN
               refused := 'is not dated back';
           ELSIF NEW.carried_from IS NOT NULL AND NOT EXISTS (
                   SELECT 1 FROM decisions AS d
                   WHERE (d.id = NEW.carried_from OR d.carried_from = NEW.carried_from)
                     AND d.at = NEW.at AND d.reviewer = NEW.reviewer) THEN
               refused := 'is carried over with its time and person';""",
    ),
    *_adding(
        "accepted_findings",
        """ELSIF NEW.accepted_as = '' AND NEW.at::timestamptz < newest THEN
               refused := 'is not dated back';
           ELSIF NEW.accepted_as <> '' AND NOT EXISTS (
                   SELECT 1 FROM accepted_findings AS a
                   WHERE a.finding_id = NEW.finding_id AND a.at = NEW.at
                     AND a.reviewer = NEW.reviewer) THEN
               refused := 'is carried over with its time and person';""",
    ),
)
"""What is added comes last, in order and in time, and goes on from what is there, as in SQLite."""

_GUIDELINES_STAY = "guidelines are kept as long as their table"

GUIDELINES_STAY = (
    f"""CREATE TRIGGER guidelines_stay BEFORE DELETE ON guidelines FOR EACH ROW
       EXECUTE FUNCTION preflight_refuse_unless_removed('{_GUIDELINES_STAY}')""",
    """CREATE TRIGGER guidelines_keep BEFORE UPDATE ON guidelines FOR EACH ROW
       EXECUTE FUNCTION preflight_refuse('guidelines never change: there are new ones')""",
    _emptying("guidelines", _GUIDELINES_STAY),
)
"""The same for what the eleventh migration adds."""
