"""Gaps: what is not there."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Missing values",
    question="What is missing?",
    icon="data_loss_prevention",
    section=Section.EXPLORE,
    colour="orange",
    place=10,
)
