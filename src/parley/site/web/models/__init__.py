"""The site's records, one module for each subject.

What lives here: tables, their constraints, and what a row says of itself. What may not: rules of who may do
what (``access``), changes of a comment's state (``moderation.decide``), pages.
"""

from __future__ import annotations

from parley.site.web.models.accounts import Account, Role, Sanction, SanctionAppeal, SignIn, Standing
from parley.site.web.models.articles import Article, Figure, Job, Site, Solve, Sweep, Version
from parley.site.web.models.debate import (
    Challenge,
    ChallengeEffect,
    Comment,
    CommentEdit,
    Kind,
    Mark,
    State,
    Subscription,
)
from parley.site.web.models.moderation import (
    Act,
    ActDetail,
    Appeal,
    Note,
    Notice,
    Queue,
    Report,
    ReviewItem,
    WordListEntry,
)
from parley.site.web.models.operations import Bucket, DataExport, Delivery, Outbox, Webhook

__all__ = [
    "Account",
    "Act",
    "ActDetail",
    "Appeal",
    "Article",
    "Bucket",
    "Challenge",
    "ChallengeEffect",
    "Comment",
    "CommentEdit",
    "DataExport",
    "Delivery",
    "Figure",
    "Job",
    "Kind",
    "Mark",
    "Note",
    "Notice",
    "Outbox",
    "Queue",
    "Report",
    "ReviewItem",
    "Role",
    "Sanction",
    "SanctionAppeal",
    "SignIn",
    "Site",
    "Solve",
    "Standing",
    "State",
    "Subscription",
    "Sweep",
    "Version",
    "Webhook",
    "WordListEntry",
]
