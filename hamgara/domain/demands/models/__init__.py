"""What people ask of their city: fields, routes, demands, and what others say and do about them."""

from hamgara.domain.demands.models.around import Answer, Attachment, Comment, Follow, Look, Merge, ReopenCall, Support
from hamgara.domain.demands.models.demand import Demand, new_code, reason_words
from hamgara.domain.demands.models.desk import AnswerTemplate, Note, Question
from hamgara.domain.demands.models.fields import Field, Route
from hamgara.domain.demands.models.hiding import Hiding

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Attachment",
    "Comment",
    "Demand",
    "Field",
    "Follow",
    "Hiding",
    "Look",
    "Merge",
    "Note",
    "Question",
    "ReopenCall",
    "Route",
    "Support",
    "new_code",
    "reason_words",
]
