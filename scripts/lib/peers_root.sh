# The programs that mirrorscan is compared with, in a Debian 12 of their own: Suricata 7 of bookworm-backports and
# dpdk-testpmd. Their libraries conflict with ours, so they are never installed in the host. Needs say.sh,
# fresh_root.sh and root; runs in the project's root.

peers_root=$(realpath -m "${MIRRORSCAN_PEERS:-build/peers}")

# Whether the root is whole: the mark is written last.
has_peers() { [ -e "$peers_root/etc/mirrorscan-peers" ]; }

# make_peers: once; a root that was left half made is made anew. Nothing else is deleted: MIRRORSCAN_PEERS may name any folder.
make_peers() {
  has_peers && return 0
  [ "$(id -u)" -eq 0 ] || { complain "the peers' root needs root, for debootstrap and mounts"; return 1; }
  command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap; } || return 1
  if grep -q " $peers_root/" /proc/self/mounts; then
    complain "mounts are left below $peers_root; unmount them and try again"
    return 1
  fi
  if [ -n "$(ls -A "$peers_root" 2>/dev/null)" ] && [ ! -e "$peers_root.begun" ]; then
    complain "$peers_root is not empty and no peers' root; name another folder"
    return 1
  fi
  rm -rf --one-file-system "$peers_root"
  mkdir -p "$peers_root"
  touch "$peers_root.begun"
  chmod 755 "$peers_root" # apt drops its privileges inside
  make_root "$peers_root" && rm -f "$peers_root.log" || return 1
  copy_apt_configuration "$peers_root"
  echo "deb $(debian_mirror) $suite-backports main" >"$peers_root/etc/apt/sources.list.d/backports.list"
  # No daemon is started when its package is installed.
  printf '#!/bin/sh\nexit 101\n' >"$peers_root/usr/sbin/policy-rc.d"
  chmod 755 "$peers_root/usr/sbin/policy-rc.d"
  say "installing suricata and dpdk-testpmd into $peers_root"
  # testpmd is in dpdk-dev. It goes first: what Suricata would take from backports for want of anything older keeps it out.
  (in_peers "$PWD" sh -euc 'export DEBIAN_FRONTEND=noninteractive
    install() { apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@"; }
    apt-get update -qq
    install dpdk-dev
    install -t "$0" suricata' "$suite-backports") >"$peers_root/var/log/peers.log" 2>&1 || {
    tail -n 20 "$peers_root/var/log/peers.log" >&2
    return 1
  }
  (in_peers "$PWD" suricata -V) >"$peers_root/etc/mirrorscan-peers" || { rm -f "$peers_root/etc/mirrorscan-peers"; return 1; }
  rm -f "$peers_root.begun"
}

# in_peers FOLDER COMMAND...: in the root, with FOLDER at its own path, in a mount namespace that ends with the command. The
# command takes this shell's place, so that whoever kills it kills the command and leaves nothing behind.
in_peers() {
  local folder=$1 name environment=(HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8)
  shift
  for name in http_proxy https_proxy no_proxy; do
    [ -n "${!name:-}" ] && environment+=("$name=${!name}")
  done
  exec unshare --mount --propagation private sh -euc '
    root=$1 folder=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mkdir -p "$root$folder"
    mount --bind "$folder" "$root$folder"
    exec chroot "$root" "$@"' in-peers "$peers_root" "$folder" \
    env -i "${environment[@]}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
