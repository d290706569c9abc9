"""A venture call from its applications to the day of the defence, as forty small organizations and a panel do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, Membership
from marketplace.accounts.rules.credit_code import valid_uscc
from marketplace.core import clock
from marketplace.organizations.services.organizations import Registration, change_facts, register_organization
from marketplace.ventures.models import Application, ApplicationReview, Assessment, BlockKind, Call, PanelRole
from marketplace.ventures.rules.application import BASICS
from marketplace.ventures.rules.eligibility import POINTS
from marketplace.ventures.rules.form import Block
from marketplace.ventures.selectors.application import OWN, share_field
from marketplace.ventures.selectors.call import form_of
from marketplace.ventures.services import (
    application as drafts,
    assessment as assessments,
    assignment,
    defence,
    panel,
    prereview,
    scoring,
)
from marketplace.ventures.services.submission import submit_application

from ..ideas import Idea, ideas
from ..people import DemoPerson
from .plans import JINGAN
from .town import Town, make_user

KNOWN = {0: "chenxi@org.example", 16: "xinye@org.example", 28: "tongxing@org.example"}
BEGINS, ENDS = date(2026, 8, 1), date(2027, 5, 31)
PANEL = (
    (1, PanelRole.SCHOLAR, "华亭大学社会工作系"),
    (2, PanelRole.PRACTITIONER, "申江养老研究院"),
    (3, PanelRole.RESIDENT, "江宁路街道居民"),
    (4, PanelRole.DEMAND, "石门二路街道办事处"),
    (5, PanelRole.SCHOLAR, "东海师范学院"),
    (6, PanelRole.PRACTITIONER, "沪上康复协会"),
    (7, PanelRole.RESIDENT, "大宁路街道居民"),
)
REVIEWERS_EACH, DEFENDED = 3, 12
COMMENTS = (
    "需求来自走访，数字可信；活动安排紧凑，建议把志愿者培训写得更细。",
    "对象清楚，预算与活动对得上；成效指标可以再量化。",
    "做法新，团队有经验；项目结束以后由谁接手需要说明。",
    "需求真实，但覆盖的人数偏少，单位成本偏高。",
)


@dataclass
class Round:
    """One call and those who apply."""

    town: Town
    call: Call
    applicants: list[Actor] = field(default_factory=list)

    @property
    def officer(self) -> Actor:
        return self.town.actor(JINGAN.officer)

    def found_organizations(self) -> None:
        """Small organizations register; three that the demo knows already apply as well."""
        for number, idea in enumerate(ideas()):
            known = KNOWN.get(number)
            self.applicants.append(self.town.actor(known) if known else self._register(number, idea))

    def _register(self, number: int, idea: Idea) -> Actor:
        contact = f"{idea.organization[:2]}联系人"
        user = make_user(DemoPerson(f"venture{number + 1}@org.example", contact, "", ()))
        organization = register_organization(
            actor=actor_for(user, None),
            registration=Registration(
                code=valid_uscc("52", "310106", 500 + number),
                name=f"{idea.organization}（演示）",
                legal_representative=f"{contact}（演示）",
                address=f"上海市静安区{idea.street}（演示地址）",
                contact_name=contact,
                contact_phone=f"021-6300 {number:04d}",
                warnings_confirmed=True,
            ),
        )
        Body.objects.filter(pk=organization.body_id).update(is_demo=True)
        actor = actor_for(user, Membership.objects.select_related("body").get(user=user, body=organization.body))
        facts = {
            "registered_on": date(2014 + number % 9, 5, 1 + number % 27),
            "service_areas": self.call.themes.all()[idea.theme].title,
            "summary": f"在{idea.street}开展「{idea.title}」。本机构为演示虚构。",
        }
        change_facts(actor=actor, organization_id=organization.pk, facts=facts)
        return actor

    def apply(self, part: int) -> None:
        """A quarter of them writes and hands in."""
        for number, (idea, actor) in enumerate(zip(ideas(), self.applicants, strict=True)):
            if number % 4 == part:
                self._hand_in(idea, actor)

    def _hand_in(self, idea: Idea, actor: Actor) -> None:
        application = drafts.start_application(actor=actor, call_id=self.call.pk)
        version = application.version
        for key, fields, rows in self._pages(idea):
            saved = drafts.save_page(
                actor=actor, application_id=application.pk, key=key, version=version, fields=fields, rows=rows
            )
            version = saved.version
        submit_application(actor=actor, application_id=application.pk, received_at=clock.now(), declares=True)

    def _pages(self, idea: Idea) -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
        theme = self.call.themes.all()[idea.theme]
        basics = {
            "title": idea.title,
            "summary": f"{idea.need}我们打算：{'；'.join(idea.activities)}。",
            "theme_id": theme.pk,
            "place": idea.street,
            "starts_on": BEGINS,
            "ends_on": ENDS,
        }
        pages: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [(BASICS, basics, [])]
        for block in form_of(self.call):
            if block.kind == BlockKind.TEXT:
                pages.append((block.key, {"text": _text(block, idea)}, []))
            elif block.kind == BlockKind.BUDGET:
                pages.append((block.key, {}, self._budget(idea)))
            elif block.kind != BlockKind.ATTACHMENTS:
                pages.append((block.key, {}, _rows(block, idea)))
        return pages

    def _budget(self, idea: Idea) -> list[dict[str, Any]]:
        """Three lines: the theme's own pot or the pot for all pays four fifths, own money the rest."""
        pots = list(self.call.pots.all())
        for_all = next(pot for pot in pots if pot.theme_id is None)
        pot = next((pot for pot in pots if pot.theme_id == self.call.themes.all()[idea.theme].pk), for_all)
        grant = Decimal(idea.grant)
        parts = ((Decimal("0.50"), "direct", 0), (Decimal("0.30"), "direct", 1), (Decimal("0.20"), "staff", 2))
        rows = []
        for share, kind, number in parts:
            paid = (grant * share).quantize(Decimal("0.01"))
            own = (paid / 3).quantize(Decimal("1.00"))
            rows.append(
                {
                    "kind": kind,
                    "name": f"{idea.activities[number]}：" + ("社工补贴" if kind == "staff" else "活动和物资"),
                    "basis": f"按 {idea.people} 人、10 个月测算",
                    "amount": paid + own,
                    share_field(pot.pk): paid,
                    OWN: own,
                }
            )
        return rows

    def applications(self) -> list[Application]:
        """In the order of the ideas."""
        of_body = {row.body_id: row for row in self.call.applications.select_related("call", "body")}
        return [of_body[actor.body_id] for actor in self.applicants if actor.body_id in of_body]

    def prereview(self) -> None:
        """All pass: complete, eligible."""
        for row in self.applications():
            version = row.versions.last()
            assert version is not None
            opinion = prereview.Opinion("pass", "材料齐全，符合申报条件。", dict.fromkeys(POINTS, True))
            prereview.decide_prereview(
                actor=self.officer, application_id=row.pk, version_id=version.pk, opinion=opinion
            )

    def seat_panel(self) -> None:
        """Seven people in the four seats of R-VENT-04; the reviews are dealt and the scoring begins."""
        row = assessments.open_assessment(actor=self.officer, call_id=self.call.pk)
        settings = assessments.Settings(
            reviewers_each=REVIEWERS_EACH,
            is_blind=True,
            is_normalised=False,
            defence_share=40,
            bonus_cap=Decimal("0.00"),
            scoring_until=datetime(2026, 6, 5, 17, tzinfo=clock.ZONE),
            coaching_from=None,
            coaching_until=None,
            weights={criterion.key: criterion.weight for criterion in row.criteria.all()},
        )
        assessments.save_settings(actor=self.officer, assessment_id=row.pk, version=row.version, settings=settings)
        for number, role, employer in PANEL:
            email = f"expert{number}@register.example"
            member = panel.invite_member(actor=self.officer, assessment_id=row.pk, email=email, role=role)
            panel.answer_invitation(
                actor=self.town.actor(email),
                member_id=member.pk,
                accepts=True,
                employer=f"{employer}（演示）",
                keeps_secret=True,
            )
        assignment.deal_reviews(actor=self.officer, assessment_id=row.pk)
        assessments.begin_scoring(actor=self.officer, assessment_id=row.pk)

    def score(self) -> None:
        """Every reviewer scores what was dealt to them; how well depends on the project and a little on the person."""
        row = Assessment.objects.get(call=self.call)
        criteria = list(row.criteria.all())
        experts = {actor.user_id: actor for email, actor in self.town.actors.items() if email.startswith("expert")}
        places = {application.pk: place for place, application in enumerate(self.applications())}
        for review in ApplicationReview.objects.filter(member__assessment=row).select_related("member").order_by("pk"):
            place, actor = places[review.application_id], experts[review.member.user_id]
            level = 70 + (place * 7) % 25 - review.member.user_id % 3 * 2
            points = {
                criterion.pk: (Decimal(criterion.weight * (level + (number * 3) % 5)) / 50).to_integral_value() / 2
                for number, criterion in enumerate(criteria)
            }
            comment = COMMENTS[(place + review.member.user_id) % len(COMMENTS)]
            scoring.save_review(
                actor=actor, review_id=review.pk, version=review.version, points=points, comment=comment
            )
            scoring.hand_in_review(actor=actor, review_id=review.pk)

    def draw_defence(self, begins: datetime) -> None:
        row = Assessment.objects.get(call=self.call)
        day = defence.DayInput(
            starts_at=begins,
            reason=f"按书面评审总分取前 {DEFENDED} 名",
            best=DEFENDED,
            place="静安区社会组织服务中心三楼（演示地址）",
        )
        defence.draw_defence(actor=self.officer, assessment_id=row.pk, day=day)


