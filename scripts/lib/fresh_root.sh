# A bare Debian 12 below a folder: made, filled, mounted, and removed again. Needs say.sh, testdata.sh, root, and a
# mount namespace of its own; runs in the project's root.

suite=bookworm
project=/src/mirrorscan # in the root; the test data is mounted where its default is: beside the project

# Where this machine's apt takes the suite from.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI)' "Codename: $suite" "Component: main" "Created-By: Packages" | head -n 1
}

# make_root ROOT
make_root() {
  local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mirror=$(debian_mirror)
  if [ -z "$mirror" ]; then
    # The lists may be empty on a machine whose package cache was cleaned.
    apt-get update -qq
    mirror=$(debian_mirror)
  fi
  [ -n "$mirror" ] || { complain "apt knows no mirror for $suite"; return 1; }
  say "debootstrap of $suite (minbase)"
  debootstrap --variant=minbase --keyring="$keyring" "$suite" "$1" "$mirror" >"$1.log" 2>&1 || {
    tail -n 20 "$1.log" >&2
    return 1
  }
}

# copy_apt_configuration ROOT: sources, keys, proxies and names, as this machine has them.
copy_apt_configuration() {
  local path
  rm -rf "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d
  for path in sources.list sources.list.d apt.conf apt.conf.d auth.conf auth.conf.d keyrings trusted.gpg.d; do
    [ -e "/etc/apt/$path" ] && cp -a "/etc/apt/$path" "$1/etc/apt/"
  done
  mkdir -p "$1/usr/share/keyrings" "$1/etc/ssl/certs"
  cp -a /usr/share/keyrings/. "$1/usr/share/keyrings/"
  cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
  # For sources behind TLS: the bare root has no certificates of its own.
  if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
  fi
}

# put_tree ROOT COMMIT: what is committed, nothing else.
put_tree() {
  mkdir -p "$1$project"
  git archive "$2" | tar -x -C "$1$project"
}

# mount_root ROOT
mount_root() {
  mount -t proc proc "$1/proc"
  mount --rbind /sys "$1/sys"
  mount --rbind /dev "$1/dev"
  if [ -d "$MIRRORSCAN_TESTDATA" ]; then
    mkdir -p "$1$project/../shared"
    mount --bind "$MIRRORSCAN_TESTDATA" "$1$project/../shared"
    mount -o remount,bind,ro "$1$project/../shared"
  fi
}

# run_inside ROOT COMMAND...: in the project's folder; of the environment only proxies and fuzzing time go along.
run_inside() {
  local root=$1 name environment=(HOME="$project" TERM="${TERM:-dumb}" LANG=C.UTF-8)
  shift
  for name in http_proxy https_proxy no_proxy MIRRORSCAN_FUZZ_SECONDS; do
    [ -n "${!name:-}" ] && environment+=("$name=${!name}")
  done
  env -i "${environment[@]}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    chroot "$root" sh -c 'cd "$0" && exec "$@"' "$project" "$@"
}

# remove_root ROOT KEEP: mounts first, those that a test left inside too (a namespace of `ip netns` is one); nothing is
# deleted while one of them stands.
remove_root() {
  local mount
  cut -d ' ' -f 2 /proc/self/mounts | grep "^$1/" | sort -r | while read -r mount; do umount -l "$mount"; done
  rm -f "$1.log"
  if [ "$2" = yes ]; then
    say "kept: $1"
  elif grep -q " $1/" /proc/self/mounts; then
    complain "mounts are left below $1; not deleted"
  else
    rm -rf --one-file-system "$1"
  fi
}
