# Runs every fuzz target of build-asan/ for a bounded time, two at once. Needs say.sh; runs in the project's root.
#
# New inputs are kept in build-asan/fuzz/NAME/ from run to run; what is worth committing goes to
# tests/fuzz/corpus/NAME/ by hand. MIRRORSCAN_FUZZ_SECONDS: seconds for each target, 10 unless told.

# fuzz_one EXECUTABLE: seeds first, then mutations of them; its verdict is in build-asan/fuzz/NAME.ok.
fuzz_one() {
  local executable=$1 name seconds=${MIRRORSCAN_FUZZ_SECONDS:-10} work=build-asan/fuzz
  name=$(basename "$executable")
  name=${name#fuzz-}
  mkdir -p "$work/$name"
  if [ -z "$(ls -A "tests/fuzz/corpus/$name" 2>/dev/null)" ]; then
    complain "fuzz target $name has no corpus in tests/fuzz/corpus/$name"
    return 1
  fi
  if timeout $((seconds + 120)) "$executable" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3072 \
    -artifact_prefix="$work/$name-" "$work/$name" "tests/fuzz/corpus/$name" >"$work/$name.log" 2>&1; then
    touch "$work/$name.ok"
    say "fuzz $name: clean, $(grep -o '^Done .*' "$work/$name.log" || echo 'no runs counted')"
    return 0
  fi
  complain "fuzz $name: FAILED; run it again with: $executable FILE; the end of $work/$name.log:"
  tail -n 40 "$work/$name.log" >&2
  return 1
}

# All targets; the last line is `N passed, M failed`.
fuzz_all() {
  local executable targets=() passed
  for executable in build-asan/tests/fuzz/fuzz-*; do
    [ -f "$executable" ] && [ -x "$executable" ] && targets+=("$executable")
  done
  if [ ${#targets[@]} -eq 0 ]; then
    complain "no fuzz target was built in build-asan/tests/fuzz"
    echo "0 passed, 1 failed"
    return 1
  fi
  mkdir -p build-asan/fuzz
  rm -f build-asan/fuzz/*.ok
  for executable in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || true; done
    fuzz_one "$executable" &
  done
  wait
  passed=$(find build-asan/fuzz -maxdepth 1 -name '*.ok' | wc -l)
  echo "$passed passed, $((${#targets[@]} - passed)) failed"
  [ "$passed" -eq ${#targets[@]} ]
}
