"""Suricata 7 beside us: its configuration for the comparison, one run over a capture, and what its log and EVE say.

It runs in the peers' root (scripts/lib/peers), on the last CPU as our worker does, in its mode of one thread for packets.
"""

import pathlib
import re
import shutil

from . import commands, machine

# Parsers that Debian's configuration of 7.0.10 switches on; those it leaves off stay off here too.
PARSERS = (
    "bittorrent-dht dcerpc dhcp dns.tcp dns.udp ftp http http2 ike imap krb5 mqtt nfs ntp quic rdp rfb sip smb smtp snmp "
    "ssh telnet tftp tls"
).split()
OFF_BY_DEFAULT = "dnp3 enip modbus pgsql".split()

CONFIGURATION = """%YAML 1.1
---
# Written by scripts/bench. Checksums are not verified; nothing is dropped for want of memory; connections whose handshake
# was not seen are followed, as we follow them.
vars:
{vars}
default-log-dir: .
stats: {{enabled: yes, interval: 3600}}
outputs:
  - stats: {{enabled: yes, filename: stats.log, append: no, totals: yes, threads: no}}
  - eve-log: {{enabled: {eve}, filetype: regular, filename: eve.json, types: [alert: {{}}]}}
logging:
  default-log-level: perf
  outputs:
    - console: {{enabled: yes}}
decoder:
  vxlan: {{enabled: true, ports: [4789]}}
  geneve: {{enabled: false}}
  teredo: {{enabled: false}}
packet-alert-max: 255
flow: {{memcap: 4gb, hash-size: 262144, prealloc: 50000, emergency-recovery: 30}}
flow-timeouts:
  default: {{new: 30, established: 300}}
  tcp: {{new: 60, established: 600, closed: 60}}
  udp: {{new: 30, established: 300}}
stream:
  memcap: 4gb
  checksum-validation: no
  inline: no
  midstream: true
  reassembly: {{memcap: 4gb, depth: 1mb, toserver-chunk-size: 2560, toclient-chunk-size: 2560, randomize-chunk-size: no}}
defrag: {{memcap: 512mb, hash-size: 65536, prealloc: yes, timeout: 60}}
pcap-file: {{checksum-checks: no}}
mpm-algo: hs
spm-algo: hs
detect:
  profile: medium
  sgh-mpm-context: auto
max-pending-packets: 1024
unix-command: {{enabled: no}}
classification-file: /etc/suricata/classification.config
reference-config-file: /etc/suricata/reference.config
app-layer:
  protocols:
{parsers}
"""


def parser_lines(app_layer):
    """The app-layer section: nested for dns, which has an entry for each transport."""
    lines, nested = [], {}
    for name in sorted(PARSERS + OFF_BY_DEFAULT):
        enabled = "yes" if app_layer == "on" and name in PARSERS else "no"
        head, _, below = name.partition(".")
        if below:
            nested.setdefault(head, []).append(f"{below}: {{enabled: {enabled}}}")
        else:
            lines.append(f"    {name}: {{enabled: {enabled}}}")
    lines += [f"    {name}: {{{', '.join(parts)}}}" for name, parts in nested.items()]
    return "\n".join(lines)


def variables(vars_file):
    """The block below `vars:` of a file of variables, as it stands there."""
    if not vars_file:
        return "  address-groups: {HOME_NET: any, EXTERNAL_NET: any}\n  port-groups: {HTTP_PORTS: '80'}"
    lines = pathlib.Path(vars_file).read_text(encoding="utf-8").splitlines()
    start = lines.index("vars:")
    return "\n".join(line for line in lines[start + 1 :] if line.startswith(" "))


def configuration(app_layer, eve, vars_file=None):
    """Text of a suricata.yaml. app_layer: on or off; eve: whether alerts are written, yes or no."""
    return CONFIGURATION.format(vars=variables(vars_file), eve=eve, parsers=parser_lines(app_layer))


LOSSES = re.compile(r"memcap(?!_pressure)|overflow")


class Unexpected(Exception):
    """Suricata did not do what the comparison takes for granted."""


def read_log(text):
    """Packets, bytes and seconds of the pass itself, and rules; the time of loading rules is not in it."""
    read = re.search(r"read \d+ file[s]?, (\d+) packets, (\d+) bytes", text)
    seconds = re.search(r"time elapsed ([\d.]+)s", text)
    if not read or not seconds:
        raise Unexpected("no packets or no time in its log:\n" + text[-2000:])
    rules = re.search(r"(\d+) rules successfully loaded, (\d+) rules failed", text)
    return {
        "packets": int(read[1]),
        "bytes": int(read[2]),
        "seconds": float(seconds[1]),
        "rules_loaded": int(rules[1]) if rules else 0,
        "rules_failed": int(rules[2]) if rules else 0,
    }


def read_counters(text):
    """The totals of a stats.log, by name."""
    found = re.findall(r"^(\S+)\s*\| Total\s*\| (\d+)", text, re.MULTILINE)
    return {name: int(value) for name, value in found}


def run(peers, folder, capture, rules, app_layer, eve="no", vars_file=None):
    """One run; its figures, the counters that tell whether it saw everything, and the command. All paths lie in
    the folder that the peers see, build/bench."""
    out, capture = pathlib.Path(folder), pathlib.Path(capture).resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    config = out / "suricata.yaml"
    config.write_text(configuration(app_layer, eve, vars_file), encoding="utf-8")
    command = ["suricata", "-c", str(config), "--runmode", "single", "-r", str(capture), "-l", str(out), "-v", "-k", "none"]
    command += ["-S", str(pathlib.Path(rules).resolve()) if rules else "/dev/null"]
    pinned = ["taskset", "-c", str(commands.last_cpu()), *command]
    neighbours = machine.Neighbours(commands.last_cpu())
    done = peers.run(pinned, timeout=900)
    others = neighbours.share()
    if done.returncode != 0:
        raise Unexpected(f"exit status {done.returncode}:\n{(done.stderr + done.stdout)[-2000:]}")
    figures = read_log(done.stdout + done.stderr)
    counters = read_counters((out / "stats.log").read_text(encoding="utf-8"))
    figures["others_on_its_cpu"] = others
    figures["kpps"] = figures["packets"] / figures["seconds"] / 1000
    figures["vxlan_packets"] = counters.get("decoder.vxlan", 0)
    figures["alerts"] = counters.get("detect.alert", 0)
    figures["lost_to_memory"] = {name: value for name, value in counters.items() if value and LOSSES.search(name)}
    figures["command"] = " ".join(command)
    return figures