def _text(block: Block, idea: Idea) -> str:
    if block.criterion == "need":
        return f"{idea.need}一月至三月走访{idea.street}，直接受益者约 {idea.people} 人，由居民代表共同确认。"
    if block.criterion == "innovation":
        return f"过去多为一次慰问，本项目把「{idea.activities[0]}」和「{idea.activities[2]}」连成日常，由居民自己接手。"
    return f"{idea.effect}项目结束后由{idea.street}的志愿团队继续，每季度向居民公布一次进展。"


def _rows(block: Block, idea: Idea) -> list[dict[str, Any]]:
    """As many rows as the block asks for, at least the three activities where they fit."""
    most = min(max(block.least_rows, 3), block.most_rows)
    return [_row(block, idea, number) for number in range(most)]


def _row(block: Block, idea: Idea, number: int) -> dict[str, Any]:
    activity = idea.activities[number % 3]
    made: dict[str, Any] = {"date": (BEGINS if number == 0 else date(2026, 9 + number, 1)).isoformat()}
    made["number"] = str(max(idea.people // (number + 1), 1))
    row = {column.key: made.get(column.kind, f"{activity}（{column.label}）"[:200]) for column in block.all_columns}
    if block.kind == BlockKind.TIMETABLE:
        row["ends_on"] = (ENDS if number == 2 else date(2026, 12, 31)).isoformat()
    return row
