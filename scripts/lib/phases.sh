# The phases of scripts/test: each is a function phase_NAME that fails when anything in it failed, and whose last
# line is `N passed, M failed` where it counts tests. Needs say.sh, packages.sh, builds.sh, fuzz.sh.

phases=(install layout planted build tests sanitizer-build sanitizer-tests fuzz)

phase_install() { install_packages "${build_packages[@]}" "${lab_packages[@]}" "${test_packages[@]}"; }

# The layout, clang-format included. Configured first: one check reads the compiler's commands.
phase_layout() { configure build g++ && scripts/check-layout; }

# Each layout check must find the breach that is planted for it.
phase_planted() { scripts/check-layout --self-test; }

phase_build() { build_release; }

# run_tests FOLDER [MESON TEST OPTION...]
run_tests() {
  local folder=$1
  shift
  rm -f "$folder/meson-logs/testlog.json"
  meson test -C "$folder" --num-processes 2 "$@" || true
  if [ ! -f "$folder/meson-logs/testlog.json" ]; then
    complain "the tests of $folder could not be started"
    return 1
  fi
  scripts/lib/count_tests.py "$folder/meson-logs/testlog.json"
}

phase_tests() { run_tests build; }

phase_sanitizer-build() { build_sanitizers; }

phase_sanitizer-tests() {
  ASAN_OPTIONS=${ASAN_OPTIONS:-strict_string_checks=1:detect_stack_use_after_return=1} \
    LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/scripts/lib/leaks_of_others.txt:print_suppressions=0} \
    UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1} \
    run_tests build-asan --timeout-multiplier 6
}

phase_fuzz() { fuzz_all; }
