"""Values and files that are not what they should be."""

from components.core.judgement.concerns import Concern, Section

CONCERN = Concern(
    title="Validity",
    question="Is the file put together well?",
    icon="description",
    section=Section.DETECT,
    menu="File",
    place=50,
)
