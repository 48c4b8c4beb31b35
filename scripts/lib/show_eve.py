#!/usr/bin/env python3
"""Prints an EVE file for a person: alerts and anomalies, then flows.

Usage: show_eve.py EVE_FILE [--expect SID,SID,...]

With --expect the exit status is 1 unless exactly these rules alerted.
"""

import argparse
import json
import sys


def endpoint(event, side):
    port = event.get(f"{side}_port")
    return event.get(f"{side}_ip", "?") + (f":{port}" if port else "")


def conversation(event):
    mirror = event.get("mirror", {})
    ends = f"{endpoint(event, 'src')} -> {endpoint(event, 'dest')}"
    return f"VNI {mirror.get('vni', '?')}  {event.get('proto', '?'):5} {ends}"


def show_alert(event):
    alert = event["alert"]
    print(f"  ALERT  [{alert['gid']}:{alert['signature_id']}:{alert['rev']}] {alert['signature']}")
    print(f"         {event['timestamp']}  {conversation(event)}")


def show_flow(event):
    flow = event["flow"]
    packets = f"{flow.get('pkts_toserver', 0)} + {flow.get('pkts_toclient', 0)} packets"
    volume = f"{flow.get('bytes_toserver', 0)} + {flow.get('bytes_toclient', 0)} bytes"
    print(f"  flow   {conversation(event)}  {packets}, {volume}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eve")
    parser.add_argument("--expect", type=lambda text: sorted(int(sid) for sid in text.split(",")))
    options = parser.parse_args()
    with open(options.eve, encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines if line.strip()]

    kinds = {}
    for event in events:
        kinds.setdefault(event["event_type"], []).append(event)
    print("Alerts")
    for event in kinds.get("alert", []):
        show_alert(event)
    for event in kinds.get("anomaly", []):
        print(f"  anomaly {json.dumps(event.get('anomaly', {}))}  {conversation(event)}")
    print("Flows")
    for event in kinds.get("flow", []):
        show_flow(event)

    seen = sorted({event["alert"]["signature_id"] for event in kinds.get("alert", [])})
    if options.expect is not None and seen != options.expect:
        print(f"expected alerts of the rules {options.expect}, got {seen}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
