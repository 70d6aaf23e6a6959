"""What was done, said by whom, with what proof (rõ tiến độ)."""
