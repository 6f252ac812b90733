"""操作指南: the eight steps of 线上结业审核流程, in its own words and order.

One text for the page and for the PDF. ``**…**`` is what stands out: mostly the words to look for on the
screen. A picture is a file of ``static/home/guide``, made by scripts/shots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image

from zhupei.printing import press

from .questions import QUESTIONS

HERE = Path(__file__).parent
PICTURES = HERE / "static" / "home" / "guide"
TEMPLATE = HERE / "print" / "guide.typ"
TITLE = "线上结业审核流程：操作指南"
WAY = "学员结业考核申请—基地管理员审核—市局审核—省厅审核"

Run = tuple[str, bool]  # words, and whether they stand out


@dataclass(frozen=True, slots=True)
class Step:
    number: str
    title: str
    text: tuple[str, ...]
    pictures: tuple[tuple[str, str], ...]  # file name without .png, caption

    @property
    def anchor(self) -> str:
        return f"s{1 + '一二三四五六七八'.index(self.number[1])}"


CHECK_IT = "图片上传后请**预览**检查，确保图片内容清晰，避免因字迹不清而影响审核结果。"
FITTED = "转换成有效格式及大小，上传证照要求为 "
PICTURE_RULE = f"JPG 格式，分辨率不小于 413*626，建议大小尽量小于 800K，{CHECK_IT}"

STEPS = (
    Step(
        "第一步",
        "登录平台",
        (
            "学员在**电脑端**登录{platform}：{address}，选中“**西医住培平台**”。",
            "**温馨提示：**为达到好的使用效果，建议到首页最下方**下载谷歌浏览器**进行登录。",
        ),
        (("portal", "首页：选中“西医住培平台”"),),
    ),
    Step(
        "第二步",
        "录入用户名和密码",
        (
            "录入用户名：**身份证号 / 手机号 / 注册邮箱**。忘记登录密码，可以找**基地管理员重置**。",
            "重置后，基地管理员给您一个一次性代码：在密码栏里输入它，登录后自己设置新密码。",
        ),
        (("login", "登录：用户名是身份证号、手机号或注册邮箱"),),
    ),
    Step(
        "第三步",
        "在【考核申请】核对【个人基本信息】",
        (
            "点击“**住院医师结业管理系统**”，在【**考核申请**】菜单核对【**个人基本信息**】是否完整、有误。",
            "所有字段请尽量填写完整并真实填写，避免因信息不全影响审核结果。",
        ),
        (
            ("home", "首页：点“住院医师结业管理系统”"),
            ("application", "考核申请：核对个人基本信息"),
        ),
    ),
    Step(
        "第四步",
        "“培训登记手册完成情况”选择“已完成”",
        (
            "进入结业考核申请页面，**报考信息**中“**培训登记手册完成情况**”下拉框选择“**已完成**”（以前的指南写作“完成”）。选好后自动保存。",
        ),
        (("register", "报考信息：培训登记手册完成情况"),),
    ),
    Step(
        "第五步",
        "修改“未填写”和错误的信息",
        (
            "学员的个人信息里“**基本信息**”和“**报考信息**”请检查正确性和完整信息，如有显示“**未填写**”和信息错误的，请切换到“**住院医师过程管理系统**”“**个人中心**”进行修改。每个“未填写”旁边都有“**去填写**”，点它直接到那一栏。",
            f"注：**有效身份证、最高学历毕业证和学位证书、医师资格证书**分别拍照{FITTED}{PICTURE_RULE}",
            "对于**无法修改的信息**，可直接拨打客服电话：{phones}！",
            "注：个人**电子照片**若不合格，在个人中心－基本信息里修改电子照片。电子照片要求：**2寸白底彩色免冠照片，JPG格式，分辨率不小于413*626，大小不超过300K，人像正立，该照片用于结业证书，请谨慎上传！**",
        ),
        (
            ("unfilled", "“未填写”旁边的“去填写”"),
            ("profile", "个人中心：逐栏修改"),
            ("portrait", "个人中心的基本信息：电子照片"),
        ),
    ),
    Step(
        "第六步",
        "打印、签字、上传出科小结和出科考核表",
        (
            "学员在自己**过程轮转**里面打印**出科小结**和**出科考核表**，交由带教老师和科主任签字后，上传到“**结业报考材料**”相应的科室栏目中。两张表的空白样表也在首页“下载中心”。",
            f"注：上传所有图片要求为 {PICTURE_RULE}",
            "点红色方框中的**箭头**完成上传。",
            "**出科考核表**：带教老师签名、科主任签名处都要**手签字**，并写日期。",
            "**出科小结**：打印后由科主任补**手写签名**。",
        ),
        (
            ("rotations", "过程轮转：打印出科小结和出科考核表"),
            ("materials", "结业报考材料：点红色方框中的箭头完成上传"),
            ("assessment", "出科考核表：需要手写签名处"),
            ("summary", "出科小结：需要手写签名处"),
        ),
    ),
    Step(
        "第七步",
        "提交申请",
        (
            "学员完善【**个人基本信息**】和【**结业报考材料**】，确认无误后，返回【个人基本信息】，将页面拖到最底端，点击“**提交申请**”按钮，完成结业审核申请。",
            "点击后先打开**提交前核对**：看一遍将要提交的内容，勾选最下面的两项，再点“**确认提交申请**”，才算提交完成。",
            "注：“提交申请”按钮总在那里；不能点的时候，按钮下面逐条写明原因和去哪里改。如是**结业考核年份**不对，可联系基地管理员申请确认修改结业考核年份，或联系平台客服人员修改。",
        ),
        (("submit", "个人基本信息的最底端：提交申请、打印"),),
    ),
    Step(
        "第八步",
        "查询审核结果",
        (
            "学员请定期登录平台查询结业资格审核结果，学员可在“**报考信息**”中查看审核状态：**基地意见、市局意见、省厅意见**。",
            "如任何环节**不通过**，改正后点击“**更新提交数据信息**”按钮，联系基地重新审核。点击后同样先打开**提交前核对**，勾选两项，再点“**确认更新提交数据信息**”。审核从基地重新开始，以前的意见仍可查看。",
        ),
        (("returned", "三级意见与“更新提交数据信息”"),),
    ),
)

# What whoever holds the guide of the old platform will find otherwise: its words, ours.
CHANGES = (
    ("“培训登记手册完成情况”选择“完成”", "选项叫“已完成”"),
    ("没有“提交申请”按钮", "按钮总在页面最底端；不能提交时点不动，下面写明原因和办法"),
    (
        "转换成有效格式及大小再上传",
        "手机拍的照片（含 HEIC）和 PDF 扫描件可直接上传，平台转正、转成 JPG 并压缩；不小于 413*626 仍要满足",
    ),
    ("忘记密码由基地管理员重置成新密码", "基地给一次性代码，新密码由您自己设置，别人不知道"),
    ("不通过时只有一句意见", "意见下面逐条列出要改的地方，改一处少一处；有补正的截止时间"),
)


def words(phones: list[dict[str, str]]) -> dict[str, str]:
    """The province's own, for the places in the text."""
    numbers = "，".join(f"{phone['label']} {phone['number']}".strip() for phone in phones)
    return {"platform": settings.PLATFORM_NAME, "address": settings.SITE_URL, "phones": numbers}


