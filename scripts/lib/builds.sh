# The builds of the project and what each is for. Needs say.sh; runs in the project's root.
#
#   build/       release, g++: the product, and the tests that time or count something
#   build-asan/  clang++ with AddressSanitizer and UBSan, assertions on, instrumented for libFuzzer

# The compiler behind ccache, where there is one.
cached() {
  if command -v ccache >/dev/null; then echo "ccache $1"; else echo "$1"; fi
}

# configure FOLDER COMPILER [MESON OPTION...]: once; later changes of meson.build are ninja's to notice.
configure() {
  local folder=$1 compiler=$2
  shift 2
  [ -f "$folder/build.ninja" ] && return 0
  say "configuring $folder with $compiler"
  CXX=$(cached "$compiler") meson setup "$folder" "$@" >"$folder.log" 2>&1 && mv "$folder.log" "$folder/setup.log" && return 0
  cat "$folder.log" >&2
  return 1
}

build_release() {
  configure build g++ && say "building build" && ninja -C build "$@"
}

build_sanitizers() {
  configure build-asan clang++ -Dbuildtype=debugoptimized -Db_ndebug=false -Db_lundef=false \
    -Db_sanitize=address,undefined '-Dcpp_args=-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined' &&
    say "building build-asan" && ninja -C build-asan
}
