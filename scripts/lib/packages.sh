# The Debian 12 packages the project needs, and how they get here. Needs say.sh.

build_packages=(
  g++ meson ninja-build pkg-config ccache
  libdpdk-dev libhyperscan-dev libfmt-dev nlohmann-json3-dev libpcre2-dev libcli11-dev libspdlog-dev
  libyaml-cpp-dev libpcap-dev libssl-dev zlib1g-dev catch2
  python3
)
# The kernel lab of the demo and of the end-to-end tests; the packages of `ip` and `tc`, of offloads, of clients.
lab_packages=(iproute2 ethtool curl)
test_packages=(strace valgrind clang libclang-rt-14-dev clang-format clang-tidy python3-jsonschema groff-base mandoc tshark)

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# libvectorscan-dev gives the same libhs and cannot be installed beside libhyperscan-dev.
is_satisfied() {
  is_installed "$1" || { [ "$1" = libhyperscan-dev ] && is_installed libvectorscan-dev; }
}

# Installs those of the given packages that are missing. Asks the network nothing when none is.
install_packages() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian: taking for granted what corresponds to $*"
    return 0
  fi
  for package in "$@"; do
    is_satisfied "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "all ${#} Debian packages are installed"
    return 0
  fi
  if [ "$(id -u)" -ne 0 ]; then
    complain "missing packages; as root: apt-get install ${missing[*]}"
    return 1
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
      "${missing[@]}" >/dev/null
}
