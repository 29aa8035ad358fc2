"""Whether the labels can be believed."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Labels",
    question="Can the label be learned, and which labels are doubtful?",
    icon="new_label",
    section=Section.DETECT,
    colour="violet",
    place=20,
)
