"""A SAML identity provider of the package pysaml2, with one page on which anybody signs in as the account whose name they
type. Takes its settings as JSON from the environment; says "ready" when it listens.

It signs responses, wants requests to be signed, and reads the metadata of whoever relies on it when somebody comes."""

import html
import json
import os
import shutil
import sys
from base64 import b64encode
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from urllib.request import ProxyHandler, build_opener

from saml2 import BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import AUTHN_PASSWORD_PROTECTED, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

SETTINGS = json.loads(os.environ["PEER_SETTINGS"])
BASE = f"http://127.0.0.1:{SETTINGS['port']}"


def configuration(relying):
    return IdPConfig().load({
        "entityid": f"{BASE}/metadata",
        "service": {"idp": {
            "endpoints": {"single_sign_on_service": [(f"{BASE}/sso", BINDING_HTTP_REDIRECT)]},
            "want_authn_requests_signed": True,
        }},
        "key_file": SETTINGS["key"],
        "cert_file": SETTINGS["certificate"],
        "xmlsec_binary": shutil.which("xmlsec1"),
        "metadata": {"inline": relying},
    })


@cache
def provider():
    with build_opener(ProxyHandler({})).open(SETTINGS["relying"]) as answer:
        return Server(config=configuration([answer.read().decode()]))


def asked(query):
    """What the signed request of this query asks for, as the arguments of its answer."""
    of = {name: values[0] for name, values in parse_qs(query).items()}
    request = provider().parse_authn_request(
        of["SAMLRequest"], BINDING_HTTP_REDIRECT,
        relay_state=of["RelayState"], sigalg=of["SigAlg"], signature=of["Signature"])
    arguments = provider().response_args(request.message)
    return of["RelayState"], {name: arguments[name] for name in ("in_response_to", "sp_entity_id", "destination")}


def answered(query, login):
    relay_state, arguments = asked(query)
    response = provider().create_authn_response(
        identity=SETTINGS["accounts"][login],
        name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=login),
        authn={"class_ref": AUTHN_PASSWORD_PROTECTED, "authn_auth": BASE},
        sign_response=True, sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256, **arguments)
    fields = {"SAMLResponse": b64encode(str(response).encode()).decode(), "RelayState": relay_state}
    return form("On the way back", arguments["destination"], "Go back", "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()))


def form(heading, action, button, fields):
    return f"""<!doctype html><html lang="en"><title>{heading}</title><h1>{heading}</h1>
<form method="post" action="{html.escape(action)}">{fields}<button>{button}</button></form></html>"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        match address.path:
            case "/metadata":
                self.answer("application/samlmetadata+xml", create_metadata_string(None, configuration([])))
            case "/sso":
                asked(address.query)
                field = '<label for="login">Login</label><input id="login" name="login">'
                self.answer("text/html", form("Sign in at the provider", self.path, "Sign in there", field))
            case _:
                self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.answer("text/html", answered(urlsplit(self.path).query, parse_qs(body)["login"][0]))

    def answer(self, kind, text):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        print(*words, file=sys.stderr)


server = ThreadingHTTPServer(("127.0.0.1", SETTINGS["port"]), Handler)
print("ready", flush=True)
server.serve_forever()
