# shellcheck shell=bash
#
# The commands that look for what breaks the promise: kills, power cuts, full disks, crash states,
# damage, fuzzing, mutants. docs/durability.md tells what they found.

readonly MUTATION_LOG=target/dev-mutation.log
readonly MUTATIONS=core/target/pit-reports/mutations.csv

kills() {
  check_count "$@"
  use_java
  use_maven
  build -pl backend-file -am
  run_main backend-file org.edgevec.file.KillHarness "${1:-100}"
}

full_disks() {
  check_count "$@"
  use_java
  use_maven
  use_ext4
  build -pl backend-file -am
  run_main backend-file org.edgevec.file.FullDiskHarness "${1:-60}"
}

power_cuts() {
  check_count "$@"
  use_java
  use_maven
  use_ext4
  build -pl backend-file -am
  run_main backend-file org.edgevec.file.PowerCutHarness "${1:-100}"
}

browser_kills() {
  local counts=() browser=all
  while [ $# -gt 0 ]; do
    case $1 in
      --browser)
        [ $# -ge 2 ] || wrong_usage "--browser needs the name of one."
        browser=$2
        shift 2
        ;;
      *)
        counts+=("$1")
        shift
        ;;
    esac
  done
  case $browser in
    chromium | chromium-sqlite | firefox | all) ;;
    *) wrong_usage "\"$browser\" is none of chromium, chromium-sqlite, firefox, all." ;;
  esac
  check_count ${counts[@]+"${counts[@]}"}
  use_java
  use_maven
  use_node
  [ "$browser" = firefox ] || use_chromium
  case $browser in firefox | all) use_firefox ;; esac
  build
  run_main tests-browser org.edgevec.browser.BrowserKills "${counts[0]:-50}" --browser "$browser"
}

crashes() {
  local counts=() depth=sampled
  while [ $# -gt 0 ]; do
    case $1 in
      --deep) depth=all ;;
      *) counts+=("$1") ;;
    esac
    shift
  done
  check_count ${counts[@]+"${counts[@]}"}
  use_java
  use_maven
  build -pl core -am
  run_main core org.edgevec.crash.CrashSimulation "${counts[0]:-10000000}" "$(date +%s)" "$depth"
}

damage() {
  case ${1:-} in
    *:*:*:*) [ $# = 1 ] || wrong_usage "Give one damage at most." ;;
    *)
      check_count "$@"
      [ "${1:-1}" -le 100 ] || wrong_usage "Give a percentage, 1 to 100."
      ;;
  esac
  use_java
  use_maven
  build -pl core -am
  run_main core -XX:+UseParallelGC org.edgevec.crash.DamageSimulation "${1:-100}"
}

# The class path is relative: the fuzzer writes what it finds into core's test resources.
fuzz() {
  check_count "${1:-60}"
  [ $# -le 2 ] || wrong_usage "Give minutes and a target at most."
  use_java
  use_maven
  build -pl core -am
  (
    cd core
    nice -n 10 "$java" -cp "target/test-classes:target/classes:$(cat target/classpath.txt)" \
      org.edgevec.fuzz.FuzzRun "${1:-60}" "${2:-recovery}"
  )
}

mutation() {
  local status=0
  no_arguments "$@"
  use_java
  use_maven
  mkdir -p target
  rm -f "$MUTATIONS"
  say "changing the code in many ways, one at a time, to see whether a test notices (log: $MUTATION_LOG)"
  run_maven -pl core test-compile org.pitest:pitest-maven:mutationCoverage >"$MUTATION_LOG" 2>&1 || status=$?
  if [ ! -s "$MUTATIONS" ]; then
    tail -n 30 "$MUTATION_LOG" >&2
    fail "There is no result; the log is $MUTATION_LOG."
  fi
  print_mutations
  say "every mutant: core/target/pit-reports/index.html"
  [ "$status" = 0 ] || fail "That is not enough, or something else failed; see the end of $MUTATION_LOG."
}

# Killed and all mutants, by package and in total.
print_mutations() {
  awk -F, '
    { package = $2; sub(/\.[^.]*$/, "", package); all[package]++; all["total"]++ }
    $6 == "KILLED" || $6 == "TIMED_OUT" || $6 == "MEMORY_ERROR" { killed[package]++; killed["total"]++ }
    END {
      for (package in all)
        printf "%s%-20s %5d of %5d killed, %5.1f %%\n", package == "total" ? "~" : "", package,
          killed[package], all[package], 100 * killed[package] / all[package]
    }' "$MUTATIONS" | sort | tr -d '~'
}
