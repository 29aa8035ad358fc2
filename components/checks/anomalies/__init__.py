"""Rows that are unlike the others."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Anomalies",
    question="Which rows are unlike the rest?",
    icon="scatter_plot",
    section=Section.DETECT,
    place=10,
)
