"""What libpcap alone costs a reader of a capture: Suricata's figure holds it, ours does not, so both are told."""

import ctypes
import ctypes.util
import time

from .measurement import Measured, Measurement


class Unreadable(OSError):
    """The capture, and what libpcap says about it."""


def nanoseconds_a_packet(path):
    """The file from first to last packet, through pcap_loop and a callback that does nothing: libc's abs()."""
    library = ctypes.CDLL(ctypes.util.find_library("pcap") or "libpcap.so.0.8")
    library.pcap_open_offline.restype = ctypes.c_void_p
    said = ctypes.create_string_buffer(256)
    capture = library.pcap_open_offline(str(path).encode(), said)
    if not capture:
        raise Unreadable(said.value.decode())
    capture = ctypes.c_void_p(capture)
    # A pair of readings: with pcap_loop the file's data is copied into libpcap's buffer and handed on, as Suricata has it.
    nothing = ctypes.cast(ctypes.CDLL(None).abs, ctypes.c_void_p)
    began = time.perf_counter_ns()
    library.pcap_loop(capture, -1, nothing, None)
    passed = time.perf_counter_ns() - began
    library.pcap_close(capture)
    return passed


def reading(name, capture):
    """Needs the number of packets from the input's facts."""

    def run(place, _rounds):
        packets = place.inputs[capture]["packets"]
        passed = nanoseconds_a_packet(place.paths[capture])
        return Measured([{"packets": packets, "ns_per_packet": passed / packets}], f"libpcap's pcap_loop over {place.paths[capture]}")

    return Measurement(name, run, (capture,))
