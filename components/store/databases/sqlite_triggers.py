"""What SQLite refuses by itself: to change or to put in between what was written."""

from __future__ import annotations

APPEND_ONLY = (
    """CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
       WHEN NOT EXISTS (SELECT 1 FROM datasets AS d
                        WHERE d.id = OLD.dataset_id AND d.removed_at IS NOT NULL)
       BEGIN SELECT RAISE(ABORT, 'decisions are kept as long as their table'); END""",
    """CREATE TRIGGER decisions_keep BEFORE UPDATE ON decisions
       WHEN NEW.id IS NOT OLD.id OR NEW.dataset_id IS NOT OLD.dataset_id
         OR NEW.row_id IS NOT OLD.row_id OR NEW.column_name IS NOT OLD.column_name
         OR NEW.check_id IS NOT OLD.check_id OR NEW.action IS NOT OLD.action
         OR NEW.given IS NOT OLD.given OR NEW.new IS NOT OLD.new
         OR NEW.reviewer IS NOT OLD.reviewer OR NEW.at IS NOT OLD.at
         OR NEW.note IS NOT OLD.note OR OLD.undone
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
    """CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
       BEGIN SELECT RAISE(ABORT, 'audit events are kept for ever'); END""",
    """CREATE TRIGGER audit_events_keep BEFORE UPDATE ON audit_events
       BEGIN SELECT RAISE(ABORT, 'audit events never change'); END""",
)
"""Triggers that keep the history as it was written."""

ANSWERS_STAY = (
    """CREATE TRIGGER decisions_keep_answered BEFORE UPDATE ON decisions
       WHEN NEW.answered IS NOT OLD.answered OR NEW.carried_from IS NOT OLD.carried_from
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
    """CREATE TRIGGER accepted_findings_stay BEFORE DELETE ON accepted_findings
       WHEN NOT EXISTS (SELECT 1 FROM datasets AS d
                        WHERE d.id = OLD.dataset_id AND d.removed_at IS NOT NULL)
       BEGIN SELECT RAISE(ABORT, 'acceptances are kept as long as their table'); END""",
    """CREATE TRIGGER accepted_findings_keep BEFORE UPDATE ON accepted_findings
       WHEN NEW.id IS NOT OLD.id OR NEW.dataset_id IS NOT OLD.dataset_id
         OR NEW.finding_id IS NOT OLD.finding_id OR NEW.title IS NOT OLD.title
         OR NEW.severity IS NOT OLD.severity OR NEW.reason IS NOT OLD.reason
         OR NEW.reviewer IS NOT OLD.reviewer OR NEW.at IS NOT OLD.at
         OR NEW.accepted_as IS NOT OLD.accepted_as OR OLD.withdrawn
       BEGIN SELECT RAISE(ABORT, 'an acceptance can only be taken back, once'); END""",
)
"""The same for what the fifth migration adds."""

PRESSES_STAY = (
    """CREATE TRIGGER decisions_keep_press BEFORE UPDATE ON decisions
       WHEN NEW.press IS NOT OLD.press OR NEW.seconds IS NOT OLD.seconds
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
    """CREATE TRIGGER accepted_findings_keep_share BEFORE UPDATE ON accepted_findings
       WHEN NEW.share IS NOT OLD.share
       BEGIN SELECT RAISE(ABORT, 'an acceptance can only be taken back, once'); END""",
)
"""The same for what the sixth migration adds."""

SOURCES_STAY = (
    """CREATE TRIGGER decisions_keep_source BEFORE UPDATE ON decisions
       WHEN NEW.source IS NOT OLD.source OR NEW.said_at IS NOT OLD.said_at
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
)
"""The same for what the eleventh migration adds."""

TOGETHER_STAYS = (
    """CREATE TRIGGER decisions_keep_batch BEFORE UPDATE ON decisions
       WHEN NEW.batch IS NOT OLD.batch OR NEW.judged_first IS NOT OLD.judged_first
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
)
"""The same for what the tenth migration adds."""

OTHERS_STAY = (
    """CREATE TRIGGER decisions_keep_others BEFORE UPDATE ON decisions
       WHEN NEW.others IS NOT OLD.others
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
)
"""The same for what the twelfth migration adds."""

_NEWEST = "(SELECT julianday(at) FROM audit_events ORDER BY id DESC LIMIT 1)"
_TOO_OLD = f"julianday(NEW.at) IS NULL OR julianday(NEW.at) < {_NEWEST} - 300.0 / 86400"
"""As ``audit.TOLERANCE``: five minutes."""

