"""A real DNS server on loopback, UDP and TCP, and a look-up that asks it: names that answer as a test says.

with dns_server() as dns:
    dns.answers["rebind.test"] = [["203.0.113.9"], ["127.0.0.1"]]  # the first time, and ever after
    Addresses((), dns.look_up, ports=[80])
"""

import socket
import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Literal, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset

from tests.one_port import on_one_port

Answer = list[str] | Literal["NXDOMAIN", "SERVFAIL", "silence"]
"""Addresses and names of other hosts (CNAME), an error, or no answer at all."""

# RFC 1035 4.2.1: more does not fit in a datagram, and the client comes again by TCP.
_DATAGRAM = 512


class DnsServer:
    """What is answered, and what was asked."""

    def __init__(self, port: int) -> None:
        self.answers: dict[str, list[Answer]] = {}
        """By name without its last dot; each look-up uses one up, save the last."""
        self.asked: Counter[str] = Counter()
        """Queries, by "NAME TYPE"; over TCP by "NAME TYPE tcp"."""
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = ["127.0.0.1"]
        self._resolver.port = port
        self._resolver.lifetime = 5.0
        self._resolver.use_edns(-1)

    def look_up(self, host: str) -> list[str]:
        """Addresses of a host by this server, with the errors of `socket.getaddrinfo`."""
        found: list[str] = []
        try:
            for kind in ("A", "AAAA"):
                answer = self._resolver.resolve(host, kind, search=False, raise_on_no_answer=False)
                found += [str(record) for record in answer.rrset or ()]
        except (dns.resolver.NXDOMAIN, dns.name.NameTooLong, dns.name.LabelTooLong, dns.name.EmptyLabel):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
        except dns.exception.DNSException:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution") from None
        return found

    def reply(self, data: bytes, *, tcp: bool) -> bytes | None:
        """The answer to a query; None where there shall be none."""
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked[f"{name} {kind}{' tcp' if tcp else ''}"] += 1
        answer = self._answer(name, kind)
        if answer == "silence":
            return None
        response = dns.message.make_response(query)
        if isinstance(answer, str):
            response.set_rcode(dns.rcode.from_text(answer))
        else:
            self._add(response, question.name, answer, question.rdtype)
        try:
            return response.to_wire(max_size=65_535 if tcp else _DATAGRAM)
        except dns.exception.TooBig:
            response.answer = []
            response.flags |= dns.flags.TC
            return response.to_wire()

    def _answer(self, name: str, kind: str) -> Answer:
        """The name's turn. IPv4 is asked for first, IPv6 ends the turn, as does an error."""
        turns = self.answers.get(name)
        if not turns:
            return "NXDOMAIN"
        ended = kind == "AAAA" or turns[0] in ("NXDOMAIN", "SERVFAIL")
        return turns.pop(0) if ended and len(turns) > 1 else turns[0]

    def _add(
        self, response: dns.message.Message, name: dns.name.Name, answer: list[str], kind: dns.rdatatype.RdataType
    ) -> None:
        for each in answer:
            try:
                fits = (ip_address(each).version == 4) is (kind == dns.rdatatype.A)
            except ValueError:
                response.answer.append(dns.rrset.from_text(name, 0, "IN", "CNAME", f"{each}."))
                target = self._answer(each, dns.rdatatype.to_text(kind))
                if each not in str(response.answer[:-1]) and isinstance(target, list):
                    self._add(response, dns.name.from_text(each), target, kind)
                continue
            if fits:
                rrset = response.find_rrset(response.answer, name, dns.rdataclass.IN, kind, create=True)
                rrset.add(dns.rdata.from_text(dns.rdataclass.IN, kind, each), ttl=0)


class _Udp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, sock = cast("tuple[bytes, socket.socket]", self.request)
        reply = cast("_UdpServer", self.server).dns.reply(data, tcp=False)
        if reply is not None:
            sock.sendto(reply, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        (length,) = struct.unpack("!H", self.rfile.read(2))
        reply = cast("_TcpServer", self.server).dns.reply(self.rfile.read(length), tcp=True)
        if reply is not None:
            self.wfile.write(struct.pack("!H", len(reply)) + reply)


class _UdpServer(socketserver.UDPServer):
    dns: DnsServer


class _TcpServer(socketserver.TCPServer):
    allow_reuse_address = True
    dns: DnsServer


@contextmanager
def dns_server() -> Iterator[DnsServer]:
    """The server, running on one port of 127.0.0.1 for UDP and TCP."""
    tcp, udp = on_one_port(
        [lambda port: _TcpServer(("127.0.0.1", port), _Tcp), lambda port: _UdpServer(("127.0.0.1", port), _Udp)]
    )
    with tcp, udp:
        served = DnsServer(tcp.server_address[1])
        cast("_TcpServer", tcp).dns = cast("_UdpServer", udp).dns = served
        threads = [threading.Thread(target=s.serve_forever, args=(0.05,), daemon=True) for s in (tcp, udp)]
        for thread in threads:
            thread.start()
        try:
            yield served
        finally:
            for server, thread in zip((tcp, udp), threads, strict=True):
                server.shutdown()
                thread.join()