def told(phones: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The steps as the page and the paper show them."""
    ours = words(phones)
    return [
        {
            "number": step.number,
            "anchor": step.anchor,
            "title": step.title,
            "paragraphs": [list(runs(text.format_map(ours))) for text in step.text],
            "pictures": [_picture(name, caption) for name, caption in step.pictures if _path(name).is_file()],
        }
        for step in STEPS
    ]


def asked() -> list[dict[str, Any]]:
    """The questions with their answers and ways out."""
    return [
        {"title": one.title, "paragraphs": [list(runs(text)) for text in one.text], "ways": one.ways}
        for one in QUESTIONS
    ]


def runs(text: str) -> Iterator[Run]:
    """Words and what stands out among them, in turn."""
    for number, words in enumerate(text.split("**")):
        if words:
            yield words, number % 2 == 1


@cache
def pdf(numbers: tuple[tuple[str, str], ...]) -> bytes:
    """The guide as a PDF, set once by each process; ``numbers`` are the labels and numbers of the phones."""
    steps = told([{"label": label, "number": number} for label, number in numbers])
    names = [picture["name"] for step in steps for picture in step["pictures"]]
    data = {
        "title": TITLE,
        "platform": settings.PLATFORM_NAME,
        "way": WAY,
        "steps": steps,
        "changes": CHANGES,
        "questions": asked(),
        "phones": numbers,
        "hours": settings.SERVICE_HOURS,
    }
    return press.to_pdf(TEMPLATE, data, pictures={name: _path(name).read_bytes() for name in names})


def _path(name: str) -> Path:
    return PICTURES / f"{name}.png"


@cache
def _picture(name: str, caption: str) -> dict[str, Any]:
    with Image.open(_path(name)) as picture:
        width, height = picture.size
    return {
        "name": name,
        "file": f"home/guide/{name}.png",
        "caption": caption,
        "width": width,
        "height": height,
    }
