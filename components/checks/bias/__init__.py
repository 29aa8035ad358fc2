"""Who is in the table, and what the label says of them."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Bias",
    question="Are groups of people treated alike?",
    icon="balance",
    section=Section.EXPLORE,
    colour="yellow",
    place=20,
)
