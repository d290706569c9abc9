"""Kinds of bodies, the roles a person holds in one, and which of them need a second factor."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BodyKind(TextChoices):
    GOVERNMENT = "government", _("Government body")
    ORGANIZATION = "organization", _("Social organization or other supplier")
    AGENCY = "agency", _("Procuring agent")
    EVALUATOR = "evaluator", _("Third-party evaluator")
    EXPERT_REGISTER = "expert_register", _("Expert register")
    SUPERVISOR = "supervisor", _("Supervising department")
    AUDITOR = "auditor", _("Audit firm")
    OPERATOR = "operator", _("Operator of the marketplace")
    SPONSOR = "sponsor", _("Sponsor or donor")


class Role(TextChoices):
    """A role belongs to a membership: what this person may do for this body."""

    OFFICER = "officer", _("Officer")
    APPROVER = "approver", _("Approver")
    FINANCE = "finance", _("Finance officer")
    ORG_ADMIN = "org_admin", _("Administrator")
    BIDDER = "bidder", _("Bidder")
    REPORTER = "reporter", _("Reporter")
    EXPERT = "expert", _("Expert reviewer")
    EVALUATOR = "evaluator", _("Evaluator")
    CUSTODIAN = "custodian", _("Custodian")
    OPERATOR = "operator", _("Operator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")


ROLES_OF_KIND: dict[str, tuple[str, ...]] = {
    BodyKind.GOVERNMENT: (Role.OFFICER, Role.APPROVER, Role.FINANCE, Role.CUSTODIAN),
    BodyKind.ORGANIZATION: (Role.ORG_ADMIN, Role.BIDDER, Role.REPORTER),
    BodyKind.AGENCY: (Role.OFFICER, Role.APPROVER, Role.CUSTODIAN),
    BodyKind.EVALUATOR: (Role.EVALUATOR, Role.ORG_ADMIN),
    BodyKind.EXPERT_REGISTER: (Role.ORG_ADMIN, Role.EXPERT),
    BodyKind.SUPERVISOR: (Role.SUPERVISOR, Role.CUSTODIAN),
    BodyKind.AUDITOR: (Role.AUDITOR, Role.CUSTODIAN),
    BodyKind.OPERATOR: (Role.OPERATOR,),
    BodyKind.SPONSOR: (Role.ORG_ADMIN,),
}
SECOND_FACTOR_ROLES = frozenset(
    {Role.OPERATOR, Role.APPROVER, Role.FINANCE, Role.SUPERVISOR, Role.AUDITOR, Role.CUSTODIAN}
)
