"""What is done about what is late (rõ trách nhiệm): reminders and the outbox."""
