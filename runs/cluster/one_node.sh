#!/bin/bash
# A whole Slurm cluster of one node on this machine's loopback, for trying things out. Needs root
# and the Debian packages slurm-wlm and munge.
#
#   runs/cluster/one_node.sh start FOLDER      then: export SLURM_CONF=FOLDER/slurm.conf
#   runs/cluster/one_node.sh stop FOLDER
#
# Everything it writes is in FOLDER, which must be new. The daemons are ended by their process ids.
set -euo pipefail

if [ "$#" -ne 2 ] || { [ "$1" != start ] && [ "$1" != stop ]; }; then
    echo "usage: one_node.sh start|stop FOLDER" >&2
    exit 2
fi
folder=$2

stop() {
    local daemon pid
    for daemon in slurmd slurmctld munged; do
        [ -f "$folder/run/$daemon.pid" ] || continue
        pid=$(cat "$folder/run/$daemon.pid")
        kill "$pid" 2>/dev/null || continue
        for _ in $(seq 50); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
    done
}

if [ "$1" = stop ]; then
    stop
    exit 0
fi

mkdir "$folder"
folder=$(cd "$folder" && pwd)
mkdir "$folder"/{state,spool,log,run}
host=$(hostname -s)
cpus=$(nproc)
memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.8) }' /proc/meminfo)
# Ports that a second cluster on the machine will hardly have.
port=$((20000 + $$ % 20000))
(umask 077 && head -c 128 /dev/urandom >"$folder/munge.key")
munged --foreground --key-file="$folder/munge.key" --socket="$folder/run/munge.socket.2" \
    --pid-file="$folder/run/munged.own" --seed-file="$folder/run/munged.seed" \
    --log-file="$folder/log/munged.log" >"$folder/log/munged.out" 2>&1 &
echo $! >"$folder/run/munged.pid"
cat >"$folder/slurm.conf" <<END
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# Slurm holds a requeued job back for as long as credentials last; two minutes, if nothing is said.
AuthInfo=socket=$folder/run/munge.socket.2,cred_expire=5
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.own
SlurmdPidFile=$folder/run/slurmd.own
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
KillWait=2
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus Boards=1 SocketsPerBoard=1 CoresPerSocket=$cpus ThreadsPerCore=1 RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$folder/slurm.conf
slurmctld -D -i -c -f "$SLURM_CONF" >"$folder/log/slurmctld.out" 2>&1 &
echo $! >"$folder/run/slurmctld.pid"
sleep 1
slurmd -D -f "$SLURM_CONF" -N "$host" >"$folder/log/slurmd.out" 2>&1 &
echo $! >"$folder/run/slurmd.pid"
for _ in $(seq 150); do
    if sinfo --noheader --format=%T 2>/dev/null | grep -q idle; then
        echo "one node is up: export SLURM_CONF=$SLURM_CONF"
        exit 0
    fi
    sleep 0.1
done
echo "the node did not come up within 15 seconds; see $folder/log" >&2
stop
exit 1
