#!/usr/bin/env python3
"""A real AWS mirror session of 2019: the SSH banner, the flows, the VNI and both ledger equations, field by field."""
import common

BANNER = 'alert tcp any any -> any 22 (msg:"banner"; flow:established,to_server; content:"SSH-2.0-OpenSSH_7.9p1"; sid:1;)\n'


def check_alert(run):
    alerts = run.of("alert")
    common.equal(sorted(a["src_port"] for a in alerts), [37180, 37182, 37184, 37186], "ports of the four SSH clients")
    a = next(a for a in alerts if a["src_port"] == 37180)
    wanted = {"event_type": "alert", "src_ip": "18.196.145.224", "src_port": 37180, "dest_ip": "172.31.0.238",
              "dest_port": 22, "proto": "TCP", "direction": "to_server"}
    common.equal({key: a[key] for key in wanted}, wanted, "the alert")
    common.equal(a["tunnel"], {"src_ip": "172.31.0.238", "src_port": 65474, "dest_ip": a["tunnel"]["dest_ip"],
                               "dest_port": 4789, "proto": "UDP", "depth": 1}, "the tunnel")
    common.equal({key: a["alert"][key] for key in ("action", "gid", "signature_id", "rev", "signature", "severity")},
                 {"action": "allowed", "gid": 1, "signature_id": 1, "rev": 0, "signature": "banner", "severity": 3},
                 "the alert object")
    common.equal((a["mirror"]["encap"], a["mirror"]["direction"], a["mirror"]["truncated"]), ("vxlan", "in", False),
                 "the mirror object")
    common.check(a["timestamp"].startswith("2019-06-27T"), "the timestamp is " + a["timestamp"])
    common.check(a["community_id"].startswith("1:"), "no community id")
    return a


def main():
    capture = common.testdata("corpus", "aws-mirror-2019.pcap")
    run = common.replay(BANNER, [capture])
    common.equal(run.status, 0, "exit status (%s)" % run.err)
    alert = check_alert(run)

    flows = run.of("flow")
    tuples = sorted((f["proto"], f["src_ip"], f.get("src_port"), f["dest_ip"], f.get("dest_port")) for f in flows)
    print("\n".join(map(str, tuples)))
    common.equal(sum(1 for t in tuples if t[0] == "TCP"), 4, "number of TCP flows")
    common.equal(sum(1 for t in tuples if t[0] == "UDP" and t[4] == 123), 1, "number of NTP flows")
    common.equal(sum(f["flow"]["pkts_toserver"] + f["flow"]["pkts_toclient"] for f in flows), 100, "packets in flows")
    ssh = [f for f in flows if f["src_port"] == 37180]
    common.equal([f["flow_id"] for f in ssh], [alert["flow_id"]], "the flow of the alert")
    common.equal(ssh[0]["flow"]["alerted"], True, "the flow's `alerted`")

    mirror = common.ledgers_balance(run)
    vni = alert["mirror"]["vni"]
    common.equal({f["mirror"]["vni"] for f in flows}, {vni}, "the VNIs of the flows")
    common.equal([v.get("vni") for v in mirror["vnis"] if v["packets"]["received"]["packets"] > 0], [vni], "the VNIs")
    packets = mirror["total"]["packets"]
    common.equal(packets["received"]["packets"], 100, "packets received")
    common.equal({name: end["packets"] for name, end in packets["ends"].items() if end["packets"]}, {"inspected": 100},
                 "the packets' ends")
    payload = mirror["total"]["payload"]
    common.equal({name for name, amount in payload["ends"].items() if amount}, {"scanned", "no_rule_applies"}, "the payload's ends")


main()
