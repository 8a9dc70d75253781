"""What Alembic runs: the steps that are missing, in the caller's transaction."""

from alembic import context

from tapewarden.cases.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
