"""Documents a person would upload, made for the demo world: answers, certificates, query sheets."""

from __future__ import annotations

import hashlib
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

PARAGRAPHS = (
    "项目团队由持证社会工作者牵头，配备专职护理人员与固定志愿者队伍，每周召开一次个案会议，"
    "对重点服务对象实行一人一档、一月一评。",
    "服务流程分为入户评估、需求分级、计划制定、服务实施、回访反馈五个环节，每个环节都有记录表和责任人。",
    "质量控制采用三级检查：岗位自查、督导抽查、机构月查；发现问题在三个工作日内整改并回复服务对象。",
    "应急预案覆盖突发疾病、走失、极端天气和食品安全四类情形，二十四小时值守电话每月测试一次。",
    "经费单独核算，专款专用，不提取管理费；每季度向购买主体报送支出明细和原始凭证目录。",
)


@cache
def paper(title: str, author: str, pages: int = 3) -> bytes:
    """A PDF of some pages with Chinese text, headings and a table."""
    from weasyprint import HTML

    chapters = "".join(
        f"<section><h2>{number}. {heading}</h2>{_paragraphs(author + heading)}</section>"
        for number, heading in enumerate(
            ("对需求的理解", "服务内容与流程", "人员安排", "质量与应急", "进度计划")[:pages], 1
        )
    )
    html = (
        "<html lang='zh-Hans'><head><title>" + title + "</title><style>"
        "@page{size:A4;margin:2cm} body{font:11pt/1.8 'Noto Serif CJK SC'} section{break-after:page}"
        "table{border-collapse:collapse;width:100%} td,th{border:1px solid #999;padding:4pt}</style></head>"
        f"<body><h1>{title}</h1><p>{author}</p>{chapters}</body></html>"
    )
    return HTML(string=html).write_pdf(pdf_identifier=hashlib.sha256(html.encode()).digest()[:16])


def _paragraphs(seed: str) -> str:
    start = hashlib.sha256(seed.encode()).digest()[0]
    body = "".join(f"<p>{PARAGRAPHS[(start + n) % len(PARAGRAPHS)]}</p>" for n in range(4))
    rows = "".join(
        f"<tr><td>第 {month} 月</td><td>服务 {20 + (start + month * 7) % 60} 人次</td></tr>" for month in range(1, 7)
    )
    return f"{body}<table><tr><th>月份</th><th>服务量</th></tr>{rows}</table>"


def upload(name: str, content: bytes, content_type: str = "application/pdf") -> SimpleUploadedFile:
    """The content as a form's upload."""
    return SimpleUploadedFile(name, content, content_type)
