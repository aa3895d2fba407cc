"""Where addresses of others lead: public machines only, looked up once, and that very machine is called."""

import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base import calling

PUBLIC = ["203.162.0.10", "8.8.8.8", "2001:ee0:1::1", "2606:4700::1111"]
NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::10.0.0.1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::a00:1",
    "2002:a00:1::",
    "2002:808:808::1",
    "2001:0:a00:1::",
    "2001:db8::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.fixture
def names(monkeypatch):
    """What names lead to; each look-up of one takes the next answer."""
    there = {}

    def look(host, port, *_args, **_kwargs):
        answers = there.get(host) or [[host]]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        try:
            families = [socket.AF_INET6 if ipaddress.ip_address(a).version == 6 else socket.AF_INET for a in found]
        except ValueError:
            raise socket.gaierror("unknown") from None
        return [(family, socket.SOCK_STREAM, 6, "", (a, port)) for family, a in zip(families, found, strict=True)]

    monkeypatch.setattr("hocvuso.base.calling.socket.getaddrinfo", look)
    return there


@pytest.fixture
def public(settings):
    """A public server, where this machine itself may not be called."""
    settings.SECURE = True
    return settings


def is_public(url):
    """Whether an address may be called now."""
    try:
        calling.look_up(url)
    except calling.NotPublic:
        return False
    return True


@pytest.fixture
def nobody_is_asked(monkeypatch):
    """A name server that must not be asked."""

    def look(*_args, **_kwargs):
        pytest.fail("a name was looked up")

    monkeypatch.setattr("hocvuso.base.calling.socket.getaddrinfo", look)


@pytest.mark.parametrize("address", PUBLIC)
def test_machines_of_the_internet_may_be_called(public, names, address):
    names["nhan.example"] = [[address]]
    assert calling.look_up("https://nhan.example/a?b=1").address == address


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_inside_may_not_whatever_they_are_written_as(public, names, address):
    names["nhan.example"] = [[address]]
    named = f"[{address}]" if ":" in address else address
    assert not is_public("https://nhan.example/") and not is_public(f"https://{named}/")


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_one_address_inside_among_public_ones_is_enough(public, names, address):
    names["nhan.example"] = [["8.8.8.8", address]]
    assert not is_public("https://nhan.example/")


@pytest.mark.parametrize("port", [22, 25, 80, 444, 5432, 6379, 8443, 65535])
def test_other_ports_are_no_hooks(public, names, port):
    assert not is_public(f"https://8.8.8.8:{port}/")
    public.ENV = {**public.ENV, "HOCVUSO_HOOK_PORTS": [443, port]}
    assert is_public(f"https://8.8.8.8:{port}/") and is_public("https://8.8.8.8/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "https://",
        "https://[",
        "https://[::1",
        "https://8.8.8.8:99999/",
        "https://8.8.8.8:x/",
        "https://user:secret@8.8.8.8/",
        "https://8.8.8.8\\@10.0.0.1/",
        "https://8.8.8.8/ HTTP/1.1\r\nX: y",
        "https://8.8.8.8/\x00",
        "https://đích.example/",
        "https://unknown.example/",
        "//8.8.8.8/",
    ],
)
def test_what_is_no_plain_address_is_refused(public, names, url):
    assert not is_public(url)


@pytest.mark.parametrize("url", ["https://nhan.example/a?b=1", "https://8.8.8.8/", "https://[2606:4700::1111]:443/"])
def test_taking_in_judges_by_the_text_alone(public, nobody_is_asked, url):
    assert calling.may_be_public(url)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_taking_in_refuses_addresses_inside(public, nobody_is_asked, address):
    named = f"[{address}]" if ":" in address else address
    assert not calling.may_be_public(f"https://{named}/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "//nhan.example/",
        "http://nhan.example/",
        "https://nhan.example:22/",
        "https://user:secret@nhan.example/",
        "https://nhan.example\\@10.0.0.1/",
        "https://intranet/",
        "https://localhost/",
        "https://a.localhost/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1./",
    ],
)
def test_taking_in_refuses_what_its_text_gives_away(public, nobody_is_asked, url):
    assert not calling.may_be_public(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://localhost:9/", "http://[::1]:9/"])
def test_while_developing_this_machine_is_taken_in(nobody_is_asked, url):
    assert calling.may_be_public(url)


@given(st.text(max_size=40) | st.text(max_size=40).map(lambda text: f"https://{text}/"))
def test_no_text_breaks_it(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hocvuso.base.calling.socket.getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("10.0.0.1", 0))])
        assert not is_public(text)
        assert calling.may_be_public(text) in (True, False)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["Host"], self.headers["X-A"], body))
        self.send_response(self.server.status)
        self.send_header("Location", "https://evil.example/")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status = [], 204
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_machine_that_was_checked_is_called_though_the_name_has_changed(names, receiver):
    names["nhan.example"] = [["127.0.0.1"], ["10.0.0.1"]]
    url = f"http://nhan.example:{receiver.server_port}/vao?x=1"
    calling.look_up(url).post({"X-A": "b"}, b"body", wait=2)
    assert receiver.got == [("/vao?x=1", f"nhan.example:{receiver.server_port}", "b", b"body")]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500])
def test_it_is_taken_or_not_and_nobody_is_followed(names, receiver, status):
    receiver.status = status
    with pytest.raises(OSError, match=str(status)):
        calling.look_up(f"http://127.0.0.1:{receiver.server_port}/").post({}, b"", wait=2)
    assert len(receiver.got) == 1


def test_a_machine_that_hangs_up_is_a_fault(names):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(OSError):  # noqa: PT011
        calling.look_up(f"http://127.0.0.1:{port}/").post({}, b"", wait=1)


def certify(folder, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


@pytest.mark.parametrize(("name", "taken"), [("nhan.example", True), ("another.example", False)])
def test_over_tls_the_name_is_checked_not_the_number(tmp_path, monkeypatch, names, receiver, name, taken):
    certify(tmp_path, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
    names["nhan.example"] = [["127.0.0.1"]]
    there = calling.look_up(f"https://nhan.example:{receiver.server_port}/")
    if taken:
        there.post({}, b"body", wait=2)
    else:
        with pytest.raises(OSError, match="doesn't match|mismatch"):
            there.post({}, b"body", wait=2)
    assert len(receiver.got) == taken
