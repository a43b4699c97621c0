#!/bin/sh
# The tables of bench/results.md, one after the other; an hour and a half on two cores.
# Reference data are read from ../shared/data where they are there; a tegola to measure
# beside is named by TEGOLA.
set -u
cd "$(dirname "$0")/.."
data=../shared/data
run() {
	echo
	echo "\$ $*"
	"$@"
}
date -u +%Y-%m-%d
grep -m1 'model name' /proc/cpuinfo 2>/dev/null
go version
run go run ./bench/topology -n 100000 -noise 0
run go run ./bench/topology -n 100000 -noise 0.03 -postgis
run go run ./bench/scale -n 500000
run go run ./bench/cityfile -n 500000
run go run ./bench/land -n 500000
run go run ./bench/renewal -district -seeds 5
run go run ./bench/renewal -clusters=15 -seeds 3
run go run ./bench/renewal -clusters=60 -seed 1
run go run ./bench/renewal -clusters=6 -min-lots 26 -max-lots 40 -seeds 2
run go run ./bench/renewal -clusters=30 -gap 0.02 -relock 6
run go run ./bench/clash -clusters=15,30,60,200
run go run ./bench/check -n 3000
run go run ./bench/whatif
run go run ./bench/crash -n 1000
run go run ./bench/crash -program -n 300
city=$(mktemp -d)
trap 'rm -rf "$city"' EXIT
run go run ./bench/server -dir "$city" -for 60s -solve
run go run ./bench/server -dir "$city" -city "$city/city.gpkg" -browser
[ -n "${TEGOLA:-}" ] && run go run ./bench/server -dir "$city" -city "$city/city.gpkg" -peer "$TEGOLA" -for 30s
[ -d $data/odd-files ] && run sh -c "go run ./bench/oddfiles $data/odd-files | tail -n 1"
if [ -d $data/land/mwcs ]; then
	run sh -c "go run ./bench/mwcs $data/land/mwcs/JMP_ALM_K/*.stp | tail -n 1"
	run sh -c "go run ./bench/mwcs $data/land/mwcs/ACTMOD/*.stp $data/land/mwcs/cambridge/*.stp"
	run sh -c "go run ./bench/mwcs -limit 20s $data/land/mwcs/pcst/PCSPG-JMP/*.stp | tail -n 1"
fi
[ -d $data/site/gap ] && run sh -c "go run ./bench/gap $(find $data/site/gap/data -type f ! -name '*.csv' | sort | tr '\n' ' ')"
[ -d $data/site/bench_mps ] && run sh -c "go run ./bench/master $data/site/bench_mps/*.mps.gz"
[ -d $data/land/libpysal ] && run sh -c "go run ./bench/maxp $data/land/libpysal/*/"
exit 0
