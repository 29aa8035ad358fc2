"""Columns that know the answer already."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Leakage",
    question="Does a column give the answer away?",
    icon="water_drop",
    section=Section.DETECT,
    colour="red",
    place=40,
)
