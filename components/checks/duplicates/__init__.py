"""Rows and columns that say the same twice."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Duplicates",
    question="What is in the table twice?",
    icon="content_copy",
    section=Section.DETECT,
    place=30,
)
