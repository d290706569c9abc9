"""A task for a worker in another process."""

from django_tasks import task


@task()
def note_that_it_ran() -> None:
    """The queue notes it."""
