"""Who there is, and who may do what (rõ người): units in two trees, people, posts, the journal."""
