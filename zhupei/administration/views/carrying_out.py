"""Every desk carries a form out as the pages of ``training`` do."""

from zhupei.training.views.carrying_out import carried_out

__all__ = ["carried_out"]
