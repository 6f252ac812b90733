"""What the tasks are called on the screen."""

NAMES = {
    "look_again": "重新机检图片",
    "sweep_pictures": "清除无人引用的图片",
    "clear_attempts": "清除已处理的表单记录",
    "clear_kept_posts": "清除登录过期时保留的内容",
    "clear_imports": "清除过期的导入",
    "clear_sessions": "清除过期的会话",
    "clear_throttles": "清除登录限速记录",
    "clear_hand_offs": "清除过期的二维码",
    "clear_tasks": "清除已办完的任务",
}


def name_of(path: str) -> str:
    """Of a task's path; a task that has none yet is called as it is in the code."""
    function = path.rpartition(".")[2]
    return NAMES.get(function, function)
