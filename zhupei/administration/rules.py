"""What a base may still change, given where the application is."""

from zhupei.completion.choices import Stage
from zhupei.completion.models import Application
from zhupei.lib.verdicts import ALLOWED, Verdict, no

BEYOND_THE_BASE = (Stage.CITY, Stage.PROVINCE, Stage.APPROVED)


def may_change_year(application: Application | None) -> Verdict:
    """结业考核年份: the base, until the application is with the city (domain §3)."""
    if application is not None and application.stage in BEYOND_THE_BASE:
        return no(f"申请{application.get_stage_display()}，结业考核年份请联系省厅或平台客服修改")
    return ALLOWED
