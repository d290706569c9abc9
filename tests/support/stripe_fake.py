"""A small Stripe at the HTTP edge: it plays the life of sessions, refunds and disputes and remembers.

Each request is passed on to stripe-mock first; what that refuses, is refused here and noted in `refused`.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stripe import WebhookSignature

PAGE = 2  # small, so that every list has several pages


class StripeFake:
    def __init__(self, validator: str) -> None:
        self.validator = validator
        self.secret = "whsec_test"
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self.refused: list[str] = []
        self.is_down = False
        self.lose_answer = False
        self._number = itertools.count(1)

    # what happens at Stripe

    def pay(
        self, session_id: str, *, method: str = "card", amount: int | None = None, currency: str = ""
    ) -> dict[str, Any]:
        """The sponsor has paid: the session completes. Answers the event, which nobody has delivered yet."""
        session = self.sessions[session_id]
        intent = f"pi_{next(self._number)}"
        session |= {
            "payment_status": "paid",
            "status": "complete",
            "payment_intent": intent,
            "amount_total": session["amount_total"] if amount is None else amount,
            "currency": currency or session["currency"],
        }
        self.intents[intent] = {
            "id": intent, "object": "payment_intent", "amount": session["amount_total"], "currency": session["currency"],
            "latest_charge": {"id": "ch_1", "object": "charge", "payment_method_details": {"type": method}},
        }  # fmt: skip
        return self.event("checkout.session.completed", session)

    def stranger(self, amount: int = 5000, currency: str = "cny") -> dict[str, Any]:
        """A paid session that was not made by us."""
        name = f"cs_stranger_{next(self._number)}"
        self.sessions[name] = {
            "id": name, "object": "checkout.session", "amount_total": amount, "currency": currency,
            "payment_status": "unpaid", "metadata": {}, "payment_method_types": ["card"], "created": int(time.time()),
        }  # fmt: skip
        return self.pay(name)

    def settle_refund(self, refund_id: str, status: str = "succeeded") -> dict[str, Any]:
        refund = self.refunds[refund_id]
        refund["status"] = status
        return self.event("refund.updated" if status == "succeeded" else "refund.failed", refund)

    def refund_outside(self, intent: str, amount: int) -> dict[str, Any]:
        """Somebody clicks in Stripe's own pages."""
        name = f"re_{next(self._number)}"
        self.refunds[name] = {
            "id": name, "object": "refund", "amount": amount, "currency": "cny", "payment_intent": intent,
            "status": "succeeded", "metadata": {},
        }  # fmt: skip
        return self.event("refund.created", self.refunds[name])

    def dispute(self, intent: str, amount: int, status: str = "needs_response", name: str = "dp_1") -> dict[str, Any]:
        entry = {
            "id": name, "object": "dispute", "amount": amount, "currency": "cny", "payment_intent": intent,
            "reason": "fraudulent", "status": status,
        }  # fmt: skip
        kind = "charge.dispute.closed" if status in ("won", "lost") else "charge.dispute.created"
        return self.event(kind, entry)

    def event(self, kind: str, entry: dict[str, Any]) -> dict[str, Any]:
        event = {
            "id": f"evt_{next(self._number)}", "object": "event", "type": kind, "created": int(time.time()),
            "api_version": "2026-10-28.endive", "livemode": False, "pending_webhooks": 1,
            "data": {"object": json.loads(json.dumps(entry))},
        }  # fmt: skip
        self.events.append(event)
        return event

    # deliveries

    def signed(self, event: dict[str, Any], *, secret: str = "", at: int | None = None) -> tuple[str, str]:
        """The body of a delivery and its signature, made by stripe's own library."""
        body = json.dumps(event)
        return body, WebhookSignature.generate_signature_header(body, secret or self.secret, at)

    def deliver(self, client: Any, event: dict[str, Any], **how: Any) -> Any:
        body, signature = self.signed(event, **how)
        return client.post(
            "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
        )

    # requests

    def answer(self, method: str, path: str, query: dict[str, Any], form: dict[str, Any], key: str) -> dict[str, Any]:
        if method == "POST" and key in self.answers:
            return self.answers[key]
        made = self._make(method, path, query, form)
        if method == "POST" and key:
            self.answers[key] = made
        return made

    def _make(self, method: str, path: str, query: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            return self._session(form)
        if (method, path) == ("POST", "/v1/refunds"):
            return self._refund(form)
        if path.startswith("/v1/payment_intents/"):
            return self.intents[path.rsplit("/", 1)[1]]
        if path == "/v1/checkout/sessions":
            return self._list(path, list(self.sessions.values()), query)
        if path == "/v1/events":
            kinds = {value for name, value in query.items() if name.startswith("types")}
            return self._list(path, [event for event in self.events if event["type"] in kinds], query)
        raise KeyError(path)

    def _session(self, form: dict[str, Any]) -> dict[str, Any]:
        name = f"cs_{next(self._number)}"
        price = "line_items[0][price_data]"
        self.sessions[name] = {
            "id": name,
            "object": "checkout.session",
            "url": f"https://checkout.example/{name}",
            "amount_total": int(form[f"{price}[unit_amount]"]) * int(form["line_items[0][quantity]"]),
            "currency": form[f"{price}[currency]"],
            "payment_status": "unpaid",
            "status": "open",
            "payment_intent": None,
            "payment_method_types": [
                value for field, value in form.items() if field.startswith("payment_method_types")
            ],
            "metadata": {field[9:-1]: value for field, value in form.items() if field.startswith("metadata[")},
            "created": int(time.time()),
            "expires_at": int(form["expires_at"]),
        }
        return self.sessions[name]

    def _refund(self, form: dict[str, Any]) -> dict[str, Any]:
        name = f"re_{next(self._number)}"
        self.refunds[name] = {
            "id": name,
            "object": "refund",
            "amount": int(form["amount"]),
            "currency": self.intents[form["payment_intent"]]["currency"],
            "payment_intent": form["payment_intent"],
            "status": "pending",
            "metadata": {field[9:-1]: value for field, value in form.items() if field.startswith("metadata[")},
        }
        return self.refunds[name]

    def _list(self, url: str, rows: list[dict[str, Any]], query: dict[str, Any]) -> dict[str, Any]:
        """Newest first, in pages."""
        newest = rows[::-1]
        after = query.get("starting_after")
        start = next((i + 1 for i, row in enumerate(newest) if row["id"] == after), 0)
        data = newest[start : start + PAGE]
        return {"object": "list", "url": url, "data": data, "has_more": start + PAGE < len(newest)}

    def validate(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """What stripe-mock says to the very same request."""
        request = urllib.request.Request(self.validator + target, data=body or None, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            content = error.read()
            self.refused.append(f"{method} {target}: {content.decode()}")
            return error.code, content

    def start(self) -> str:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def handler_of(fake: StripeFake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Silent."""

        def _handle(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urllib.parse.urlsplit(self.path)
            query, form = dict(urllib.parse.parse_qsl(parts.query)), dict(urllib.parse.parse_qsl(body.decode()))
            names = ("Authorization", "Content-Type", "Idempotency-Key", "Stripe-Version")
            headers = {name: self.headers[name] for name in names if self.headers.get(name)}
            if fake.is_down:
                self._send(500, b'{"error": {"type": "api_error", "message": "down"}}')
                return
            status, content = fake.validate(method, self.path, body, headers)
            if status < 400:
                fake.requests.append((method, parts.path, {**query, **form}))
                made = fake.answer(method, parts.path, query, form, headers.get("Idempotency-Key", ""))
                content = json.dumps(made).encode()
            if fake.lose_answer:
                self._send(500, b'{"error": {"type": "api_error", "message": "lost"}}')
                return
            self._send(status, content)

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Stripe-Should-Retry", "false")
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self._handle("GET")

        def do_POST(self) -> None:
            self._handle("POST")

    return Handler
