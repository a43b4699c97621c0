#!/bin/sh
# The tables of bench/results.md, one after the other; about a quarter of an hour on
# two cores. Reference data are read from ../shared/data where they are there.
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
run go run ./bench/renewal -district -seeds 5
run go run ./bench/renewal -clusters=15 -seeds 3
run go run ./bench/renewal -clusters=60 -seed 1
run go run ./bench/crash -n 1000
run go run ./bench/crash -program -n 300
[ -d $data/odd-files ] && run sh -c "go run ./bench/oddfiles $data/odd-files | tail -n 1"
if [ -d $data/land/mwcs ]; then
	run sh -c "go run ./bench/mwcs $data/land/mwcs/JMP_ALM_K/*.stp | tail -n 1"
	run sh -c "go run ./bench/mwcs $data/land/mwcs/ACTMOD/*.stp $data/land/mwcs/cambridge/*.stp"
	run sh -c "go run ./bench/mwcs -limit 20s $data/land/mwcs/pcst/PCSPG-JMP/*.stp | tail -n 1"
fi
