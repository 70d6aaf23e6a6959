"""Pages go compressed over a weak line; files people keep go as they are."""

from django.middleware.gzip import GZipMiddleware

_TEXTS = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


class CompressionMiddleware(GZipMiddleware):
    """Django's own (with its random length against BREACH), for pages and data only."""

    def process_response(self, request, response):
        kind = response.headers.get("Content-Type", "")
        if (
            response.streaming
            or not kind.startswith(_TEXTS)
            or "attachment" in response.headers.get("Content-Disposition", "")
        ):
            return response
        return super().process_response(request, response)