CHAIN_HOLDS = (
    """CREATE TRIGGER audit_events_next BEFORE INSERT ON audit_events
       WHEN NEW.id <= coalesce((SELECT max(id) FROM audit_events), 0)
       BEGIN SELECT RAISE(ABORT, 'an audit event comes after all others'); END""",
    """CREATE TRIGGER audit_events_follow BEFORE INSERT ON audit_events
       WHEN length(NEW.hash) IS NOT 64 OR NEW.previous IS NOT coalesce(
           (SELECT hash FROM audit_events ORDER BY id DESC LIMIT 1), printf('%064d', 0))
       BEGIN SELECT RAISE(ABORT, 'an audit event goes on from the hash of the one before'); END""",
    f"""CREATE TRIGGER audit_events_in_time BEFORE INSERT ON audit_events
       WHEN {_TOO_OLD}
       BEGIN SELECT RAISE(ABORT, 'an audit event is not dated back'); END""",
    # a key that is there would be replaced, which deletes without asking the triggers of deletion
    """CREATE TRIGGER decisions_once BEFORE INSERT ON decisions
       WHEN EXISTS (SELECT 1 FROM decisions AS d WHERE d.id = NEW.id
                    OR (d.dataset_id = NEW.dataset_id AND d.press = NEW.press))
       BEGIN SELECT RAISE(ABORT, 'a decision is never replaced'); END""",
    """CREATE TRIGGER decisions_next AFTER INSERT ON decisions
       WHEN NEW.id <= 0 OR NEW.id < (SELECT max(id) FROM decisions)
       BEGIN SELECT RAISE(ABORT, 'a decision comes after all others'); END""",
    f"""CREATE TRIGGER decisions_in_time BEFORE INSERT ON decisions
       WHEN NEW.carried_from IS NULL AND ({_TOO_OLD})
       BEGIN SELECT RAISE(ABORT, 'a decision is not dated back'); END""",
    """CREATE TRIGGER decisions_carried BEFORE INSERT ON decisions
       WHEN NEW.carried_from IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM decisions AS d
           WHERE (d.id = NEW.carried_from OR d.carried_from = NEW.carried_from)
             AND d.at = NEW.at AND d.reviewer = NEW.reviewer)
       BEGIN SELECT RAISE(ABORT, 'a decision is carried over with its time and person'); END""",
    """CREATE TRIGGER accepted_findings_once BEFORE INSERT ON accepted_findings
       WHEN EXISTS (SELECT 1 FROM accepted_findings AS a WHERE a.id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'an acceptance is never replaced'); END""",
    """CREATE TRIGGER accepted_findings_next AFTER INSERT ON accepted_findings
       WHEN NEW.id <= 0 OR NEW.id < (SELECT max(id) FROM accepted_findings)
       BEGIN SELECT RAISE(ABORT, 'an acceptance comes after all others'); END""",
    f"""CREATE TRIGGER accepted_findings_in_time BEFORE INSERT ON accepted_findings
       WHEN NEW.accepted_as = '' AND ({_TOO_OLD})
       BEGIN SELECT RAISE(ABORT, 'an acceptance is not dated back'); END""",
    """CREATE TRIGGER accepted_findings_carried BEFORE INSERT ON accepted_findings
       WHEN NEW.accepted_as <> '' AND NOT EXISTS (
           SELECT 1 FROM accepted_findings AS a
           WHERE a.finding_id = NEW.finding_id AND a.at = NEW.at AND a.reviewer = NEW.reviewer)
       BEGIN SELECT RAISE(ABORT, 'an acceptance is carried over with its time and person'); END""",
)
"""What is added comes last, in order and in time, and goes on from what is there. What was said of
another version keeps its time: where somebody said it then."""

CAPACITIES_STAY = (
    """CREATE TRIGGER decisions_keep_capacity BEFORE UPDATE ON decisions
       WHEN NEW.capacity IS NOT OLD.capacity
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
)
"""The same for what the eighth migration adds."""

STRATA_STAY = (
    """CREATE TRIGGER decisions_keep_stratum BEFORE UPDATE ON decisions
       WHEN NEW.stratum IS NOT OLD.stratum OR NEW.probability IS NOT OLD.probability
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
)
"""The same for what the tenth migration adds."""

GUIDELINES_STAY = (
    """CREATE TRIGGER guidelines_stay BEFORE DELETE ON guidelines
       WHEN NOT EXISTS (SELECT 1 FROM datasets AS d
                        WHERE d.id = OLD.dataset_id AND d.removed_at IS NOT NULL)
       BEGIN SELECT RAISE(ABORT, 'guidelines are kept as long as their table'); END""",
    """CREATE TRIGGER guidelines_keep BEFORE UPDATE ON guidelines
       BEGIN SELECT RAISE(ABORT, 'guidelines never change: there are new ones'); END""",
    """CREATE TRIGGER guidelines_once BEFORE INSERT ON guidelines
       WHEN EXISTS (SELECT 1 FROM guidelines AS g WHERE g.id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'guidelines are never replaced'); END""",
    """CREATE TRIGGER guidelines_next AFTER INSERT ON guidelines
       WHEN NEW.id <= 0 OR NEW.id < (SELECT max(id) FROM guidelines)
       BEGIN SELECT RAISE(ABORT, 'guidelines come after all others'); END""",
)
"""The same for what the eleventh migration adds."""
