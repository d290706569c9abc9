"""Papers of applications, and who may read them and their files."""

from __future__ import annotations

from marketplace.accounts.actors import Actor
from marketplace.documents.access import register_files, register_subject, subject_key
from marketplace.documents.generation import Blueprint, register
from marketplace.documents.models import Document, StoredFile

from .models import Application, ApplicationFile, ApplicationVersion
from .permissions.application import can_view_applications, can_write_application
from .selectors.reading import reads_attachments
from .selectors.versions import passages_of


def receipt(version: ApplicationVersion) -> Blueprint:
    context = {
        "title": "创投申报回执",
        "number": version.content["call"]["number"],
        "receipt": version,
        "content": version.content,
        "deadline": version.application.call.deadline,
    }
    return Blueprint("documents/application_receipt.html", context, f"创投申报回执 {version.receipt_number}")


def own_copy(version: ApplicationVersion) -> Blueprint:
    context = {
        "title": version.content["basics"]["title"],
        "number": version.content["call"]["number"],
        "receipt": version,
        "content": version.content,
        "passages": passages_of(version.content),
    }
    return Blueprint("documents/application_copy.html", context, f"创投申报书 {version.receipt_number}")


def reads_version(actor: Actor, document: Document) -> bool:
    """A receipt is its applicant's; so is the copy."""
    found = (
        ApplicationVersion.objects.select_related("application").filter(receipt_number=subject_key(document)).first()
    )
    return found is not None and bool(can_write_application(actor, found.application))


def reads_file(actor: Actor, file: StoredFile) -> bool:
    """The applicant's people always; of what was handed in, who reads applications, and its reviewers."""
    rows = ApplicationFile.objects.select_related("application__call").filter(file=file)
    return any(bool(can_write_application(actor, row.application)) or _was_handed_in(actor, row) for row in rows)


def _was_handed_in(actor: Actor, row: ApplicationFile) -> bool:
    application: Application = row.application
    if not (can_view_applications(actor, application.call) or reads_attachments(actor, application)):
        return False
    contents = application.versions.values_list("content", flat=True)
    return any(str(row.file_id) == held["id"] for content in contents for held in content["files"])


def connect() -> None:
    register("application_receipt", receipt)
    register("application_copy", own_copy)
    register_subject("ventures.applicationversion", reads_version)
    register_files(reads_file)
