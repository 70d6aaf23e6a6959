"""What was decided, and who owes it (rõ việc): documents, plans, targets, tasks."""
