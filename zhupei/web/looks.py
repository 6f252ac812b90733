"""Which icon and word belong to a stage, a state and a tone; their colours are in tokens.css.

Templates use the tags of ``templatetags/zhupei.py``; nothing else names an icon of a state.
"""

STAGE_ICONS = {
    "draft": "edit",
    "base": "clock",
    "city": "clock",
    "province": "clock",
    "returned": "bad",
    "approved": "done",
}

# data-state: icon, word
STATES = {
    "done": ("done", "已完成"),
    "ok": ("done", "合格"),
    "warning": ("warn", "警告"),
    "missing": ("missing", "未填写"),
    "empty": ("missing", "未上传"),
    "uploading": ("up", "上传中"),
    "blocked": ("bad", "不合格"),
    "locked": ("lock", "已锁定"),
    "finding": ("flag", "问题"),
    "changed": ("delta", "有改动"),
    "waiting": ("clock", "等待他人"),
    "now": ("now", "进行中"),
    "todo": ("missing", "未到"),
    "later": ("clock", "未到出科，可后补"),
    "unplaced": ("info", "待归位"),
    "returned": ("bad", "不通过"),
    "na": ("none", "不需要"),
}

TONE_ICONS = {"brand": "info", "wait": "warn", "good": "done", "bad": "bad"}

# The levels of django.contrib.messages
MESSAGE_TONES = {"debug": "brand", "info": "brand", "success": "good", "warning": "wait", "error": "bad"}
