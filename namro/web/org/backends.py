"""Who is signed in: a person and their posts in one query, since every page asks for both."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from namro.web.frame import clock
from namro.web.org.models import User
from namro.web.org.queries import held_by


class PostsBackend(ModelBackend):
    """Django's own backend; `get_user` brings the posts along for `queries.posts_of`."""

    def get_user(self, user_id: int) -> User | None:
        on = clock.today()
        posts = held_by(user_id, on)
        if not posts:
            return super().get_user(user_id)
        user = posts[0].user
        user._posts_on = (on, posts)
        return user if self.user_can_authenticate(user) else None
