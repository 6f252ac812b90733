"""Whether what a doctor may practise is what the doctor is trained in."""


def fits(scope: str, specialty: str) -> bool:
    """执业范围 and 培训专业 speak of the same: 外科专业 and 外科, 外科专业 and 外科（骨科方向）."""
    return specialty.partition("（")[0] in scope or scope.removesuffix("专业") in specialty
