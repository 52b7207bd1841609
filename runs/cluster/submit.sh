#!/bin/bash
# Hands a run to Slurm: an array of shards, and a merge that waits for all of them.
#
#   runs/cluster/submit.sh RUN N OUT [flags of stabil run ...]
#
# For example: runs/cluster/submit.sh uncertainty 64 runs/out/uncertainty --draws 400
# Flags of sbatch (account, partition, time) go into SBATCH_ACCOUNT, SBATCH_PARTITION and
# SBATCH_TIMELIMIT, as sbatch reads them.
set -euo pipefail

if [ "$#" -lt 3 ]; then
    echo "usage: submit.sh RUN N OUT [flags of stabil run ...]" >&2
    exit 2
fi
run=$1
number=$2
out=$3
shift 3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
shards=$out-shards
# The folder of logs must be there before a job begins.
mkdir -p "$shards" "$out-log"
array=$(sbatch --parsable --array="1-$number" --output="$out-log/%a.out" \
    "$here/array.sbatch" "$run" "$shards" "$@")
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes \
    --output="$out-log/merge.out" "$here/merge.sbatch" "$shards" "$out")
echo "array $array, merge $merge; results in $out, logs in $out-log"
