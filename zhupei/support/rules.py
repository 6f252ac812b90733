"""Who may tell everybody something."""

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Verdict, no
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership, Organisation


def may_publish(user: User, issuer: Organisation) -> Verdict:
    """发布公告: the province, in its own name."""
    acts_for = Membership.objects.where(user, Role.PROVINCE)
    if Organisation.objects.filter(pk=issuer.pk, pk__in=acts_for).exists():
        return ALLOWED
    return no("公告由省厅以本单位名义发布")
