"""Who really calls, behind the installation's own gateways: for the journal and for the lock.

Without this every line of the journal would name the gateway, and five wrong passwords anywhere
would lock the account everywhere. Only the gateways named in NAMRO_PROXIES are believed.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings


def caller(address: str, forwarded: str, trusted: frozenset[str]) -> str:
    """The nearest address that is no gateway of ours; what a caller wrote before it is not read.

    `forwarded`: X-Forwarded-For, to which each gateway adds who called it at the end.
    """
    for said in reversed(forwarded.split(",")):
        if address not in trusted:
            break
        try:
            address = str(ipaddress.ip_address(said.strip()))
        except ValueError:
            break
    return address


class ProxyMiddleware:
    """REMOTE_ADDR becomes the caller's; first of all, since everything after it may ask."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        said = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if said and settings.NAMRO_PROXIES:
            here = request.META.get("REMOTE_ADDR", "")
            request.META["REMOTE_ADDR"] = caller(here, said, settings.NAMRO_PROXIES)
        return self.get_response(request)
