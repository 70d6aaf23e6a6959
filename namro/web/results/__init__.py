"""How far each unit has come, as of when (rõ kết quả)."""
